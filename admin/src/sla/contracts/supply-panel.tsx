import { Box, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { getJson } from '../../api/http-client';
import { Panel } from '../../common/panel';
import { useText } from '../../common/text';
import { Chart, useChartStyle } from '../chart';
import type { Supply } from '../types';

const Weeks = ({ supply }: { supply: Supply }) => {
  const translate = useTranslate();
  const style = useChartStyle();
  const [qualified, others] = [translate('sla.contracts.qualified'), translate('sla.contracts.others')];
  const option = useMemo(() => {
    const bar = (name: string, color: string, data: number[]) => ({ name, type: 'bar', stack: 'all', data, color, barMaxWidth: 14 });
    return {
      grid: { left: 34, right: 4, top: 26, bottom: 22 },
      legend: { top: 0, right: 0, textStyle: style.text, itemWidth: 10, itemHeight: 8 },
      tooltip: { trigger: 'axis', ...style.tooltip },
      xAxis: {
        type: 'category',
        data: supply.weeks.map((week) => week.week.slice(5)),
        ...style.axis,
        axisLabel: { ...style.text, interval: 3 },
      },
      yAxis: { type: 'value', minInterval: 1, ...style.axis },
      series: [
        bar(
          qualified,
          style.accent,
          supply.weeks.map((week) => week.qualified),
        ),
        bar(
          others,
          style.muted,
          supply.weeks.map((week) => week.leads - week.qualified),
        ),
      ],
    };
  }, [others, qualified, style.accent, style.axis, style.muted, style.text, style.tooltip, supply.weeks]);
  return <Chart option={option} height={150} label={translate('sla.contracts.supply')} />;
};

/** Whether what the last quarter brought would be enough for what marketing promises. */
export const SupplyPanel = ({ id, version }: { id: number; version: number | null }) => {
  const translate = useTranslate();
  const text = useText();
  const { data } = useQuery({
    queryKey: ['sla-supply', id, version],
    queryFn: ({ signal }) => getJson<Supply>(`/sla-contracts/${id}/supply${version === null ? '' : `?version=${version}`}`, signal),
    retry: false,
  });
  if (!data) return null;
  return (
    <Panel title={translate('sla.contracts.supply')}>
      <Typography variant="body2" color="text.secondary">
        {translate('sla.contracts.supplyHint', { perWeek: data.perWeek })}
      </Typography>
      <Weeks supply={data} />
      {data.promises.map((one) => (
        <Box key={one.key} sx={{ fontSize: 13, color: one.enough ? 'success.main' : 'error.main' }}>
          {translate('sla.contracts.promise', { label: text(one.label), atLeast: one.atLeast, expected: one.expected })}
        </Box>
      ))}
    </Panel>
  );
};
