import { Box, Button, Checkbox, MenuItem, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import { useRefusalText } from '../api/errors';
import { useAccess } from '../api/session-context';
import type { BulkResult, Lead, PoolCard } from '../api/types';
import { GradeBadge, LabelMark } from '../common/badges';
import { When } from '../common/countdown';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { useLookups } from '../common/lookups';
import { RowsSkeleton } from '../common/page';
import { masked } from '../leads/list/columns';
import { useLeadVerbs, type VerbOutcome } from '../leads/use-lead-verbs';

const SHOWN = 60;
const ROW = 44;
const COUNTS = [1, 5, 10, 20];
/** Refusals of leads that are no longer in the list, so that no row can say why. */
const GONE = ['ALREADY_CLAIMED', 'NOT_IN_POOL', 'NOT_FOUND', 'LEAD_MERGED'];

const Row = (props: {
  lead: Lead;
  ticked: boolean;
  canClaim: boolean;
  refusal?: string;
  onToggle: () => void;
  onClaim: () => void;
  busy: boolean;
}) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const { lead } = props;
  return (
    <Box
      role="listitem"
      sx={{
        display: 'grid',
        alignItems: 'center',
        columnGap: 1.5,
        minHeight: ROW,
        px: { xs: 1, md: 1.5 },
        borderBottom: 1,
        borderColor: 'divider',
        fontSize: 13,
        bgcolor: props.ticked ? 'action.selected' : undefined,
        gridTemplateColumns: { xs: 'auto 44px 1fr auto', md: 'auto 48px minmax(140px, 1fr) minmax(140px, 1fr) 88px 128px 120px 104px' },
      }}
    >
      {props.canClaim ? (
        <Checkbox
          size="small"
          checked={props.ticked}
          onChange={props.onToggle}
          slotProps={{ input: { 'aria-label': translate('ra.action.select_row') } }}
        />
      ) : (
        <span />
      )}
      <GradeBadge grade={lead.grade} />
      <Box sx={{ minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
        <Box component={Link} to={`/leads/${lead.id}`} sx={{ color: 'inherit', fontWeight: 600, textDecoration: 'none' }}>
          {lead.name || `#${lead.id}`}
        </Box>
        <Box sx={{ display: { xs: 'block', md: 'none' }, color: 'text.secondary', overflow: 'hidden', textOverflow: 'ellipsis' }}>
          {lead.company}
        </Box>
      </Box>
      <Box sx={{ display: { xs: 'none', md: 'block' }, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
        {lead.company}
      </Box>
      <Box sx={{ display: { xs: 'none', md: 'block' } }}>
        <LabelMark label={lead.label} />
      </Box>
      <Box sx={{ display: { xs: 'none', md: 'block' }, color: 'text.secondary' }}>{masked(lead, 'phone')}</Box>
      <Box sx={{ display: { xs: 'none', md: 'block' }, color: 'text.secondary' }}>
        {lead.poolEnteredAt ? <When at={lead.poolEnteredAt} /> : lookups.source(lead.source)}
      </Box>
      <Box sx={{ textAlign: 'right' }}>
        {props.canClaim && (
          <Button variant="outlined" disabled={props.busy} onClick={props.onClaim} sx={{ minHeight: { xs: 40, md: 30 } }}>
            {translate('verbs.claim.action')}
          </Button>
        )}
      </Box>
      {props.refusal && (
        <Typography variant="caption" color="error" sx={{ gridColumn: '2 / -1', pb: 0.75 }}>
          {props.refusal}
        </Typography>
      )}
    </Box>
  );
};

/** The leads to claim, best first: one by one, ticked ones together, or the next few. What is refused says why in its own row. */
export const PoolLeads = ({ pool }: { pool: PoolCard }) => {
  const translate = useTranslate();
  const access = useAccess();
  const provider = useDataProvider<ConsoleProvider>();
  const refusalText = useRefusalText();
  const { claim, claimNext, tellRefusal } = useLeadVerbs();
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set());
  const [refused, setRefused] = useState<ReadonlyMap<number, BulkResult>>(new Map());
  const [count, setCount] = useState(5);
  const [busy, setBusy] = useState(false);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['leads', 'pool', pool.id],
    queryFn: () => provider.getAll<Lead>('leads', { pool: pool.id, owner_null: true }, ['score', 'DESC'], SHOWN),
  });
  const leads = data?.data ?? [];
  const canClaim = pool.canClaim && access.can('claim', 'leads');
  const take = async (work: () => Promise<VerbOutcome | null>): Promise<void> => {
    setBusy(true);
    const outcome = await work();
    setBusy(false);
    setTicked(new Set());
    if (!outcome) return;
    setRefused(new Map(outcome.refused.map((result) => [result.id, result])));
    const gone = outcome.refused.filter((result) => GONE.includes(result.code ?? ''));
    tellRefusal({ ...outcome, refused: gone.map((result) => (result.code === 'NOT_FOUND' ? { ...result, code: 'NOT_IN_POOL' } : result)) });
  };
  const toggle = (id: number): void =>
    setTicked((current) => new Set(current.has(id) ? [...current].filter((one) => one !== id) : [...current, id]));
  return (
    <Box
      sx={{
        mx: { xs: 0, md: 3 },
        mt: 1,
        mb: 3,
        bgcolor: 'background.paper',
        border: 1,
        borderColor: 'divider',
        borderRadius: { xs: 0, md: 1 },
      }}
    >
      <Box
        sx={{
          display: 'flex',
          alignItems: 'center',
          flexWrap: 'wrap',
          gap: 1,
          px: 2,
          minHeight: 52,
          py: 1,
          borderBottom: 1,
          borderColor: 'divider',
          position: 'sticky',
          top: 0,
          bgcolor: 'background.paper',
          zIndex: 1,
          borderRadius: 1,
        }}
      >
        <Typography variant="subtitle1" component="h2" sx={{ flex: 1, minWidth: 120 }}>
          {pool.name}
        </Typography>
        {canClaim && ticked.size > 0 && (
          <Button variant="contained" disabled={busy} onClick={() => void take(() => claim(leads.filter((lead) => ticked.has(lead.id))))}>
            {translate('verbs.claim.count', { smart_count: ticked.size })}
          </Button>
        )}
        {canClaim && ticked.size === 0 && leads.length > 0 && (
          <>
            <TextField
              select
              value={count}
              onChange={(event) => setCount(Number(event.target.value))}
              slotProps={{ htmlInput: { 'aria-label': translate('pools.howMany') } }}
              sx={{ width: 80 }}
            >
              {COUNTS.map((option) => (
                <MenuItem key={option} value={option}>
                  {option}
                </MenuItem>
              ))}
            </TextField>
            <Button variant="contained" disabled={busy} onClick={() => void take(() => claimNext(pool.id, count))}>
              {translate('pools.claimNext', { smart_count: count })}
            </Button>
          </>
        )}
      </Box>
      {isPending && <RowsSkeleton rows={10} height={ROW} />}
      {error && !data && <ErrorState dense error={error} retry={() => void refetch()} />}
      {data && leads.length === 0 && <EmptyState dense title={translate('pools.noLeads')} hint={translate('pools.noLeadsHint')} />}
      <Box role="list">
        {leads.map((lead) => {
          const refusal = refused.get(lead.id);
          return (
            <Row
              key={lead.id}
              lead={lead}
              ticked={ticked.has(lead.id)}
              canClaim={canClaim}
              busy={busy}
              refusal={refusal && refusalText(refusal)}
              onToggle={() => toggle(lead.id)}
              onClaim={() => void take(() => claim([lead]))}
            />
          );
        })}
      </Box>
      {data && data.total > leads.length && (
        <Typography variant="caption" color="text.secondary" component="div" sx={{ px: 2, py: 1 }}>
          {translate('pools.more', { shown: leads.length, total: data.total })}
        </Typography>
      )}
    </Box>
  );
};
