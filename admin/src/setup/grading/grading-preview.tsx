import { Box, Typography } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useTranslate } from 'ra-core';
import { Link } from 'react-router-dom';
import { GradeBadge } from '../../common/badges';
import { useLocaleCode } from '../../common/text';
import { showNumber } from '../../common/values';
import { gradeColours } from '../../theme/theme';
import type { PreviewProps } from '../policy/types';

interface Tally {
  grades?: Record<string, number>;
  labels?: Record<string, number>;
}
interface Mover {
  id: number;
  name?: string | null;
  company?: string | null;
  before: { grade: string | null };
  after: { grade: string };
}
interface GradingPreviewBody {
  total?: number;
  changed?: number;
  now?: Tally;
  draft?: Tally;
  movers?: Mover[];
  actions?: { kind: 'none' | 'silent' | 'announce'; leads: number };
}
const SHOWN = 8;

/** Leads per letter, now and with the draft, as bars over each other. */
const Bars = ({ now, draft }: { now: Record<string, number>; draft: Record<string, number> }) => {
  const theme = useTheme();
  const locale = useLocaleCode();
  const byLetter = (tally: Record<string, number>, letter: string): number =>
    Object.entries(tally).reduce((sum, [grade, count]) => (grade.startsWith(letter) ? sum + count : sum), 0);
  const letters = ['A', 'B', 'C', 'D'];
  const most = Math.max(1, ...letters.flatMap((letter) => [byLetter(now, letter), byLetter(draft, letter)]));
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: '20px 1fr auto', gap: 1, alignItems: 'center', fontSize: 12.5 }}>
      {letters.map((letter) => {
        const [before, after] = [byLetter(now, letter), byLetter(draft, letter)];
        const [, ink] = gradeColours(theme, letter);
        return (
          <Box key={letter} sx={{ display: 'contents' }}>
            <b>{letter}</b>
            <Box>
              <Box sx={{ height: 6, mb: '2px', width: `${(before / most) * 100}%`, bgcolor: 'action.disabled', borderRadius: 1 }} />
              <Box sx={{ height: 8, width: `${(after / most) * 100}%`, bgcolor: ink, borderRadius: 1 }} />
            </Box>
            <span>
              {showNumber(before, locale)} → <b>{showNumber(after, locale)}</b>
            </span>
          </Box>
        );
      })}
    </Box>
  );
};

/** How many leads change their grade, and which move furthest. */
export const GradingPreview = ({ preview }: PreviewProps) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const body: GradingPreviewBody = preview;
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: 'minmax(0,1fr)', gap: 1.5 }}>
      <Typography variant="body2">
        {translate('setup.grading.preview.changed', {
          smart_count: body.changed ?? 0,
          count: showNumber(body.changed ?? 0, locale),
          total: showNumber(body.total ?? 0, locale),
        })}
      </Typography>
      <Bars now={body.now?.grades ?? {}} draft={body.draft?.grades ?? {}} />
      <Typography variant="caption" color="text.secondary">
        {translate('setup.grading.preview.legend')}
      </Typography>
      <Box sx={{ display: 'flex', gap: 2, flexWrap: 'wrap', fontSize: 13 }}>
        {['hot', 'warm', 'cold', 'disqualified'].map((label) => (
          <span key={label}>
            {translate(`setup.grading.heat.${label}`)} {showNumber(body.now?.labels?.[label] ?? 0, locale)} →{' '}
            <b>{showNumber(body.draft?.labels?.[label] ?? 0, locale)}</b>
          </span>
        ))}
      </Box>
      {body.actions && (
        <Typography variant="body2" color={body.actions.kind === 'announce' && body.actions.leads > 0 ? 'warning.main' : 'text.secondary'}>
          {translate(`setup.grading.preview.actions.${body.actions.kind}`, {
            smart_count: body.actions.leads,
            count: showNumber(body.actions.leads, locale),
          })}
        </Typography>
      )}
      {(body.movers?.length ?? 0) > 0 && (
        <Box sx={{ display: 'grid', gridTemplateColumns: 'minmax(0,1fr)', gap: 0.5, fontSize: 13 }}>
          <Typography variant="subtitle2">{translate('setup.grading.preview.movers')}</Typography>
          {body.movers?.slice(0, SHOWN).map((mover) => (
            <Box key={mover.id} sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
              <Box
                component={Link}
                to={`/leads/${mover.id}`}
                sx={{
                  flex: 1,
                  minWidth: 0,
                  overflow: 'hidden',
                  textOverflow: 'ellipsis',
                  whiteSpace: 'nowrap',
                  color: 'primary.main',
                  textDecoration: 'none',
                }}
              >
                {[mover.name, mover.company].filter(Boolean).join(' · ') || `#${mover.id}`}
              </Box>
              <GradeBadge grade={mover.before.grade} size={18} />→<GradeBadge grade={mover.after.grade} size={18} />
            </Box>
          ))}
        </Box>
      )}
    </Box>
  );
};
