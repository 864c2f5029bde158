import NextIcon from '@mui/icons-material/BoltOutlined';
import { Box, Button, Chip, Skeleton, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useGetOne, useNotify, useTranslate } from 'ra-core';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { asRefusal, useRefusalText } from '../../api/errors';
import { useAccess } from '../../api/session-context';
import type { Lead, PoolCard } from '../../api/types';
import { useTicking } from '../../common/product-clock';
import { useLocaleCode } from '../../common/text';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { useShortcuts } from '../../common/shortcuts';
import { spanWords } from '../../conditions/span';
import { LogDialog } from '../../leads/log-dialog';
import { useLeadsChanged } from '../../leads/use-lead-verbs';
import { pull, type PullState } from '../api';
import { LimitBar } from '../limit-bar';
import { PageBody, Sheet } from '../parts';
import { PoolsHeader } from '../tabs';
import { usePoolDuties, useBoard } from '../use-board';
import { OfferCard } from './offer-card';
import { SkipDialog } from './skip-dialog';
import { showCount } from '../../i18n/counts';

const useQueue = (pool: number) => {
  const client = useQueryClient();
  const notify = useNotify();
  const refusalText = useRefusalText();
  const changed = useLeadsChanged();
  const [busy, setBusy] = useState(false);
  const [settling, setSettling] = useState(false);
  const [stopped, setStopped] = useState<{ code: string; text: string } | null>(null);
  const state = useQuery({ queryKey: ['leads', 'pull', pool], queryFn: () => pull.state(pool) });
  const settle = async (): Promise<void> => {
    setSettling(true);
    changed();
    await client.invalidateQueries({ queryKey: ['leads', 'pull', pool] });
    setSettling(false);
  };
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setStopped(null);
    try {
      await work();
      return true;
    } catch (error) {
      const { code = '' } = asRefusal(error);
      setStopped({ code, text: refusalText(error) });
      notify(refusalText(error), { type: code === 'QUEUE_EMPTY' ? 'info' : 'error' });
      return false;
    } finally {
      await settle();
      setBusy(false);
    }
  };
  return {
    state,
    busy,
    settling,
    stopped,
    next: () => attempt(() => pull.next(pool)),
    skip: (reason: string, note: string) => attempt(() => pull.skip(pool, { reason, ...(note && { note }) })),
    settle,
  };
};

/** Before a lead is asked for: how many wait, by which order, and one big button. */
const Waiting = (props: {
  pool: PoolCard;
  state: PullState;
  stopped: { code: string; text: string } | null;
  busy: boolean;
  onNext: () => void;
}) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const { pool, state } = props;
  return (
    <Box sx={{ display: 'grid', justifyItems: 'center', textAlign: 'center', gap: 2, py: { xs: 4, md: 6 }, px: 2 }}>
      <Box>
        <Box sx={{ fontSize: 56, fontWeight: 650, lineHeight: 1.1 }}>{showCount(state.waiting)}</Box>
        <Typography color="text.secondary">{translate('pools.queue.waiting', { smart_count: state.waiting })}</Typography>
      </Box>
      <Button
        variant="contained"
        size="large"
        startIcon={<NextIcon />}
        disabled={props.busy || state.waiting === 0}
        onClick={props.onNext}
        autoFocus
        sx={{ minHeight: 56, px: 5, fontSize: 18, width: { xs: '100%', sm: 'auto' } }}
      >
        {translate('pools.queue.next')}
      </Button>
      {props.stopped && (
        <Typography role="alert" variant="body2" color={props.stopped.code === 'QUEUE_EMPTY' ? 'text.secondary' : 'warning.main'}>
          {props.stopped.text}
        </Typography>
      )}
      <Typography variant="body2" color="text.secondary" sx={{ maxWidth: 460 }}>
        {translate('pools.queue.how', {
          minutes: spanWords(`PT${Math.round(state.actWithinSeconds / 60)}M`, locale),
          order: state.order.map((one) => translate(`setup.pool.pull.orders.${one}`, { _: one })).join(locale === 'zh' ? '、' : ', '),
        })}
      </Typography>
      <Box sx={{ display: 'grid', gap: 1, width: '100%', maxWidth: 320, textAlign: 'left' }}>
        {[...pool.limits, ...skipLimit(state)].map((limit, index) => (
          <LimitBar key={index} limit={limit} />
        ))}
      </Box>
    </Box>
  );
};

const SKIPS = { zh: '今日跳过', en: 'Skips today' };
const skipLimit = (state: PullState): PoolCard['limits'] => (state.skips.limit > 0 ? [{ key: 'skips', label: SKIPS, ...state.skips }] : []);

