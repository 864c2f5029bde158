import { Box, Button, ButtonBase, Collapse, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import type { RuleReason, ScoreExplanation } from '../../api/types';
import { useLocaleCode, useText } from '../../common/text';
import { showNumber } from '../../common/values';
import { showCount } from '../../i18n/counts';

const signed = (points: number): string => (points > 0 ? `+${showCount(points)}` : showCount(points).replace('-', '−'));
const STEPS = 4;

/** One rule: what it gave; a click tells in a sentence why. */
const Reason = ({ rule }: { rule: RuleReason }) => {
  const text = useText();
  const [open, setOpen] = useState(false);
  return (
    <Box>
      <ButtonBase
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        sx={{
          display: 'flex',
          width: '100%',
          gap: 1,
          py: 0.375,
          fontSize: 13,
          textAlign: 'left',
          borderRadius: 0.5,
          color: rule.matched ? 'text.primary' : 'text.disabled',
          '&:hover': { bgcolor: 'action.hover' },
        }}
      >
        <Box sx={{ flex: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
          {text(rule.label) || rule.key}
        </Box>
        <Box sx={{ fontWeight: 600, color: rule.points < 0 ? 'error.main' : undefined }}>
          {rule.matched ? signed(Math.round(rule.points)) : '0'}
        </Box>
      </ButtonBase>
      <Collapse in={open} unmountOnExit>
        <Box
          sx={{ fontSize: 12.5, color: 'text.secondary', pb: 0.5, pl: 1, borderLeft: 2, borderColor: 'divider', overflowWrap: 'anywhere' }}
        >
          {text(rule.text)}
        </Box>
      </Collapse>
    </Box>
  );
};

const Losses = ({ explanation }: { explanation: ScoreExplanation }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const { lostToCaps, lostToDecay } = explanation;
  if (lostToCaps <= 0 && lostToDecay <= 0) return null;
  return (
    <Typography variant="body2" color="text.secondary" sx={{ mt: 1 }}>
      {[
        lostToDecay > 0 ? translate('score.lostToDecay', { points: showNumber(lostToDecay, locale) }) : '',
        lostToCaps > 0 ? translate('score.lostToCaps', { points: showNumber(lostToCaps, locale) }) : '',
      ]
        .filter(Boolean)
        .join(' ')}
    </Typography>
  );
};

/** Every rule of the model by axis, what caps and time took, and what would raise the score. */
export const ScoreReasons = ({ explanation }: { explanation: ScoreExplanation }) => {
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
      {(['fit', 'engagement', 'intent'] as const).map((axis) => {
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
      <Losses explanation={explanation} />
      {silent > 0 && (
        <Button color="inherit" onClick={() => setAll(!all)} sx={{ ml: -1.5, color: 'text.secondary' }}>
          {all ? translate('score.onlyHeld') : translate('score.silent', { smart_count: silent })}
        </Button>
      )}
      {explanation.next.length > 0 && (
        <Box sx={{ mt: 1.5 }}>
          <Typography variant="subtitle2">{translate('score.next')}</Typography>
          {explanation.next.slice(0, STEPS).map((step) => (
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
