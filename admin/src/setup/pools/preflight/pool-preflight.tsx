import type { Pool } from '@leadsea/lead-pools/contracts/pool';
import { Box, Skeleton } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useEffect } from 'react';
import { ErrorState } from '../../../common/error-state';
import { SpanInput } from '../../../conditions/span-input';
import type { Preflight } from '../../../pools/duty-api';
import type { PreflightProps } from '../../policy/types';
import { usePreview, type PolicyEditing } from '../../policy/use-policy';
import { StagedShare } from '../staged-share';
import { PreflightView } from './preflight-view';

const SETTLE = 500;

/** Grace and share per day, changed in the draft itself: what is shown below follows. */
const Start = ({ editing }: { editing: PolicyEditing }) => {
  const translate = useTranslate();
  const body = editing.body as Partial<Pool>;
  const percent = body.staged?.percentPerDay ?? 100;
  const set = (change: Partial<Pool>): void => editing.setBody((old) => ({ ...(old as Partial<Pool>), ...change }));
  const { dirty, busy, save } = editing;
  useEffect(() => {
    if (!dirty || busy) return undefined;
    const timer = setTimeout(() => void save(), SETTLE);
    return () => clearTimeout(timer);
  }, [dirty, busy, save]);
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2,
        gridTemplateColumns: { xs: '1fr', sm: 'auto 1fr' },
        columnGap: 4,
        p: 1.5,
        bgcolor: 'action.hover',
        borderRadius: 1,
      }}
    >
      <SpanInput
        label={translate('setup.pool.grace')}
        value={body.graceAfterPublish ?? 'P3BD'}
        units={['bday', 'day', 'hour']}
        minimum={0}
        onChange={(iso) => set({ graceAfterPublish: iso })}
      />
      <Box sx={{ minWidth: 0, px: 1 }}>
        <StagedShare percent={percent} onChange={(percentPerDay) => set({ staged: { percentPerDay } })} />
      </Box>
    </Box>
  );
};

/** Before a pool goes live: who loses what when, and how gently it starts. What moves tonight has to be seen. */
export const PoolPreflight = ({ editing, onState }: PreflightProps) => {
  const translate = useTranslate();
  const { record, dirty } = editing;
  const preview = usePreview('pools', record.id, record.draftChangedAt, !dirty);
  const preflight = preview.data?.['preflight'] as Preflight | undefined;
  const tonight = preflight?.moves.tonight ?? 0;
  const ready = !dirty && !preview.isPending;
  useEffect(() => {
    onState({ ready, confirm: tonight > 0 ? translate('setup.pool.preflight.seen', { smart_count: tonight }) : null });
  }, [onState, ready, tonight, translate]);
  return (
    <>
      {preview.error ? (
        <ErrorState dense error={preview.error} retry={() => void preview.refetch()} />
      ) : preflight ? (
        <Box sx={{ opacity: dirty || preview.isFetching ? 0.5 : 1 }} aria-busy={dirty || preview.isFetching}>
          <PreflightView pool={record.id} preflight={preflight} stamp={record.draftChangedAt} />
        </Box>
      ) : (
        preview.isPending && <Skeleton variant="rounded" height={220} />
      )}
      <Start editing={editing} />
    </>
  );
};
