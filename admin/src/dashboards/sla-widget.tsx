import { Box, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useNavigate } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import { useMe } from '../api/session-context';
import type { SlaClock } from '../api/types';
import { productNow } from '../common/product-clock';
import { useLocaleCode } from '../common/text';
import { showNumber } from '../common/values';
import type { Scope } from './api';
import { listOf } from './number-link';
import { WidgetBody } from './widget-body';
import { showCount } from '../i18n/counts';

const DAY_MS = 86_400_000;
const ROWS = 500;

interface Count {
  key: 'open' | 'over' | 'met' | 'missed';
  total: number;
  filter: Record<string, unknown>;
}

const TONE: Record<Count['key'], string | undefined> = { open: undefined, over: 'error.main', met: 'success.main', missed: 'warning.main' };

const useClockCounts = (scope: Scope) => {
  const provider = useDataProvider<ConsoleProvider>();
  const { member } = useMe();
  return useQuery({
    queryKey: ['sla-clocks', 'dashboard', scope.who, scope.days],
    queryFn: async () => {
      const since = new Date(productNow() - scope.days * DAY_MS).toISOString();
      const own = scope.who === 'me' ? { owner: member.id } : {};
      const asked: Omit<Count, 'total'>[] = [
        { key: 'open', filter: { state_in: ['running', 'paused'], ...own } },
        { key: 'over', filter: { state: 'breached_open', ...own } },
        { key: 'met', filter: { state: 'met', stoppedAt_gte: since, ...own } },
        { key: 'missed', filter: { state_in: ['breached_open', 'breached_closed'], breachedAt_gte: since, ...own } },
      ];
      return Promise.all(
        asked.map(async (one): Promise<Count> => {
          const { total } = await provider.getAll<SlaClock>('sla-clocks', one.filter, ['id', 'DESC'], 1);
          return { ...one, total };
        }),
      );
    },
  });
};

/** Promises running, overdue, kept and missed; each number opens the leads it stands for. */
export const SlaWidget = ({ scope }: { scope: Scope }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const navigate = useNavigate();
  const provider = useDataProvider<ConsoleProvider>();
  const query = useClockCounts(scope);
  const open = async (count: Count): Promise<void> => {
    const { data } = await provider.getAll<SlaClock & { lead: number }>('sla-clocks', count.filter, ['id', 'DESC'], ROWS);
    navigate(listOf({ id: [...new Set(data.map(({ lead }) => lead))] }));
  };
  return (
    <WidgetBody query={query} height={88} isEmpty={(counts) => counts.every(({ total }) => total === 0)} empty={translate('dash.sla.none')}>
      {(counts) => {
        const total = (key: Count['key']): number => counts.find((count) => count.key === key)?.total ?? 0;
        const ended = total('met') + total('missed');
        return (
          <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'repeat(2, 1fr)', sm: 'repeat(5, auto)' } }}>
            {counts.map((count) => (
              <Box key={count.key}>
                <Box
                  component={count.total > 0 ? 'button' : 'span'}
                  onClick={count.total > 0 ? () => void open(count) : undefined}
                  aria-label={count.total > 0 ? `${translate(`dash.sla.${count.key}`)}: ${showCount(count.total)}` : undefined}
                  sx={{
                    all: 'unset',
                    display: 'block',
                    fontSize: 26,
                    fontWeight: 650,
                    lineHeight: 1.25,
                    color: count.total > 0 ? TONE[count.key] : 'text.disabled',
                    cursor: count.total > 0 ? 'pointer' : undefined,
                    '&:hover': count.total > 0 ? { textDecoration: 'underline' } : undefined,
                    '&:focus-visible': { outline: '2px solid', outlineColor: 'primary.main' },
                  }}
                >
                  {showNumber(count.total, locale)}
                </Box>
                <Typography variant="caption" color="text.secondary">
                  {translate(`dash.sla.${count.key}`)}
                </Typography>
              </Box>
            ))}
            <Box>
              <Box sx={{ fontSize: 26, fontWeight: 650, lineHeight: 1.25 }}>
                {ended === 0 ? '–' : `${Math.round((total('met') / ended) * 100)} %`}
              </Box>
              <Typography variant="caption" color="text.secondary">
                {translate('dash.sla.rate')}
              </Typography>
            </Box>
          </Box>
        );
      }}
    </WidgetBody>
  );
};
