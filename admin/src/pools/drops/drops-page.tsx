import DropIcon from '@mui/icons-material/CasinoOutlined';
import { Box, Button, Chip, Skeleton, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useRefusalText } from '../../api/errors';
import { useAccess, useMe } from '../../api/session-context';
import type { PoolCard } from '../../api/types';
import { ToneChip } from '../../common/badges';
import { When } from '../../common/countdown';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { Panel } from '../../common/panel';
import { useTicking } from '../../common/product-clock';
import { useLocaleCode } from '../../common/text';
import { formatDuration, useTime } from '../../common/time';
import { useLeadsChanged } from '../../leads/use-lead-verbs';
import { drops, type Drop } from '../api';
import { PageBody, Sheet } from '../parts';
import { PoolsHeader } from '../tabs';
import { useBoard, usePoolDuties } from '../use-board';
import { OpenRound } from './open-round';
import { ResultDialog } from './result';

const TONE = { open: 'warning', drawn: 'good', released: 'good', cancelled: 'neutral' } as const;

const NextRound = ({ pool, at }: { pool: PoolCard; at: string | null }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const time = useTime();
  const left = useTicking((now) => (at && Date.parse(at) > now ? formatDuration((Date.parse(at) - now) / 1000, locale) : ''));
  return (
    <Box sx={{ textAlign: 'center', py: 5, px: 2 }}>
      <Typography variant="subtitle1" component="h2" sx={{ mb: 1 }}>
        {pool.name}
      </Typography>
      <Typography color="text.secondary">{translate(at ? 'pools.drop.nextIn' : 'pools.drop.byHand')}</Typography>
      {at && (
        <>
          <Box sx={{ fontSize: 40, fontWeight: 650 }}>{left || '…'}</Box>
          <Typography variant="body2" color="text.secondary">
            {time.dateTime(at)}
          </Typography>
        </>
      )}
    </Box>
  );
};

const Rounds = ({ rounds, onOpen }: { rounds: readonly Drop[]; onOpen: (id: number) => void }) => {
  const translate = useTranslate();
  const me = useMe().member;
  return (
    <Box role="list">
      {rounds.map((drop) => {
        const mine = drop.result?.filter((one) => one.member === me.id).length ?? 0;
        return (
          <Box
            key={drop.id}
            role="listitem"
            sx={{
              display: 'flex',
              flexWrap: 'wrap',
              alignItems: 'center',
              gap: 1.5,
              py: 1,
              borderTop: 1,
              borderColor: 'divider',
              fontSize: 13,
            }}
          >
            <Box sx={{ flex: 1, minWidth: 160 }}>
              <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
                <When at={drop.opensAt} />
                <ToneChip text={translate(`pools.drop.state.${drop.state}`)} tone={TONE[drop.state]} />
                {mine > 0 && <ToneChip text={translate('pools.drop.mine', { smart_count: mine })} tone="good" />}
              </Box>
              <Box sx={{ color: 'text.secondary' }}>
                {translate('pools.undo.leads', { smart_count: drop.leadCount })} ·{' '}
                {translate('pools.drop.entrants', { smart_count: drop.entrants })}
              </Box>
            </Box>
            {(drop.state === 'drawn' || drop.state === 'released') && (
              <Button variant="outlined" onClick={() => onOpen(drop.id)}>
                {translate('pools.drop.result')}
              </Button>
            )}
          </Box>
        );
      })}
    </Box>
  );
};

const PoolDrops = ({ pool }: { pool: PoolCard }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const access = useAccess();
  const client = useQueryClient();
  const changed = useLeadsChanged();
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState<number | null>(null);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['pool-drops', 'of', pool.id],
    queryFn: () => drops.of(pool.id),
    refetchInterval: 15_000,
  });
  const manages = access.can('update', 'pools') || Boolean(pool.rights?.includes('manage'));
  const open = data?.drops.find((drop) => drop.state === 'open');
  const past = data?.drops.filter((drop) => drop.state !== 'open') ?? [];
  const run = async (work: () => Promise<Drop>, done: string): Promise<void> => {
    setBusy(true);
    try {
      const drop = await work();
      notify(translate(done), { type: 'success' });
      if (drop.state === 'drawn') setShown(drop.id);
    } catch (cause) {
      notify(refusal(cause), { type: 'error' });
    } finally {
      changed();
      await client.invalidateQueries({ queryKey: ['pool-drops'] });
      setBusy(false);
    }
  };
  if (isPending) return <Skeleton variant="rounded" height={240} />;
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <>
      <Sheet>
        {open ? (
          <OpenRound
            key={open.id}
            drop={open}
            busy={busy}
            manages={manages}
            onRegister={(leads) => void run(() => drops.register(open.id, leads), 'pools.drop.registered')}
            onWithdraw={() => void run(() => drops.withdraw(open.id), 'pools.drop.withdrawn')}
            onDraw={() => void run(() => drops.draw(open.id), 'pools.drop.drawn')}
            onCancel={() => void run(() => drops.cancel(open.id), 'pools.drop.cancelled')}
          />
        ) : (
          <>
            <NextRound pool={pool} at={data?.next ?? null} />
            {manages && (
              <Box sx={{ display: 'flex', justifyContent: 'center', pb: 3 }}>
                <Button variant="outlined" disabled={busy} onClick={() => void run(() => drops.open(pool.id), 'pools.drop.opened')}>
                  {translate('pools.drop.openNow')}
                </Button>
              </Box>
            )}
          </>
        )}
      </Sheet>
      {past.length > 0 && (
        <Panel title={translate('pools.drop.past')}>
          <Rounds rounds={past} onOpen={setShown} />
        </Panel>
      )}
      {shown !== null && <ResultDialog id={shown} close={() => setShown(null)} />}
    </>
  );
};

/** Drops: when the next round opens, my interest in the one that is open, and what earlier ones gave. */
const DropsPage = () => {
  const translate = useTranslate();
  const [params, setParams] = useSearchParams();
  const { isPending } = useBoard();
  const { drops: pools } = usePoolDuties();
  const pool = pools.find((one) => one.id === Number(params.get('pool'))) ?? pools[0];
  return (
    <>
      <PoolsHeader />
      <PageBody>
        {isPending && <Skeleton variant="rounded" height={240} />}
        {!isPending && !pool && (
          <EmptyState icon={<DropIcon />} title={translate('pools.drop.none')} hint={translate('pools.drop.noneHint')} />
        )}
        {pools.length > 1 && (
          <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
            {pools.map((one) => (
              <Chip
                key={one.id}
                label={one.name}
                color={one === pool ? 'primary' : 'default'}
                variant={one === pool ? 'filled' : 'outlined'}
                onClick={() => setParams({ pool: String(one.id) }, { replace: true })}
              />
            ))}
          </Box>
        )}
        {pool && (
          <Box sx={{ display: 'grid', gap: 2, width: '100%', maxWidth: 860, mx: 'auto', '& > *': { minWidth: 0 } }}>
            <PoolDrops key={pool.id} pool={pool} />
          </Box>
        )}
      </PageBody>
    </>
  );
};

export default DropsPage;
