import { Autocomplete, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { instantOf, useTime } from '../../common/time';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';
import { ManyIn, NumberIn, SelectIn, SwitchIn, TextIn, useWords } from '../kit/inputs';
import { RecordDialog } from '../kit/record-dialog';
import { Row } from '../kit/section';
import { useTeamsById } from './use-teams';

export interface Member {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly team: number | null;
  readonly manager: number | null;
  readonly roles: readonly string[] | null;
  readonly skills: readonly string[] | null;
  readonly capacity: number | null;
  readonly weight: number | null;
  readonly calendarKey: string | null;
  readonly timeZone: string | null;
  readonly locale: string | null;
  readonly presence: string | null;
  readonly active: boolean;
  readonly leaveFrom: string | null;
  readonly leaveTo: string | null;
}

const ZONES = Intl.supportedValuesOf('timeZone');

const ZoneIn = () => {
  const field = useField<string | null>('timeZone');
  const { label } = useWords('setup.people.zone');
  return (
    <Autocomplete
      size="small"
      disabled={field.readOnly}
      options={field.value && !ZONES.includes(field.value) ? [field.value, ...ZONES] : ZONES}
      value={field.value ?? null}
      onChange={(_event, zone) => field.set(zone)}
      renderInput={(params) => <TextField {...params} label={label} error={Boolean(field.error)} helperText={field.error} />}
      sx={{ width: 230 }}
    />
  );
};

/** An instant, read and written in the zone of whoever looks at it. */
const InstantIn = ({ path, words }: { path: string; words: string }) => {
  const time = useTime();
  const field = useField<string | null>(path);
  const { label, help } = useWords(words);
  return (
    <TextField
      type="datetime-local"
      label={label}
      value={time.toLocalInput(field.value)}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error ?? help}
      onChange={(event) => field.set(event.target.value ? instantOf(event.target.value, time.zone) : null)}
      slotProps={{ inputLabel: { shrink: true } }}
      sx={{ width: 230 }}
    />
  );
};

const RefIn = ({
  path,
  words,
  choices,
  none,
}: {
  path: string;
  words: string;
  choices: readonly { value: string; label: string }[];
  none: string;
}) => {
  const field = useField<number | null>(path);
  const { label } = useWords(words);
  const value = choices.find((choice) => choice.value === String(field.value)) ?? null;
  return (
    <Autocomplete
      size="small"
      disabled={field.readOnly}
      options={[...choices]}
      value={value}
      isOptionEqualToValue={(a, b) => a.value === b.value}
      onChange={(_event, chosen) => field.set(chosen ? Number(chosen.value) : null)}
      renderInput={(params) => (
        <TextField {...params} label={label} placeholder={none} error={Boolean(field.error)} helperText={field.error} />
      )}
      sx={{ width: 230 }}
    />
  );
};

/** One person: where they belong, what they may do, how many leads they can hold, when they are away. */
export const MemberDialog = ({ member, readOnly, close }: { member: Member; readOnly: boolean; close: () => void }) => {
  const translate = useTranslate();
  const directory = useDirectory();
  const teams = useTeamsById();
  const none = translate('setup.kit.none');
  const { id, email: _email, ...initial } = member;
  return (
    <RecordDialog
      resource="members"
      id={id}
      title={member.name}
      initial={{ ...initial, roles: initial.roles ?? [], skills: initial.skills ?? [] }}
      readOnly={readOnly}
      close={close}
    >
      {() => (
        <>
          <TextIn path="name" words="setup.kit.name" />
          <Row>
            <RefIn path="team" words="setup.people.team" choices={teams} none={none} />
            <RefIn
              path="manager"
              words="setup.people.manager"
              choices={directory.members.filter((one) => one.value !== String(id))}
              none={none}
            />
          </Row>
          <ManyIn path="roles" words="setup.people.rolesOf" choices={directory.roles} />
          <ManyIn path="skills" words="setup.people.skills" choices={[]} free />
          <Row>
            <NumberIn path="capacity" words="setup.people.capacity" min={0} optional sx={{ width: 230 }} />
            <NumberIn path="weight" words="setup.people.weight" min={0} max={100} sx={{ width: 230 }} />
          </Row>
          <Row>
            <SelectIn
              path="calendarKey"
              words="setup.people.calendar"
              choices={directory.calendars}
              none={translate('setup.people.teamCalendar')}
              sx={{ width: 230 }}
            />
            <ZoneIn />
          </Row>
          <Row>
            <SelectIn
              path="presence"
              words="setup.people.presence"
              choices={(['online', 'away', 'offline'] as const).map((one) => ({
                value: one,
                label: translate(`setup.people.presences.${one}`),
              }))}
              sx={{ width: 230 }}
            />
            <SelectIn
              path="locale"
              words="setup.people.language"
              choices={[
                { value: 'zh', label: '简体中文' },
                { value: 'en', label: 'English' },
              ]}
              sx={{ width: 230 }}
            />
          </Row>
          <Row>
            <InstantIn path="leaveFrom" words="setup.people.leaveFrom" />
            <InstantIn path="leaveTo" words="setup.people.leaveTo" />
          </Row>
          <SwitchIn path="active" words="setup.people.active" />
        </>
      )}
    </RecordDialog>
  );
};
