import type { Destination } from '@leadsea/lead-routing/contracts/destination';
import { Autocomplete, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { MAX_WEIGHT } from '../../../../plugins/lead-routing/contracts/constants';
import { useText } from '../../common/text';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';
import { NumberIn, SelectIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { SecondsIn } from '../pools/pool-form';
import { DESTINATION_KEYS, blankDestination } from './blank';
import { ExtensionParams, useExtensions } from './extensions';
import { TableIn } from './table-in';
import { WebhookIn } from './webhook-in';

type Seat = Extract<Destination, { kind: 'group' }>['members'][number];

/** A member by id; an e-mail address from a carried-over policy is shown as it is. */
const MemberPicker = (props: {
  value: number | string | undefined;
  error?: string;
  readOnly: boolean;
  words: string;
  pick: (id: number | undefined) => void;
}) => {
  const translate = useTranslate();
  const directory = useDirectory();
  const id = typeof props.value === 'string' ? directory.idByEmail.get(props.value) : props.value;
  const known = directory.members.find((member) => member.value === String(id));
  const value =
    known ?? (props.value === undefined || props.value === '' ? null : { value: String(props.value), label: String(props.value) });
  return (
    <Autocomplete
      size="small"
      autoHighlight
      disabled={props.readOnly}
      options={[...directory.members]}
      value={value}
      isOptionEqualToValue={(a, b) => a.value === b.value}
      onChange={(_event, chosen) => props.pick(chosen ? Number(chosen.value) : undefined)}
      renderInput={(params) => (
        <TextField {...params} label={translate(props.words)} error={Boolean(props.error) || !value} helperText={props.error} />
      )}
      sx={{ minWidth: 200 }}
    />
  );
};

/** A member at a path of the form. */
export const MemberIn = ({ path, words }: { path: string; words: string }) => {
  const field = useField<number | string | undefined>(path);
  return <MemberPicker value={field.value} error={field.error} readOnly={field.readOnly} words={words} pick={field.set} />;
};

/** One person, by id; a policy from elsewhere may name an e-mail address, which choosing somebody replaces. */
const OnePerson = ({ path }: { path: string }) => {
  const field = useField<Destination>(path);
  const value = field.value?.kind === 'member' ? field.value : undefined;
  return (
    <MemberPicker
      value={value?.id ?? value?.email}
      error={field.error}
      readOnly={field.readOnly}
      words="setup.routing.member"
      pick={(id) => field.set({ kind: 'member', ...(id === undefined ? {} : { id }) })}
    />
  );
};

/** Who or what receives the lead. */
export const DestinationIn = ({ path, kinds = DESTINATION_KEYS }: { path: string; kinds?: readonly Destination['kind'][] }) => {
  const translate = useTranslate();
  const directory = useDirectory();
  const field = useField<Destination>(path);
  const kind = field.value?.kind ?? 'pool';
  const text = useText();
  const own = useExtensions().destinations;
  const type = field.value?.kind === 'custom' ? field.value.type : '';
  const offersOwn = kinds === DESTINATION_KEYS;
  const firsts = { team: directory.teams[0]?.value, role: directory.roles[0]?.value, pool: directory.pools[0]?.value };
  return (
    <>
      <Row>
        <TextField
          select
          label={translate('setup.routing.destination')}
          value={kind === 'custom' ? `custom:${type}` : kind}
          disabled={field.readOnly}
          error={Boolean(field.error)}
          helperText={field.error}
          onChange={(event) =>
            field.set(
              event.target.value.startsWith('custom:')
                ? { kind: 'custom', type: event.target.value.slice('custom:'.length), params: {} }
                : blankDestination(event.target.value as Destination['kind'], firsts),
            )
          }
          sx={{ minWidth: 220 }}
        >
          {kinds.map((one) => (
            <MenuItem key={one} value={one}>
              {translate(`setup.routing.destinations.${one}`)}
            </MenuItem>
          ))}
          {offersOwn &&
            own.map(({ key, label }) => (
              <MenuItem key={key} value={`custom:${key}`}>
                {text(label)}
              </MenuItem>
            ))}
          {type !== '' && !own.some(({ key }) => key === type) && <MenuItem value={`custom:${type}`}>{type}</MenuItem>}
        </TextField>
        {kind === 'member' && <OnePerson path={path} />}
        {kind === 'team' && <SelectIn path={`${path}.key`} words="setup.routing.team" choices={directory.teams} />}
        {kind === 'role' && (
          <>
            <SelectIn path={`${path}.key`} words="setup.routing.role" choices={directory.roles} />
            <SelectIn
              path={`${path}.team`}
              words="setup.routing.roleTeam"
              choices={directory.teams}
              none={translate('setup.routing.anyTeam')}
            />
          </>
        )}
        {kind === 'pool' && <SelectIn path={`${path}.key`} words="setup.routing.pool" choices={directory.pools} />}
        {kind === 'previous-owner' && (
          <NumberIn path={`${path}.days`} words="setup.routing.previousDays" min={1} max={3650} sx={{ width: 220 }} />
        )}
        {kind === 'hold' && <SecondsIn path={`${path}.seconds`} words="setup.routing.holdFor" minimum={1} />}
      </Row>
      {kind === 'table' && <TableIn path={path} />}
      {kind === 'webhook' && <WebhookIn path={path} />}
      {kind === 'custom' && <ExtensionParams path={`${path}.params`} extension={own.find(({ key }) => key === type)} />}
      {kind === 'group' && (
        <ListIn<Partial<Seat>>
          path={`${path}.members`}
          sortable
          add={translate('setup.routing.addSeat')}
          blank={() => ({ weight: 1 })}
          render={(seat) => (
            <Row>
              <MemberIn path={`${seat}.member`} words="setup.routing.member" />
              <NumberIn path={`${seat}.weight`} words="setup.routing.weight" min={0} max={MAX_WEIGHT} sx={{ width: 140 }} />
            </Row>
          )}
        />
      )}
    </>
  );
};
