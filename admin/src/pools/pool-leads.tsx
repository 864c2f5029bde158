import { Box, Button, MenuItem, TextField, Typography } from '@mui/material';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import { useRefusalText } from '../api/errors';
import { useAccess } from '../api/session-context';
import type { BulkResult, Lead, PoolCard } from '../api/types';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { SearchField } from '../common/list-search';
import { RowsSkeleton } from '../common/page';
import { useLocaleCode } from '../common/text';
import { showTotal } from '../common/values';
import { RefusalsDialog } from '../leads/refusals-dialog';
import { useLeadVerbs, type VerbOutcome } from '../leads/use-lead-verbs';
import { ClaimButton } from './claim-button';
import { isLimit } from './override/override';
import { PoolLeadRow, PoolLeadsHead, POOL_ROW } from './pool-lead-row';
import { PoolVerbs } from './pool-verbs';
import { couldBeClaimed } from './together';

const SHOWN = 60;
const COUNTS = [1, 5, 10, 20];
/** Refusals of leads that are no longer in the list, so that no row can say why. */
const GONE = ['ALREADY_CLAIMED', 'NOT_IN_POOL', 'NOT_FOUND', 'LEAD_MERGED'];
const SORTS = {
  best: ['score', 'DESC'],
  newest: ['poolEnteredAt', 'DESC'],
  oldest: ['poolEnteredAt', 'ASC'],
  fresh: ['recycleCount', 'ASC'],
} as const;
type Sort = keyof typeof SORTS;

const useTicks = () => {
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set());
  const toggle = (id: number): void =>
    setTicked((current) => new Set(current.has(id) ? [...current].filter((one) => one !== id) : [...current, id]));
  return { ticked, toggle, clear: () => setTicked(new Set()) };
};

const ClaimNext = ({ busy, onTake }: { busy: boolean; onTake: (count: number) => void }) => {
  const translate = useTranslate();
  const [count, setCount] = useState(5);
  return (
    <>
      <TextField
        select
        value={count}
        onChange={(event) => setCount(Number(event.target.value))}
        slotProps={{ htmlInput: { 'aria-label': translate('pools.howMany') } }}
        sx={{ width: 76 }}
      >
        {COUNTS.map((option) => (
          <MenuItem key={option} value={option}>
            {option}
          </MenuItem>
        ))}
      </TextField>
      <Button variant="contained" disabled={busy} onClick={() => onTake(count)}>
        {translate('pools.claimNext', { smart_count: count })}
      </Button>
    </>
  );
};

/** Why the list of this pool is not one to choose from, and where to go instead. */
const KindNotice = ({ pool }: { pool: PoolCard }) => {
  const translate = useTranslate();
  if (pool.kind === 'pull' || pool.kind === 'drop')
    return (
      <EmptyState
        dense
        title={pool.name}
        hint={translate(pool.kind === 'pull' ? 'pools.queueHint' : 'pools.dropHint')}
        action={
          <Button component={Link} to={`/pools/${pool.kind === 'pull' ? 'next' : 'drops'}?pool=${pool.id}`} variant="contained">
            {translate(pool.kind === 'pull' ? 'pools.openQueue' : 'pools.openDrops')}
          </Button>
        }
      />
    );
  return null;
};

const BAR = {
  display: 'flex',
  alignItems: 'center',
  flexWrap: 'wrap',
  gap: 1,
  px: { xs: 1.5, md: 2 },
  minHeight: 52,
  py: 1,
  borderBottom: 1,
  borderColor: 'divider',
  position: 'sticky',
  top: 0,
  bgcolor: 'background.paper',
  zIndex: 1,
  borderRadius: 1,
} as const;

