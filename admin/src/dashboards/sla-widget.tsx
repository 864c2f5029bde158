import { Box, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { createSearchParams } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import type { SlaClock } from '../api/types';
import { productNow } from '../common/product-clock';
import type { Scope } from './api';
import { NumberLink } from './number-link';
import { useScopePeople } from './scope-filter';
import { WidgetBody } from './widget-body';

const DAY_MS = 86_400_000;

interface Count {
  key: 'open' | 'over' | 'met' | 'missed';
  total: number;
  filter: Record<string, unknown>;
}

const TONE: Record<Count['key'], string | undefined> = { open: undefined, over: 'error.main', met: 'success.main', missed: 'warning.main' };

const useClockCounts = (scope: Scope) => {
  const provider = useDataProvider<ConsoleProvider>();
  const people = useScopePeople(scope.who);
  return useQuery({
    queryKey: ['sla-clocks', 'dashboard', people, scope.days],
    queryFn: async () => {
      const since = new Date(productNow() - scope.days * DAY_MS).toISOString();
      const own = people ? { owner_in: people } : {};
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

const rowsOf = (filter: Count['filter']) => ({
  pathname: '/sla/clocks',
  search: createSearchParams({ rows: JSON.stringify(filter) }).toString(),
});

/** Promises running, overdue, kept and missed; each number opens its deadlines. */
export const SlaWidget = ({ scope }: { scope: Scope }) => {
  const translate = useTranslate();
  const query = useClockCounts(scope);
  return (
    <WidgetBody query={query} height={88} isEmpty={(counts) => counts.every(({ total }) => total === 0)} empty={translate('dash.sla.none')}>
      {(counts) => {
        const total = (key: Count['key']): number => counts.find((count) => count.key === key)?.total ?? 0;
        const ended = total('met') + total('missed');
        return (
          <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'repeat(2, 1fr)', sm: 'repeat(5, auto)' } }}>
            {counts.map((count) => (
              <Box key={count.key}>
                <Box sx={{ fontSize: 26, fontWeight: 650, lineHeight: 1.25, color: count.total > 0 ? TONE[count.key] : undefined }}>
                  <NumberLink value={count.total} to={rowsOf(count.filter)} label={translate(`dash.sla.${count.key}`)} />
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
