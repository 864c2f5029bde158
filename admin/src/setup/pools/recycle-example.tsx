import type { RecycleRule } from '@leadsea/lead-pools/contracts/recycle';
import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useLocaleCode, useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { exampleOf, type ExampleStep } from './example';
import { usePoolWords } from './words';

const DAY = 24 * 60;
/** A Monday; only weekdays and times of it are shown. */
const MONDAY = Date.UTC(2024, 0, 1);
const COLOUR = { claim: 'primary.main', warn: 'warning.main', move: 'error.main' } as const;

const useWeekday = () => {
  const locale = useLocaleCode();
  const translate = useTranslate();
  const format = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at: number): string => {
    const week = Math.floor(at / (7 * DAY)) + 1;
    const words = format.format(MONDAY + at * 60_000);
    return week > 1 ? `${translate('setup.pool.example.week', { week })} ${words}` : words;
  };
};

const Steps = ({ steps }: { steps: readonly ExampleStep[] }) => {
  const translate = useTranslate();
  const words = usePoolWords();
  const when = useWeekday();
  return (
    <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none', display: 'flex', flexDirection: { xs: 'column', sm: 'row' }, rowGap: 0.5 }}>
      {steps.map((step, index) => (
        <Box
          component="li"
          key={index}
          sx={{
            flex: 1,
            minWidth: 0,
            position: 'relative',
            pl: { xs: 2.5, sm: 0 },
            pt: { xs: 0, sm: 2.25 },
            pr: 1,
            fontSize: 12.5,
            '&::before': {
              content: '""',
              position: 'absolute',
              left: { xs: 4, sm: 0 },
              top: { xs: 0, sm: 6 },
              width: { xs: 2, sm: '100%' },
              height: { xs: '100%', sm: 2 },
              bgcolor: index === steps.length - 1 ? 'transparent' : 'divider',
            },
            '&::after': {
              content: '""',
              position: 'absolute',
              left: 0,
              top: { xs: 5, sm: 2 },
              width: 10,
              height: 10,
              borderRadius: '50%',
              bgcolor: COLOUR[step.kind],
            },
          }}
        >
          <Box sx={{ fontWeight: 600 }}>{when(step.at)}</Box>
          <Box sx={{ color: 'text.secondary' }}>
            {step.kind === 'warn'
              ? translate('setup.pool.example.warn', { before: words.span(step.warn, 'business') })
              : translate(`setup.pool.example.${step.kind}`)}
          </Box>
        </Box>
      ))}
    </Box>
  );
};

/** For each rule: what a lead would see that was claimed on a Monday and never worked. */
export const RecycleExample = () => {
  const translate = useTranslate();
  const text = useText();
  const rules = useField<readonly RecycleRule[]>('recycle.rules').value ?? [];
  const warns = useField<readonly string[]>('recycle.warns').value ?? [];
  const shown = rules.filter((rule) => rule.since === 'follow-up' || rule.since === 'claim');
  if (shown.length === 0) return null;
  return (
    <Box sx={{ p: 1.5, borderRadius: 1, bgcolor: 'action.hover', display: 'grid', gap: 1.5 }}>
      <Box>
        <Typography variant="subtitle2">{translate('setup.pool.example.title')}</Typography>
        <Typography variant="caption" color="text.secondary">
          {translate('setup.pool.example.hint')}
        </Typography>
      </Box>
      {shown.slice(0, 4).map((rule) => (
        <Box key={rule.key}>
          <Typography variant="body2" sx={{ mb: 0.5 }}>
            {text(rule.label) || rule.key}
          </Typography>
          <Steps steps={exampleOf(rule, warns)} />
        </Box>
      ))}
    </Box>
  );
};
