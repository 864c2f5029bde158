import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import type { LocalisedText } from '../../api/types';
import { METRICS, type Metric, type Report } from '../duty-api';
import { Chart } from '../charts/chart';
import { useChartLook } from '../charts/look';

const MOST = 12;
const ROW = 30;

/** People or sources side by side; a bar opens its leads. */
export const ShareChart = (props: {
  report: Report;
  label: string;
  name: (key: string, label: LocalisedText | string | null) => string;
  onOpen: (metric: Metric, key: string, label: string) => void;
}) => {
  const translate = useTranslate();
  const look = useChartLook();
  const { report, name } = props;
  const rows = useMemo(
    () =>
      [...report.rows]
        .map((row) => ({ ...row, sum: METRICS.reduce((sum, metric) => sum + row[metric], 0) }))
        .filter((row) => row.sum > 0)
        .sort((a, b) => b.sum - a.sum)
        .slice(0, MOST)
        .reverse(),
    [report],
  );
  const option = useMemo(
    () => ({
      grid: look.grid,
      legend: look.legend,
      tooltip: look.tooltip,
      xAxis: look.value,
      yAxis: {
        ...look.category,
        data: rows.map((row) => name(row.key, row.label)),
        axisLabel: { ...look.text, width: 110, overflow: 'truncate' as const },
      },
      series: METRICS.filter((metric) => rows.some((row) => row[metric] > 0)).map((metric) => ({
        name: translate(`pools.report.metric.${metric}`),
        type: 'bar' as const,
        stack: 'all',
        barMaxWidth: 16,
        cursor: 'pointer',
        itemStyle: { color: look.colours[metric] },
        data: rows.map((row) => row[metric]),
      })),
    }),
    [rows, look, name, translate],
  );
  return (
    <Chart
      option={option}
      height={Math.max(120, rows.length * ROW + 64)}
      label={props.label}
      onHit={({ series, index }) => {
        const metric = METRICS.find((one) => translate(`pools.report.metric.${one}`) === series);
        const row = rows[index];
        if (metric && row) props.onOpen(metric, row.key, name(row.key, row.label));
      }}
    />
  );
};
