import EyesIcon from '@mui/icons-material/HowToRegOutlined';
import { Box, FormControlLabel, Typography } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useAccess } from '../../api/session-context';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { PageHeader, RowsSkeleton } from '../../common/page';
import { Panel } from '../../common/panel';
import { useText } from '../../common/text';
import { useRefusalWords } from '../kit/refusal-words';
import { Toggle } from '../kit/toggle';
import { useAreas, useReviewActions, useReviews } from './api';
import { ReviewCard } from './review-card';

const ENOUGH = 2;

/** Which areas need a second person, and how many people could be one. */
const Areas = () => {
  const translate = useTranslate();
  const text = useText();
  const notify = useNotify();
  const access = useAccess();
  const refusal = useRefusalWords('reviews');
  const { data, error, refetch } = useAreas(true);
  const { setAreas } = useReviewActions();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const canEdit = access.can('update', 'roles');
  const set = async (area: string, on: boolean): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const wanted = (data ?? []).filter((row) => (row.area === area ? on : row.isOn)).map((row) => row.area);
      const { pendingReview } = await setAreas(wanted);
      notify(pendingReview ? 'setup.review.offAsked' : 'setup.review.saved', { type: 'info' });
    } catch (cause) {
      setProblem(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title={translate('setup.review.settings')}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        {translate('setup.review.settingsHint')}
      </Typography>
      {error && <ErrorState dense error={error} retry={() => void refetch()} />}
      {!data && !error && <RowsSkeleton rows={5} />}
      {data?.map((row) => (
        <Box key={row.area} sx={{ display: 'flex', alignItems: 'center', minHeight: 44, gap: 1 }}>
          <FormControlLabel
            sx={{ ml: 0, flex: 1, gap: 1 }}
            control={
              <Toggle
                checked={row.isOn}
                disabled={!canEdit || busy || (!row.isOn && row.people < ENOUGH)}
                onChange={(_event, on) => void set(row.area, on)}
              />
            }
            label={<Typography variant="body2">{text(row.label)}</Typography>}
          />
          <Typography variant="caption" color="text.secondary" sx={{ textAlign: 'right', maxWidth: 170 }}>
            {row.people < ENOUGH ? translate('setup.review.tooFew') : translate('setup.review.people', { smart_count: row.people })}
          </Typography>
        </Box>
      ))}
      {Boolean(problem) && (
        <Typography role="alert" variant="body2" color="error">
          {refusal(problem)}
        </Typography>
      )}
    </Panel>
  );
};

/** What waits for a second person, what was decided, and where one is needed. */
const ReviewsPage = () => {
  const translate = useTranslate();
  const access = useAccess();
  const { data, error, refetch } = useReviews();
  const open = data?.filter((review) => review.state === 'open') ?? [];
  const decided = data?.filter((review) => review.state !== 'open') ?? [];
  const box = { bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1, minWidth: 0 } as const;
  return (
    <>
      <PageHeader title={translate('setup.review.title')} />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1200 }}>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 2, maxWidth: 720 }}>
          {translate('setup.review.intro')}
        </Typography>
        {error && <ErrorState error={error} retry={() => void refetch()} />}
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0,1fr)', lg: 'minmax(0,1fr) 380px' }, alignItems: 'start' }}>
          <Box sx={{ display: 'grid', gap: 2, minWidth: 0 }}>
            <Box sx={box} role="region" aria-label={translate('setup.review.waiting')}>
              {!data && !error ? (
                <RowsSkeleton rows={4} height={56} />
              ) : open.length === 0 ? (
                <EmptyState icon={<EyesIcon />} title={translate('setup.review.empty')} hint={translate('setup.review.emptyHint')} />
              ) : (
                open.map((review) => <ReviewCard key={review.id} review={review} isOpen />)
              )}
            </Box>
            {decided.length > 0 && (
              <Box>
                <Typography variant="subtitle1" component="h2" sx={{ mb: 1 }}>
                  {translate('setup.review.decided')}
                </Typography>
                <Box sx={box}>
                  {decided.map((review) => (
                    <ReviewCard key={review.id} review={review} isOpen={false} />
                  ))}
                </Box>
              </Box>
            )}
          </Box>
          {access.can('read', 'roles') && <Areas />}
        </Box>
      </Box>
    </>
  );
};

export default ReviewsPage;
