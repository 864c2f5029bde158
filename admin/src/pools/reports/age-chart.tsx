import { useQueries } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { useNavigate } from 'react-router-dom';
import type { ConsoleProvider } from '../../api/data-provider';
import type { Lead } from '../../api/types';
import { productNow } from '../../common/product-clock';
import { useLocaleCode } from '../../common/text';
import { showTotal } from '../../common/values';
import { Chart } from '../charts/chart';
import { useChartLook } from '../charts/look';

/** Upper bounds of the ages, in days; the last is open. */
const BOUNDS = [1, 3, 7, 14, 30, 60, null] as const;
const DAY = 86_400_000;

/** The filter of the lead list for leads lying in a pool for so long. */
const filterOf = (index: number, pool: string, now: number): Record<string, unknown> => {
  const upper = BOUNDS[index];
  const lower = index > 0 ? BOUNDS[index - 1] : 0;
  return {
    owner_null: true,
    ...(pool ? { pool: Number(pool) } : { pool_null: false }),
    ...(lower ? { poolEnteredAt_lte: new Date(now - lower * DAY).toISOString() } : {}),
    ...(upper ? { poolEnteredAt_gt: new Date(now - upper * DAY).toISOString() } : {}),
  };
};

/** How long leads have been lying in the pools, now; a bar opens the list of its leads. */
export const AgeChart = ({ pool }: { pool: string }) => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const look = useChartLook();
  const locale = useLocaleCode();
  const provider = useDataProvider<ConsoleProvider>();
  const now = Math.floor(productNow() / 3_600_000) * 3_600_000;
  const counts = useQueries({
    queries: BOUNDS.map((_bound, index) => ({
      queryKey: ['leads', 'pool-age', pool, index, now],
      queryFn: async () => (await provider.getAll<Lead>('leads', filterOf(index, pool, now), ['id', 'ASC'], 1)).total,
    })),
    combine: (results) => ({ values: results.map((result) => result.data ?? 0), pending: results.some((result) => result.isPending) }),
  });
  const option = useMemo(() => {
    const names = BOUNDS.map((bound, index) =>
      bound === null ? translate('pools.report.older', { days: BOUNDS[index - 1] ?? 0 }) : translate('pools.report.upTo', { days: bound }),
    );
    return {
      grid: { ...look.grid, top: 12 },
      tooltip: look.tooltip,
      xAxis: { ...look.category, data: names },
      yAxis: look.value,
      series: [
        {
          name: translate('pools.report.leads'),
          type: 'bar' as const,
          barMaxWidth: 40,
          cursor: 'pointer',
          label: {
            show: true,
            position: 'top' as const,
            color: look.text.color,
            formatter: ({ value }: { value?: unknown }) => showTotal(Number(value), locale),
          },
          itemStyle: { color: look.colours.claimed, borderRadius: [3, 3, 0, 0] },
          data: counts.values,
        },
      ],
    };
  }, [counts.values, locale, look, translate]);
  return (
    <Chart
      option={option}
      height={220}
      label={translate('pools.report.age')}
      onHit={({ index }) => navigate(`/leads?filter=${encodeURIComponent(JSON.stringify(filterOf(index, pool, now)))}&page=1`)}
    />
  );
};
