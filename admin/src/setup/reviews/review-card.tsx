import { Box, Button, TextField, Typography } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { ToneChip } from '../../common/badges';
import { When } from '../../common/countdown';
import { POLICY_KINDS } from '../kinds';
import { useRefusalWords } from '../kit/refusal-words';
import { Changes } from '../policy/changes';
import { useReviewActions, type Decision, type ReviewRow } from './api';

const TONES = { open: 'warning', approved: 'success', rejected: 'neutral', withdrawn: 'neutral' } as const;

const pageOf = (review: ReviewRow): string | null => {
  if (review.subject === 'policy') {
    const kind = POLICY_KINDS.find(({ resource }) => resource === review.resource);
    return kind ? `/setup/${kind.slug}/${review.subjectId}` : null;
  }
  if (review.subject === 'role') return '/setup/roles';
  return review.subject === 'member' ? `/setup/members?id=${review.subjectId}` : null;
};

const What = ({ review }: { review: ReviewRow }) => {
  const translate = useTranslate();
  const none = translate('setup.policy.noChanges');
  if (review.action === 'policy.publish') return <Changes before={review.before} after={review.payload.body} none={none} />;
  if (review.action === 'policy.move')
    return <Typography variant="body2">{translate('setup.review.place', { position: Number(review.payload.position) })}</Typography>;
  return review.subject === 'role' || review.subject === 'member' ? (
    <Changes before={review.before} after={review.payload} none={none} />
  ) : null;
};

const Decide = ({ review }: { review: ReviewRow }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalWords('reviews');
  const { decide } = useReviewActions();
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (decision: Decision): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await decide(review.id, decision, comment.trim());
      notify(`setup.review.done.${decision}`, { type: 'info' });
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Box sx={{ display: 'grid', gap: 1, mt: 1.5 }}>
      {review.mayDecide && (
        <TextField
          size="small"
          label={translate('setup.review.comment')}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 1000 } }}
        />
      )}
      {Boolean(error) && (
        <Typography role="alert" variant="body2" color="error">
          {refusal(error)}
        </Typography>
      )}
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        {review.isMine && (
          <Typography variant="body2" color="text.secondary" sx={{ flex: 1, minWidth: 200 }}>
            {translate('setup.review.mine')}
          </Typography>
        )}
        {review.mayDecide && (
          <>
            <Button variant="contained" disabled={busy} onClick={() => void run('approve')}>
              {translate('setup.review.approve')}
            </Button>
            <Button color="inherit" disabled={busy || comment.trim() === ''} onClick={() => void run('reject')}>
              {translate('setup.review.reject')}
            </Button>
          </>
        )}
        {review.isMine && (
          <Button color="inherit" disabled={busy} onClick={() => void run('withdraw')}>
            {translate('setup.review.withdraw')}
          </Button>
        )}
      </Box>
    </Box>
  );
};

/** One request: what would change against what is live, who asks and why, and the decision. */
export const ReviewCard = ({ review, isOpen }: { review: ReviewRow; isOpen: boolean }) => {
  const translate = useTranslate();
  const page = pageOf(review);
  return (
    <Box
      component="article"
      aria-label={review.title}
      sx={{ p: 2, borderBottom: 1, borderColor: 'divider', '&:last-child': { borderBottom: 0 }, minWidth: 0 }}
    >
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
        <Typography variant="subtitle1" component="h3">
          {review.title}
        </Typography>
        <ToneChip text={translate(`setup.review.state.${review.state}`)} tone={TONES[review.state]} />
        <Box sx={{ flex: 1 }} />
        {page && (
          <Button size="small" component={Link} to={page}>
            {translate('setup.review.open')}
          </Button>
        )}
      </Box>
      <Typography variant="body2" color="text.secondary">
        {translate(`setup.review.action.${review.action}`)} · {translate('setup.review.by', { name: review.requestedByName ?? '' })} ·{' '}
        <When at={review.requestedAt} />
      </Typography>
      {review.note && (
        <Typography variant="body2" sx={{ mt: 0.5 }}>
          {review.note}
        </Typography>
      )}
      {review.state !== 'open' && (
        <Typography variant="body2" color="text.secondary">
          {translate('setup.review.decidedBy', { name: review.decidedByName ?? '' })} · <When at={review.decidedAt} />
          {review.comment ? ` · ${review.comment}` : ''}
        </Typography>
      )}
      {isOpen && (
        <Box sx={{ mt: 1, maxHeight: 320, overflow: 'auto' }} tabIndex={0} role="region" aria-label={translate('setup.policy.differences')}>
          <What review={review} />
        </Box>
      )}
      {review.state === 'open' && <Decide review={review} />}
    </Box>
  );
};
