import HistoryIcon from '@mui/icons-material/History';
import { Box, IconButton, Skeleton, Tooltip, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useState } from 'react';
import type { ConsoleProvider } from '../../api/data-provider';
import { postJson } from '../../api/http-client';
import type { Lead, ScoreExplanation } from '../../api/types';
import { GradeBadge, LabelMark } from '../../common/badges';
import { ErrorState } from '../../common/error-state';
import { Panel } from '../../common/panel';
import { useText } from '../../common/text';
import { useTime } from '../../common/time';
import { ProductScores } from './product-scores';
import { ScorePast } from './score-past';
import { ScoreReasons } from './score-reasons';
import { Standing } from './standing';
import { showCount } from '../../i18n/counts';

const FULL = 100;

const Axis = ({ label, points }: { label: string; points: number | null }) => (
  <Box sx={{ display: 'grid', gridTemplateColumns: '72px 1fr 32px', alignItems: 'center', gap: 1, fontSize: 13 }}>
    <Typography variant="caption" color="text.secondary">
      {label}
    </Typography>
    <Box sx={{ height: 6, borderRadius: 3, bgcolor: 'action.selected', overflow: 'hidden' }}>
      <Box sx={{ height: '100%', width: `${Math.max(0, Math.min(FULL, points ?? 0))}%`, bgcolor: 'primary.main' }} />
    </Box>
    <Box sx={{ textAlign: 'right', fontWeight: 600 }}>{showCount(points) || '–'}</Box>
  </Box>
);

/** The grade and why, now or at a moment that has passed: what each rule gave, what was lost, and what would raise it. */
export const ScorePanel = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const provider = useDataProvider<ConsoleProvider>();
  const [past, setPast] = useState(false);
  const [at, setAt] = useState<string | null>(null);
  const [current, setCurrent] = useState(false);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['explain', 'score', lead.id, lead.version, at, at !== null && current],
    queryFn: () =>
      at === null
        ? provider.explain<ScoreExplanation>(lead.id, 'score')
        : postJson<ScoreExplanation>(`/leads/${lead.id}/score-at`, { at, current }),
    placeholderData: (previous) => previous,
  });
  const shown =
    at === null
      ? { grade: lead.grade, fit: lead.fitScore, engagement: lead.engagement }
      : (data ?? { grade: null, fit: null, engagement: null });
  return (
    <Panel
      title={translate('score.title')}
      actions={
        <>
          {at === null && <Standing lead={lead} />}
          {at === null && <LabelMark label={lead.label} />}
          <Tooltip title={translate('score.past')}>
            <IconButton
              size="small"
              aria-label={translate('score.past')}
              aria-pressed={past}
              onClick={() => {
                setPast(!past);
                setAt(null);
              }}
            >
              <HistoryIcon fontSize="small" />
            </IconButton>
          </Tooltip>
        </>
      }
      minHeight={220}
    >
      {past && <ScorePast lead={lead.id} version={lead.version} chosen={at} choose={setAt} current={current} setCurrent={setCurrent} />}
      {at !== null && (
        <Typography variant="body2" color="warning.main" sx={{ mb: 1 }}>
          {translate(current ? 'score.asOfToday' : 'score.asOf', { at: time.dateTime(at) })}
        </Typography>
      )}
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, mb: 1.5 }}>
        <GradeBadge grade={shown.grade} size={40} />
        <Box sx={{ flex: 1, display: 'grid', gap: 0.5 }}>
          <Axis label={translate('score.fit')} points={shown.fit} />
          <Axis label={translate('score.engagement')} points={shown.engagement} />
          {data?.intent !== null && data?.intent !== undefined && <Axis label={translate('score.intent')} points={data.intent} />}
        </Box>
      </Box>
      {data?.gradeText && (
        <Typography variant="body2" fontWeight={600} sx={{ mb: 1 }}>
          {text(data.gradeText)}
        </Typography>
      )}
      {isPending && [0, 1, 2, 3].map((row) => <Skeleton key={row} height={24} />)}
      {error && !data && <ErrorState dense error={error} retry={() => void refetch()} />}
      {data && <ScoreReasons explanation={data} />}
      {at === null && <ProductScores lead={lead} />}
    </Panel>
  );
};
