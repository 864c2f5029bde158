import { Box, Button, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import { useAccess, useMeta } from '../api/session-context';
import type { Lead } from '../api/types';
import { ToneChip } from '../common/badges';
import { ErrorState } from '../common/error-state';
import { useLookups } from '../common/lookups';
import { Panel } from '../common/panel';
import { useLocaleCode } from '../common/text';
import { useTime } from '../common/time';
import { showMoney } from '../common/values';
import { CloseActions } from './close-actions';
import { ConvertDialog } from './convert-dialog';
import { DealSums } from './deal-sums';
import { OpportunityDialog } from './opportunity-dialog';
import { STATE_TONE, type Opportunity } from './types';

const SHOWN = 20;

const useDeals = (of: 'lead' | 'account', id: number) => {
  const provider = useDataProvider<ConsoleProvider>();
  return useQuery({
    queryKey: ['opportunities', of, id],
    queryFn: () => provider.getAll<Opportunity>('opportunities', { [of]: id }, ['id', 'DESC'], SHOWN),
  });
};

/** The stage whose leads have an opportunity. */
export const useDealStage = (): string | undefined => {
  const { stages } = useMeta();
  return stages.find((stage) => stage.opportunity)?.key ?? stages.find(({ key }) => key === 'opportunity')?.key;
};

/** One opportunity as a card: name and state, amount and date, and what may be done with it. */
export const DealLine = ({ deal, linked, edit }: { deal: Opportunity; linked: boolean; edit: () => void }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const time = useTime();
  const day = deal.closedAt ?? deal.expectedAt;
  return (
    <Box role="listitem" sx={{ py: 1, borderTop: 1, borderColor: 'divider', ':first-of-type': { borderTop: 0, pt: 0 } }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start' }}>
        <Typography
          variant="subtitle2"
          {...(linked ? { component: Link, to: `/leads/${deal.lead ?? ''}` } : {})}
          sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere', color: 'inherit', textDecoration: 'none' }}
        >
          {deal.name}
        </Typography>
        <ToneChip text={translate(`opp.states.${deal.state}`)} tone={STATE_TONE[deal.state]} />
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1, alignItems: 'center', justifyContent: 'flex-end', minHeight: 32 }}>
        <Box sx={{ flex: '1 0 auto', fontSize: 13, color: 'text.secondary' }}>
          {[
            showMoney(deal.amount, deal.currency, locale),
            deal.state === 'open' && typeof deal.probability === 'number' && `${deal.probability} %`,
            day && `${translate(deal.closedAt ? 'opp.closed' : 'opp.expected')} ${time.date(day)}`,
          ]
            .filter(Boolean)
            .join(' · ')}
        </Box>
        <CloseActions deal={deal} edit={edit} />
      </Box>
    </Box>
  );
};

const Deals = ({ of, id, convert }: { of: 'lead' | 'account'; id: number; convert?: () => void }) => {
  const translate = useTranslate();
  const { data, error, isPending, refetch } = useDeals(of, id);
  const [editing, setEditing] = useState<Opportunity | null>(null);
  if (isPending) return <Skeleton variant="rounded" height={56} />;
  if (error && !data) return <ErrorState dense error={error} retry={() => void refetch()} />;
  const deals = data?.data ?? [];
  return (
    <>
      {of === 'account' && deals.some(({ state }) => state === 'open') && (
        <DealSums filter={{ account: id, state: 'open' }} label={translate('opp.sumOf.open')} dense />
      )}
      {deals.length > 0 && (
        <Box role="list">
          {deals.map((deal) => (
            <DealLine key={deal.id} deal={deal} linked={of === 'account'} edit={() => setEditing(deal)} />
          ))}
        </Box>
      )}
      {deals.length === 0 && (
        <Typography variant="body2" color="text.secondary">
          {translate(of === 'lead' ? 'opp.noneOfLead' : 'opp.noneOfAccount')}
        </Typography>
      )}
      {convert && !deals.some((deal) => deal.state === 'open') && (
        <Button variant="contained" onClick={convert} sx={{ mt: 1 }}>
          {translate('opp.make')}
        </Button>
      )}
      {editing && <OpportunityDialog deal={editing} onClose={() => setEditing(null)} />}
    </>
  );
};

/** What a lead became: its opportunities with amount and date, once it stands where leads have one. Without an open one it can be made here. */
export const LeadDeals = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const access = useAccess();
  const stage = useLookups().stage(lead.stage);
  const target = useDealStage();
  const [converting, setConverting] = useState(false);
  const stands = lead.stage === target;
  const closed = stage?.type === 'won' || stage?.type === 'lost';
  if (!access.can('read', 'opportunities') || lead.quarantine === 'erased' || (!stands && !closed)) return null;
  const may = stands && access.can('update', 'leads', lead);
  return (
    <Panel title={translate('opp.title')} minHeight={72}>
      <Deals of="lead" id={lead.id} convert={may ? () => setConverting(true) : undefined} />
      {converting && <ConvertDialog lead={lead} onClose={() => setConverting(false)} />}
    </Panel>
  );
};

/** The opportunities of a company. */
export const AccountDeals = ({ account }: { account: number }) => {
  const translate = useTranslate();
  if (!useAccess().can('read', 'opportunities')) return null;
  return (
    <Panel title={translate('opp.title')} minHeight={72}>
      <Deals of="account" id={account} />
    </Panel>
  );
};
