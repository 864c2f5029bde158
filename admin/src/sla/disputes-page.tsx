import GavelIcon from '@mui/icons-material/GavelOutlined';
import { Box, Button, MenuItem, TextField } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { ListBase, useListContext, useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { postJson } from '../api/http-client';
import { useAccess, useMe } from '../api/session-context';
import { ToneChip } from '../common/badges';
import { When } from '../common/countdown';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { useLookups } from '../common/lookups';
import { PageHeader } from '../common/page';
import { Pager } from '../common/pager';
import { PlainTable, type PlainColumn } from '../common/plain-table';
import { useText } from '../common/text';
import { AskDialog } from './ask-dialog';
import { LeadCell, useLeadNames } from './lead-cell';
import type { Dispute } from './types';

const TONE = { open: 'warning', accepted: 'success', rejected: 'danger', withdrawn: 'neutral' } as const;

const DecideDialog = ({ dispute, close }: { dispute: Dispute; close: () => void }) => {
  const translate = useTranslate();
  const client = useQueryClient();
  const notify = useNotify();
  const lookups = useLookups();
  const [accept, setAccept] = useState<'yes' | 'no' | ''>('');
  const [note, setNote] = useState('');
  return (
    <AskDialog
      title={translate('sla.disputes.decideTitle')}
      hint={[dispute.automatic ? translate('sla.disputes.late') : dispute.reason, dispute.note].filter(Boolean).join(' — ')}
      submit={translate('sla.disputes.decide')}
      ready={accept !== '' && note.trim() !== ''}
      close={close}
      run={async () => {
        const { givenBackTo } = await postJson<{ givenBackTo: number | null }>(`/sla-disputes/${dispute.id}/decide`, {
          accept: accept === 'yes',
          note: note.trim(),
        });
        if (givenBackTo !== null) notify(translate('sla.disputes.givenBack', { name: lookups.member(givenBackTo) }), { type: 'info' });
        await client.invalidateQueries({ queryKey: ['sla-disputes'] });
      }}
    >
      <TextField
        select
        required
        label={translate('sla.disputes.decision')}
        value={accept}
        onChange={(event) => setAccept(event.target.value as 'yes' | 'no')}
        helperText={accept === 'yes' ? translate('sla.disputes.acceptHint') : ' '}
      >
        <MenuItem value="yes">{translate('sla.disputes.accept')}</MenuItem>
        <MenuItem value="no">{translate('sla.disputes.reject')}</MenuItem>
      </TextField>
      <TextField
        required
        multiline
        minRows={2}
        label={translate('sla.disputes.why')}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </AskDialog>
  );
};

const Body = () => {
  const translate = useTranslate();
  const text = useText();
  const lookups = useLookups();
  const access = useAccess();
  const me = useMe().member.id;
  const list = useListContext<Dispute>();
  const nameOf = useLeadNames(list.data);
  const [deciding, setDeciding] = useState<Dispute | null>(null);
  const mayDecide = (row: Dispute): boolean =>
    row.state === 'open' && access.can('decide', 'sla-disputes') && row.owner !== me && row.openedBy !== me;
  const columns: PlainColumn<Dispute>[] = [
    {
      key: 'lead',
      label: translate('sla.disputes.lead'),
      width: 110,
      render: (row) => <LeadCell id={row.lead} name={nameOf(row.lead)} below={text(row.label)} />,
    },
    { key: 'label', label: translate('sla.disputes.promise'), wideOnly: true, render: (row) => text(row.label) },
    { key: 'owner', label: translate('sla.disputes.holder'), render: (row) => lookups.member(row.owner) },
    {
      key: 'reason',
      label: translate('sla.disputes.reason'),
      wideOnly: true,
      render: (row) => (row.automatic ? translate('sla.disputes.late') : row.reason),
    },
    {
      key: 'openedAt',
      label: translate('sla.disputes.opened'),
      sort: 'openedAt',
      wideOnly: true,
      render: (row) => <When at={row.openedAt} />,
    },
    {
      key: 'state',
      label: translate('sla.disputes.state'),
      sort: 'state',
      render: (row) => <ToneChip text={translate(`sla.disputes.states.${row.state}`)} tone={TONE[row.state]} />,
    },
    {
      key: 'decision',
      label: translate('sla.disputes.decision'),
      render: (row) =>
        mayDecide(row) ? (
          <Button size="small" variant="outlined" onClick={() => setDeciding(row)}>
            {translate('sla.disputes.decide')}
          </Button>
        ) : (
          [lookups.member(row.decidedBy), row.decisionNote].filter(Boolean).join(': ')
        ),
    },
  ];
  const isEmpty = !list.isPending && !list.error && list.data?.length === 0;
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageHeader title={translate('sla.disputes.title')} />
      <Box sx={{ height: 8 }} />
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && <EmptyState icon={<GavelIcon />} title={translate('sla.disputes.empty')} hint={translate('sla.disputes.emptyHint')} />}
      {!isEmpty && !list.error && <PlainTable columns={columns} />}
      {!isEmpty && <Pager />}
      {deciding && <DecideDialog dispute={deciding} close={() => setDeciding(null)} />}
    </Box>
  );
};

/** The log of misses that somebody does not accept. */
const DisputesPage = () => (
  <ListBase
    resource="sla-disputes"
    perPage={50}
    sort={{ field: 'openedAt', order: 'DESC' }}
    disableSyncWithLocation
    storeKey="list-sla-disputes"
  >
    <Body />
  </ListBase>
);

export default DisputesPage;