/** The leads to claim: one by one, ticked ones together, or the best few. What is refused says why in its own row. */
export const PoolLeads = ({ pool }: { pool: PoolCard }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const access = useAccess();
  const provider = useDataProvider<ConsoleProvider>();
  const refusalText = useRefusalText();
  const { claim, claimNext, tellRefusal } = useLeadVerbs();
  const { ticked, toggle, clear } = useTicks();
  const [refused, setRefused] = useState<ReadonlyMap<number, BulkResult>>(new Map());
  const [none, setNone] = useState<VerbOutcome | null>(null);
  const [busy, setBusy] = useState(false);
  const [q, setQ] = useState('');
  const [sort, setSort] = useState<Sort>('best');
  const may = (right: string): boolean =>
    Boolean(pool.rights?.includes(right) || pool.rights?.includes('manage')) || access.can('update', 'pools');
  const isBlind = (pool.kind === 'pull' || pool.kind === 'drop') && !may('manage');
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['leads', 'pool', pool.id, q, sort],
    queryFn: () => provider.getAll<Lead>('leads', { pool: pool.id, owner_null: true, ...(q && { q }) }, [...SORTS[sort]], SHOWN),
    placeholderData: keepPreviousData,
    enabled: !isBlind,
  });
  const leads = data?.data ?? [];
  /** A limit stops everybody but those who may pass it with a reason. */
  const mayPass = pool.stop != null && isLimit(pool.stop) && access.can('overrideLimit', 'leads');
  const canClaim = (pool.canClaim || mayPass) && access.can('claim', 'leads');
  const selectable = canClaim || may('assign') || may('transfer');
  const chosen = leads.filter((lead) => ticked.has(lead.id));
  const settle = (outcome: VerbOutcome | null): void => {
    setBusy(false);
    const together = couldBeClaimed(outcome?.refused ?? []).length > 0;
    setNone(together ? outcome : null);
    // The ticks stay for another try when nothing was taken, or the call did not get through.
    if (together) return setRefused(new Map());
    if (!outcome) return;
    clear();
    setRefused(new Map(outcome.refused.map((result) => [result.id, result])));
    const gone = outcome.refused.filter((result) => GONE.includes(result.code ?? ''));
    tellRefusal({ ...outcome, refused: gone.map((result) => (result.code === 'NOT_FOUND' ? { ...result, code: 'NOT_IN_POOL' } : result)) });
  };
  const take = async (work: () => Promise<VerbOutcome | null>): Promise<void> => {
    setBusy(true);
    settle(await work());
  };
  const box = {
    mx: { xs: 0, md: 3 },
    mt: 1,
    mb: 3,
    bgcolor: 'background.paper',
    border: 1,
    borderColor: 'divider',
    borderRadius: { xs: 0, md: 1 },
  };
  if (isBlind)
    return (
      <Box sx={box}>
        <KindNotice pool={pool} />
      </Box>
    );
  return (
    <Box sx={box}>
      <Box sx={BAR}>
        <Typography variant="subtitle1" component="h2" noWrap sx={{ minWidth: 0 }}>
          {pool.name}
        </Typography>
        <SearchField value={q} onSearch={setQ} label={translate('pools.search')} sx={{ flex: 1, minWidth: 120, maxWidth: 260 }} />
        <TextField
          select
          value={sort}
          onChange={(event) => setSort(event.target.value as Sort)}
          slotProps={{ htmlInput: { 'aria-label': translate('pools.sort') } }}
          sx={{ minWidth: 120 }}
        >
          {(Object.keys(SORTS) as Sort[]).map((one) => (
            <MenuItem key={one} value={one}>
              {translate(`pools.sorts.${one}`)}
            </MenuItem>
          ))}
        </TextField>
        <Box sx={{ flex: 1, display: { xs: 'none', md: 'block' } }} />
        {chosen.length > 0 && (
          <PoolVerbs
            pool={pool}
            ids={chosen.map((lead) => lead.id)}
            canAssign={may('assign') && access.can('assign', 'leads')}
            canMove={may('transfer')}
            onDone={settle}
          />
        )}
        {canClaim && chosen.length > 0 && (
          <ClaimButton together count={chosen.length} busy={busy} onClaim={(options) => void take(() => claim(chosen, options))} />
        )}
        {canClaim && chosen.length === 0 && leads.length > 0 && !q && (
          <ClaimNext busy={busy} onTake={(count) => void take(() => claimNext(pool.id, count))} />
        )}
      </Box>
      {pool.stop && (
        <Typography role="status" variant="body2" sx={{ px: 2, py: 1, borderBottom: 1, borderColor: 'divider', color: 'warning.main' }}>
          {refusalText({ code: pool.stop.code, details: pool.stop })}
          {mayPass && ` ${translate('pools.override.mayStill')}`}
        </Typography>
      )}
      {pool.description && (
        <Typography variant="body2" color="text.secondary" sx={{ px: 2, py: 1, borderBottom: 1, borderColor: 'divider' }}>
          {pool.description}
        </Typography>
      )}
      {isPending && <RowsSkeleton rows={10} height={POOL_ROW} />}
      {error && !data && <ErrorState dense error={error} retry={() => void refetch()} />}
      {data && leads.length === 0 && (
        <EmptyState dense title={translate(q ? 'pools.noMatch' : 'pools.noLeads')} hint={q ? undefined : translate('pools.noLeadsHint')} />
      )}
      {leads.length > 0 && <PoolLeadsHead selectable={selectable} />}
      <Box role="list">
        {leads.map((lead) => {
          const refusal = refused.get(lead.id);
          return (
            <PoolLeadRow
              key={lead.id}
              lead={lead}
              ticked={ticked.has(lead.id)}
              selectable={selectable}
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
          {translate(sort === 'best' ? 'pools.more' : 'pools.shownOf', { shown: leads.length, total: showTotal(data.total, locale) })}
        </Typography>
      )}
      <RefusalsDialog
        outcome={none}
        nameOf={(id) => leads.find((lead) => lead.id === id)?.name || `#${id}`}
        onClose={() => setNone(null)}
        claimRest={(rest) => void take(() => claim(leads.filter((lead) => rest.includes(lead.id))))}
      />
    </Box>
  );
};
