import type { ClockAction } from '@leadsea/lead-sla/contracts/contract';
import { MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';
import { SelectIn, TextIn, useWords } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';

/** What tells and moves nothing. */
export const TELLING: readonly ClockAction['kind'][] = ['notify-owner', 'notify-manager', 'notify-team', 'webhook'];
export const ANY_ACTION: readonly ClockAction['kind'][] = ['notify-owner', 'notify-manager', 'notify-team', 'reroute', 'pool', 'webhook'];

const ActionRow = ({ path, kinds }: { path: string; kinds: readonly ClockAction['kind'][] }) => {
  const translate = useTranslate();
  const directory = useDirectory();
  const field = useField<ClockAction>(path);
  const { label } = useWords('setup.sla.action');
  return (
    <Row>
      <TextField
        select
        label={label}
        value={field.value?.kind ?? ''}
        disabled={field.readOnly}
        onChange={(event) =>
          field.set(
            event.target.value === 'pool'
              ? { kind: 'pool', pool: directory.pools[0]?.value ?? '' }
              : event.target.value === 'webhook'
                ? { kind: 'webhook', url: 'https://' }
                : { kind: event.target.value },
          )
        }
        sx={{ minWidth: 220 }}
      >
        {kinds.map((kind) => (
          <MenuItem key={kind} value={kind}>
            {translate(`setup.sla.actions.${kind}`)}
          </MenuItem>
        ))}
      </TextField>
      {field.value?.kind === 'webhook' && <TextIn path={`${path}.url`} words="setup.sla.agree.url" sx={{ maxWidth: 420 }} />}
      {field.value?.kind === 'pool' && <SelectIn path={`${path}.pool`} words="setup.sla.pool" choices={directory.pools} />}
    </Row>
  );
};

/** What a warning, a miss or a kept promise sets going. */
export const Actions = ({ path, kinds }: { path: string; kinds: readonly ClockAction['kind'][] }) => {
  const translate = useTranslate();
  return (
    <ListIn<ClockAction>
      path={path}
      sortable
      add={translate('setup.sla.addAction')}
      blank={() => ({ kind: 'notify-owner' })}
      render={(row) => <ActionRow path={row} kinds={kinds} />}
    />
  );
};
