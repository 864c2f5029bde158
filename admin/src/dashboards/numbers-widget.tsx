import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMe, useMeta } from '../api/session-context';
import { productNow } from '../common/product-clock';
import { useReport, type MyNumbers, type Scope } from './api';
import { CountedNumber, FilteredNumber, FollowUpsNumber } from './number-link';
import { WidgetBody } from './widget-body';

const Tile = ({ label, tone, children }: { label: string; tone?: string; children: React.ReactNode }) => (
  <Box sx={{ minWidth: 0 }}>
    <Box sx={{ fontSize: 26, fontWeight: 650, lineHeight: 1.25, color: tone }}>{children}</Box>
    <Typography variant="caption" color="text.secondary" component="div">
      {label}
    </Typography>
  </Box>
);

/** What one holds, what waits, what one did; always one's own, whatever the dashboard looks at. */
export const NumbersWidget = ({ scope }: { scope: Scope }) => {
  const translate = useTranslate();
  const { member } = useMe();
  const { stages } = useMeta();
  const mine: Scope = { ...scope, who: 'me' };
  const query = useReport<MyNumbers>('numbers', mine);
  const open = stages.filter(({ type }) => type !== 'won' && type !== 'lost').map(({ key }) => key);
  const held = { owner_in: [member.id], stage_in: open };
  const label = (key: string): string => translate(`dash.numbers.${key}`);
  return (
    <WidgetBody query={query} height={120}>
      {(numbers) => {
        const filtered = (key: 'held' | 'hot' | 'untouched' | 'overdue' | 'fresh', filter: Record<string, unknown>, tone?: string) => (
          <Tile label={label(key)} tone={numbers[key] > 0 ? tone : undefined}>
            <FilteredNumber value={numbers[key]} filter={{ ...held, ...filter }} label={label(key)} />
          </Tile>
        );
        return (
          <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'repeat(2, 1fr)', sm: 'repeat(4, 1fr)' } }}>
            {filtered('held', {})}
            {filtered('hot', { label_in: ['hot'] }, 'error.main')}
            {filtered('untouched', { lastFollowUpAt_null: true }, 'warning.main')}
            {filtered('overdue', { nextActionAt_lte: new Date(productNow()).toISOString() }, 'error.main')}
            {filtered('fresh', { heldSince_gte: numbers.from })}
            <Tile label={label('followUps')}>
              <FollowUpsNumber value={numbers.followUps} member={member.id} span={numbers} scope={mine} label={label('followUps')} />
            </Tile>
            <Tile label={label('contacted')}>
              <CountedNumber value={numbers.contacted} metric="followed" scope={{ ...mine, who: 'all' }} label={label('contacted')} />
            </Tile>
            <Tile label={label('won')} tone={numbers.won > 0 ? 'success.main' : undefined}>
              <CountedNumber value={numbers.won} metric="won" scope={{ ...mine, who: 'all' }} label={label('won')} />
            </Tile>
          </Box>
        );
      }}
    </WidgetBody>
  );
};
