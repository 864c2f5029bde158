import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { METRICS, type Metric, type Report } from '../duty-api';
import { Chart } from '../charts/chart';
import { useChartLook } from '../charts/look';

/** What entered and left, day by day; a bar opens its leads. */
export const DayChart = ({ report, onOpen }: { report: Report; onOpen: (metric: Metric, key: string, label: string) => void }) => {
  const translate = useTranslate();
  const look = useChartLook();
  const rows = useMemo(() => [...report.rows].sort((a, b) => a.key.localeCompare(b.key)), [report]);
  const option = useMemo(
    () => ({
      grid: look.grid,
      legend: look.legend,
      tooltip: look.tooltip,
      xAxis: { ...look.category, data: rows.map((row) => row.key.slice(5)) },
      yAxis: look.value,
      series: METRICS.map((metric) => ({
        name: translate(`pools.report.metric.${metric}`),
        type: metric === 'entered' ? ('line' as const) : ('bar' as const),
        ...(metric === 'entered' ? { symbolSize: 6, smooth: 0.2 } : { stack: 'out', barMaxWidth: 22 }),
        itemStyle: { color: look.colours[metric] },
        lineStyle: { color: look.colours[metric], width: 2 },
        cursor: 'pointer',
        data: rows.map((row) => row[metric]),
      })),
    }),
    [rows, look, translate],
  );
  return (
    <Chart
      option={option}
      height={280}
      label={translate('pools.report.byDay')}
      onHit={({ series, index }) => {
        const metric = METRICS.find((one) => translate(`pools.report.metric.${one}`) === series);
        const row = rows[index];
        if (metric && row) onOpen(metric, row.key, row.key);
      }}
    />
  );
};
