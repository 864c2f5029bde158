import AddIcon from '@mui/icons-material/Add';
import { Box, Button, MenuItem, TextField, Typography } from '@mui/material';
import { useGetList, useTranslate, type RaRecord } from 'ra-core';
import { useState } from 'react';
import { useAccess, useMeta } from '../../api/session-context';
import { EmptyState } from '../../common/empty-state';
import { PageHeader } from '../../common/page';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';
import { SelectIn, TextIn } from '../kit/inputs';
import { RecordDialog } from '../kit/record-dialog';
import { RecordTable } from '../kit/record-table';
import { keyFrom } from '../kit/tree';
import { useAsked } from '../kit/use-asked';
import { treeOrder } from './team-tree';
import { showCount } from '../../i18n/counts';

interface Team {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly parent: number | null;
  readonly calendarKey: string | null;
}

const ParentIn = ({ teams, self }: { teams: readonly Team[]; self?: number }) => {
  const translate = useTranslate();
  const field = useField<number | null>('parent');
  const below = new Set(treeOrder(teams, self ?? null).map((row) => row.item.id));
  return (
    <TextField
      select
      data-place="parent"
      label={translate('setup.people.parent')}
      value={field.value ?? ''}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error ?? translate('setup.people.parentHelp')}
      onChange={(event) => field.set(event.target.value === '' ? null : Number(event.target.value))}
    >
      <MenuItem value="">{translate('setup.kit.none')}</MenuItem>
      {teams
        .filter((team) => team.id !== self && (self === undefined || !below.has(team.id)))
        .map((team) => (
          <MenuItem key={team.id} value={team.id}>
            {team.name}
          </MenuItem>
        ))}
    </TextField>
  );
};

/** The tree of teams; managers see their team and those below it. */
const TeamsPage = () => {
  const translate = useTranslate();
  const access = useAccess();
  const meta = useMeta();
  const directory = useDirectory();
  const [chosen, setEditing] = useState<Partial<Team> | null>(null);
  const asked = useAsked();
  const { data, error, refetch } = useGetList<Team & RaRecord>('teams', {
    pagination: { page: 1, perPage: 500 },
    sort: { field: 'name', order: 'ASC' },
    filter: {},
  });
  const editing = chosen ?? data?.find(({ id }) => id === asked.id) ?? null;
  const close = (): void => {
    setEditing(null);
    asked.done();
  };
  const rows = data && treeOrder(data, null).map(({ item, depth }) => ({ ...item, depth }));
  const calendar = (key: string | null): string => directory.calendars.find((one) => one.value === key)?.label ?? key ?? '';
  const add = access.can('create', 'teams') && (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setEditing({})}>
      {translate('setup.people.addTeam')}
    </Button>
  );
  return (
    <>
      <PageHeader title={translate('setup.people.teams')} actions={add} />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1000 }}>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 2, maxWidth: 720 }}>
          {translate('setup.people.teamsIntro')}
        </Typography>
        <RecordTable
          rows={rows}
          error={error}
          retry={() => void refetch()}
          open={setEditing}
          empty={
            <EmptyState title={translate('setup.people.noTeams')} hint={translate('setup.people.noTeamsHint')} action={add || undefined} />
          }
          columns={[
            { key: 'name', words: 'setup.kit.name', render: (team) => <Box sx={{ pl: team.depth * 3, fontWeight: 600 }}>{team.name}</Box> },
            {
              key: 'people',
              words: 'setup.people.members',
              render: (team) => showCount(meta.members.filter((member) => member.teamId === team.id).length),
            },
            { key: 'calendar', words: 'setup.people.calendar', render: (team) => calendar(team.calendarKey), wideOnly: true },
          ]}
        />
      </Box>
      {editing && (
        <RecordDialog
          resource="teams"
          id={editing.id}
          title={editing.name ?? translate('setup.people.addTeam')}
          initial={{
            name: editing.name ?? '',
            key: editing.key ?? '',
            parent: editing.parent ?? null,
            calendarKey: editing.calendarKey ?? null,
          }}
          toSend={(body) => ({
            ...body,
            key:
              body.key ||
              keyFrom(
                body.name,
                'team',
                data?.map((team) => team.key),
              ),
          })}
          valid={(body) => body.name.trim() !== ''}
          readOnly={!access.can('update', 'teams')}
          close={close}
        >
          {() => (
            <>
              <TextIn path="name" words="setup.kit.name" />
              <ParentIn teams={data ?? []} self={editing.id} />
              <SelectIn
                path="calendarKey"
                words="setup.people.calendar"
                choices={directory.calendars}
                none={translate('setup.kit.companyCalendar')}
              />
            </>
          )}
        </RecordDialog>
      )}
    </>
  );
};

export default TeamsPage;
