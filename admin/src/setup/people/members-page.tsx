import AddIcon from '@mui/icons-material/Add';
import { Box, Button, Typography } from '@mui/material';
import { useGetList, useTranslate, type RaRecord } from 'ra-core';
import { useState } from 'react';
import { useAccess } from '../../api/session-context';
import { ToneChip } from '../../common/badges';
import { EmptyState } from '../../common/empty-state';
import { SearchField } from '../../common/list-search';
import { useLookups } from '../../common/lookups';
import { PageHeader } from '../../common/page';
import { useTime } from '../../common/time';
import { productNow } from '../../common/product-clock';
import { useDirectory } from '../kit/directory';
import { useAsked } from '../kit/use-asked';
import { RecordTable } from '../kit/record-table';
import { MemberDialog, type Member } from './member-dialog';
import { InvitationLink, useInvite } from './invitation';
import { LeaverDialog } from './leaver-dialog';
import { NewMemberDialog } from './new-member-dialog';
import { showCount } from '../../i18n/counts';

const onLeave = (member: Member, now: number): boolean =>
  member.leaveFrom !== null && Date.parse(member.leaveFrom) <= now && (member.leaveTo === null || Date.parse(member.leaveTo) > now);

/** Everybody who works here: team, roles, how much they can hold, whether they are there. */
const MembersPage = () => {
  const translate = useTranslate();
  const lookups = useLookups();
  const directory = useDirectory();
  const time = useTime();
  const access = useAccess();
  const [search, setSearch] = useState('');
  const [adding, setAdding] = useState(false);
  const [chosen, setEditing] = useState<Member | null>(null);
  const [leaving, setLeaving] = useState<Member | null>(null);
  const { invite, link, setLink } = useInvite();
  const asked = useAsked();
  const { data, error, refetch } = useGetList<Member & RaRecord>('members', {
    pagination: { page: 1, perPage: 500 },
    sort: { field: 'name', order: 'ASC' },
    filter: search ? { q: search } : {},
  });
  const editing = chosen ?? data?.find(({ id }) => id === asked.id) ?? null;
  const close = (): void => {
    setEditing(null);
    asked.done();
  };
  const role = (key: string): string => directory.roles.find((one) => one.value === key)?.label ?? key;
  const state = (member: Member) => {
    if (!member.active) return <ToneChip text={translate('setup.people.inactive')} />;
    if (member.invitation && !member.invitation.acceptedAt) {
      const isOver = Date.parse(member.invitation.expiresAt) <= productNow();
      return <ToneChip tone={isOver ? 'warning' : 'info'} text={translate(isOver ? 'setup.people.inviteOver' : 'setup.people.invited')} />;
    }
    if (onLeave(member, productNow()))
      return (
        <ToneChip
          tone="warning"
          text={
            member.leaveTo ? translate('setup.people.leaveUntil', { at: time.date(member.leaveTo) }) : translate('setup.people.onLeave')
          }
        />
      );
    return (
      <ToneChip
        tone={member.presence === 'online' ? 'success' : 'neutral'}
        text={translate(`setup.people.states.${member.presence ?? 'offline'}`)}
      />
    );
  };
  const add = access.can('create', 'members') && (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setAdding(true)}>
      {translate('setup.people.addMember')}
    </Button>
  );
  return (
    <>
      <PageHeader title={translate('setup.people.members')} actions={add} />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1280 }}>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 2, maxWidth: 720 }}>
          {translate('setup.people.membersIntro')}
        </Typography>
        <SearchField
          value={search}
          onSearch={setSearch}
          label={translate('setup.people.search')}
          sx={{ width: { xs: '100%', sm: 280 }, mb: 1.5 }}
        />
        <RecordTable
          rows={data}
          error={error}
          retry={() => void refetch()}
          open={setEditing}
          empty={<EmptyState title={translate('setup.people.noMembers')} hint={translate('setup.people.noMembersHint')} />}
          columns={[
            {
              key: 'name',
              words: 'setup.kit.name',
              render: (member) => (
                <Box sx={{ py: 0.75 }}>
                  <b>{member.name}</b>
                  <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{member.email}</Box>
                </Box>
              ),
            },
            { key: 'team', words: 'setup.people.team', render: (member) => lookups.team(member.team), wideOnly: true },
            { key: 'roles', words: 'setup.people.roles', render: (member) => (member.roles ?? []).map(role).join(', '), wideOnly: true },
            { key: 'capacity', words: 'setup.people.capacity', render: (member) => showCount(member.capacity) || '∞', wideOnly: true },
            { key: 'weight', words: 'setup.people.weight', render: (member) => member.weight, wideOnly: true },
            { key: 'state', words: 'setup.people.state', render: state },
          ]}
        />
      </Box>
      {adding && <NewMemberDialog close={() => setAdding(false)} invited={invite} />}
      {link && <InvitationLink link={link} close={() => setLink(null)} />}
      {leaving && <LeaverDialog member={leaving} close={() => setLeaving(null)} />}
      {editing && (
        <MemberDialog
          member={editing}
          readOnly={!access.can('update', 'members')}
          close={close}
          invite={() => void invite(editing.id)}
          leave={() => {
            setLeaving(editing);
            close();
          }}
        />
      )}
    </>
  );
};

export default MembersPage;