const Queue = ({ pool }: { pool: PoolCard }) => {
  const translate = useTranslate();
  const access = useAccess();
  const { state, busy, settling, stopped, next, skip, settle } = useQueue(pool.id);
  const [skipping, setSkipping] = useState(false);
  /** Kept apart from the offer, so that what is being typed outlives its time. */
  const [logging, setLogging] = useState<{ lead: Lead; kind: string } | null>(null);
  const lead = useGetOne<Lead>('leads', { id: state.data?.offer?.lead ?? 0 }, { enabled: Boolean(state.data?.offer) }).data;
  const offer = state.data?.offer ?? null;
  const isOver = useTicking((now) => (offer && Date.parse(offer.actBy) <= now ? 'over' : '')) === 'over';
  const current = offer && !isOver ? offer : null;
  const log = (kind: string): void => setLogging(current && lead ? { lead, kind } : null);
  const canLog = access.can('log', 'leads');
  const canSkip = Boolean(state.data && state.data.skips.used < state.data.skips.limit);
  /** The next lead was wished for while the page still learned what became of the last one. */
  const [wished, setWished] = useState(false);
  const isReady = wished && !settling && !busy;
  useEffect(() => {
    if (!isReady) return;
    setWished(false);
    if (current === null) void next();
  }, [isReady, current, next]);
  const wish = { key: 'g', label: 'pools.queue.next', run: () => setWished(true) };
  useShortcuts(
    current
      ? [
          ...(canLog
            ? [
                { key: 'c', label: 'shortcuts.call', run: () => log('call') },
                { key: 'm', label: 'shortcuts.mail', run: () => log('mail') },
              ]
            : []),
          ...(settling ? [wish] : []),
          ...(canSkip ? [{ key: 's', label: 'pools.queue.skip', run: () => setSkipping(true) }] : []),
        ]
      : [wish],
  );
  if (state.isPending) return <Skeleton variant="rounded" height={320} />;
  if (state.error && !state.data) return <ErrorState error={state.error} retry={() => void state.refetch()} />;
  if (!state.data) return null;
  return (
    <Sheet>
      {isOver && offer && (
        <Typography role="alert" variant="body2" color="warning.main" sx={{ px: 2, pt: 2, textAlign: 'center' }}>
          {translate('pools.queue.over', { name: lead?.name || `#${offer.lead}` })}
        </Typography>
      )}
      {current ? (
        <Box sx={{ p: { xs: 2, md: 4 } }}>
          {lead ? (
            <OfferCard offer={current} lead={lead} canLog={canLog} canSkip={canSkip} onLog={log} onSkip={() => setSkipping(true)} />
          ) : (
            <Skeleton variant="rounded" height={220} />
          )}
        </Box>
      ) : (
        <Waiting pool={pool} state={state.data} stopped={stopped} busy={busy} onNext={() => void next()} />
      )}
      {skipping && current && (
        <SkipDialog
          state={state.data}
          busy={busy}
          onClose={() => setSkipping(false)}
          onSkip={(reason, note) =>
            void skip(reason, note).then((done) => {
              setSkipping(false);
              if (done) void next();
            })
          }
        />
      )}
      <LogDialog
        lead={logging?.lead ?? null}
        kind={logging?.kind ?? 'call'}
        onClose={() => {
          setLogging(null);
          void settle();
        }}
      />
    </Sheet>
  );
};

/** The pull queue: one lead at a time, the next best, with the keyboard or the thumb. */
const NextPage = () => {
  const translate = useTranslate();
  const [params, setParams] = useSearchParams();
  const { isPending, error, refetch } = useBoard();
  const { queues } = usePoolDuties();
  const pool = queues.find((one) => one.id === Number(params.get('pool'))) ?? queues[0];
  return (
    <>
      <PoolsHeader />
      <PageBody>
        {error && queues.length === 0 && <ErrorState error={error} retry={() => void refetch()} />}
        {isPending && <Skeleton variant="rounded" height={320} />}
        {!isPending && !error && !pool && (
          <EmptyState icon={<NextIcon />} title={translate('pools.queue.none')} hint={translate('pools.queue.noneHint')} />
        )}
        {queues.length > 1 && (
          <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
            {queues.map((one) => (
              <Chip
                key={one.id}
                label={`${one.name} · ${showCount(one.available)}`}
                color={one === pool ? 'primary' : 'default'}
                variant={one === pool ? 'filled' : 'outlined'}
                onClick={() => setParams({ pool: String(one.id) }, { replace: true })}
              />
            ))}
          </Box>
        )}
        {pool && (
          <Box sx={{ width: '100%', maxWidth: 860, mx: 'auto' }}>
            <Queue key={pool.id} pool={pool} />
            <Typography variant="caption" color="text.secondary" component="div" sx={{ display: { xs: 'none', md: 'block' }, mt: 1 }}>
              {translate('pools.queue.keys')} <kbd>?</kbd>
            </Typography>
          </Box>
        )}
      </PageBody>
    </>
  );
};

export default NextPage;
