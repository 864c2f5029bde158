import { Box, Button, Skeleton, Tooltip, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useState } from 'react';
import type { ConsoleProvider } from '../../api/data-provider';
import type { Lead, RuleReason, ScoreExplanation } from '../../api/types';
import { GradeBadge, LabelMark } from '../../common/badges';
import { ErrorState } from '../../common/error-state';
import { Panel } from '../../common/panel';
import { useText } from '../../common/text';

const FULL = 100;

const Axis = ({ label, points }: { label: string; points: number | null }) => (
  <Box sx={{ display: 'grid', gridTemplateColumns: '72px 1fr 32px', alignItems: 'center', gap: 1, fontSize: 13 }}>
    <Typography variant="caption" color="text.secondary">
      {label}
    </Typography>
    <Box sx={{ height: 6, borderRadius: 3, bgcolor: 'action.selected', overflow: 'hidden' }}>
      <Box sx={{ height: '100%', width: `${Math.max(0, Math.min(FULL, points ?? 0))}%`, bgcolor: 'primary.main' }} />
    </Box>
    <Box sx={{ textAlign: 'right', fontWeight: 600 }}>{points ?? '–'}</Box>
  </Box>
);

const signed = (points: number): string => (points > 0 ? `+${points}` : String(points));

const Reason = ({ rule }: { rule: RuleReason }) => {
  const text = useText();
  return (
    <Tooltip title={text(rule.text)} placement="left">
      <Box sx={{ display: 'flex', gap: 1, py: 0.375, fontSize: 13, color: rule.matched ? 'text.primary' : 'text.disabled' }}>
        <Box sx={{ flex: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
          {text(rule.label) || rule.key}
        </Box>
        <Box sx={{ fontWeight: 600, color: rule.points < 0 ? 'error.main' : undefined }}>
          {rule.matched ? signed(Math.round(rule.points)) : '0'}
        </Box>
      </Box>
    </Tooltip>
  );
};

const Reasons = ({ explanation }: { explanation: ScoreExplanation }) => {
  const translate = useTranslate();
  const text = useText();
  const [all, setAll] = useState(false);
  const silent = explanation.rules.filter((rule) => !rule.matched).length;
  const byAxis = (axis: RuleReason['axis']): RuleReason[] =>
    explanation.rules
      .filter((rule) => rule.axis === axis && (all || rule.matched))
      .sort((a, b) => Number(b.matched) - Number(a.matched) || b.points - a.points);
  return (
    <>
      {explanation.disqualified.length > 0 && (
        <Typography variant="body2" color="error" sx={{ mb: 1 }}>
          {translate('score.disqualified', { reasons: explanation.disqualified.map((one) => text(one.label)).join(', ') })}
        </Typography>
      )}
      {(['fit', 'engagement'] as const).map((axis) => {
        const rules = byAxis(axis);
        return (
          rules.length > 0 && (
            <Box key={axis} sx={{ mt: 1.5 }}>
              <Typography variant="subtitle2">{translate(`score.${axis}`)}</Typography>
              {rules.map((rule) => (
                <Reason key={rule.key} rule={rule} />
              ))}
            </Box>
          )
        );
      })}
      {silent > 0 && !all && (
        <Button color="inherit" onClick={() => setAll(true)} sx={{ ml: -1.5, color: 'text.secondary' }}>
          {translate('score.silent', { smart_count: silent })}
        </Button>
      )}
      {explanation.next.length > 0 && (
        <Box sx={{ mt: 1.5 }}>
          <Typography variant="subtitle2">{translate('score.next')}</Typography>
          {explanation.next.slice(0, 3).map((step) => (
            <Typography key={step.key} variant="body2" sx={{ py: 0.25 }}>
              {text(step.text) || text(step.label)}
            </Typography>
          ))}
        </Box>
      )}
      {explanation.model && (
        <Typography variant="caption" color="text.secondary" component="div" sx={{ mt: 1.5 }}>
          {translate('score.model', { name: explanation.model.name, version: explanation.version ?? '' })}
        </Typography>
      )}
    </>
  );
};

/** The grade and why: what each rule gave, and what would raise it. */
export const ScorePanel = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const provider = useDataProvider<ConsoleProvider>();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['explain', 'score', lead.id, lead.version],
    queryFn: () => provider.explain<ScoreExplanation>(lead.id, 'score'),
    placeholderData: (previous) => previous,
  });
  return (
    <Panel title={translate('score.title')} actions={<LabelMark label={lead.label} />} minHeight={220}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, mb: 1.5 }}>
        <GradeBadge grade={lead.grade} size={40} />
        <Box sx={{ flex: 1, display: 'grid', gap: 0.5 }}>
          <Axis label={translate('score.fit')} points={lead.fitScore} />
          <Axis label={translate('score.engagement')} points={lead.engagement} />
        </Box>
      </Box>
      {isPending && [0, 1, 2, 3].map((row) => <Skeleton key={row} height={24} />)}
      {error && !data && <ErrorState dense error={error} retry={() => void refetch()} />}
      {data && <Reasons explanation={data} />}
    </Panel>
  );
};
