import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { ToneChip } from '../../common/badges';
import { Panel } from '../../common/panel';
import { useText } from '../../common/text';
import { useTime } from '../../common/time';
import { Chart, useChartStyle } from '../chart';
import type { PeriodStanding } from '../types';

const Standing = ({ period }: { period: PeriodStanding }) => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const style = useChartStyle();
  const unit = period.kind === 'share' ? ' %' : '';
  const [so, expected, target] = [translate('sla.scorecard.so'), translate('sla.scorecard.expected'), translate('sla.scorecard.target')];
  const rows = (hit: boolean): string => `/sla/periods/${period.contractId}/${period.key}?hit=${hit}`;
  const option = useMemo(() => {
    const done = period.weeks.map((week): [string, number] => [week.week, week.measured]);
    const last = done[done.length - 1];
    const line = (name: string, color: string, data: unknown[], dashed: boolean) => ({
      name,
      type: 'line',
      data,
      color,
      symbolSize: 5,
      lineStyle: { width: 2, type: dashed ? 'dashed' : 'solid' },
    });
    return {
      grid: { left: 44, right: 16, top: 30, bottom: 26 },
      legend: { top: 2, right: 8, textStyle: style.text, itemWidth: 14, itemHeight: 6 },
      tooltip: { trigger: 'axis', ...style.tooltip },
      xAxis: { type: 'time', min: period.start, max: period.end, ...style.axis, axisLabel: { ...style.text, hideOverlap: true } },
      yAxis: {
        type: 'value',
        min: 0,
        max: Math.max(period.atLeast, period.expected ?? 0, period.measured) * 1.1,
        ...style.axis,
        axisLabel: { ...style.text, formatter: (value: number) => `${Math.round(value)}${unit}` },
      },
      series: [
        {
          ...line(so, style.accent, done, false),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { formatter: target, ...style.text, position: 'insideStartTop' },
            lineStyle: { color: style.missed },
            data: [{ yAxis: period.atLeast }],
          },
        },
        ...(last && period.expected !== null ? [line(expected, style.accent, [last, [period.end, period.expected]], true)] : []),
      ],
    };
  }, [expected, period, so, style.accent, style.axis, style.missed, style.text, style.tooltip, target, unit]);
  return (
    <Box sx={{ minWidth: 0 }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
        <Typography variant="subtitle2" color="text.primary">
          {text(period.label)}
        </Typography>
        {period.onTrack !== null && (
          <ToneChip
            text={translate(period.onTrack ? 'sla.scorecard.onTrack' : 'sla.scorecard.offTrack')}
            tone={period.onTrack ? 'success' : 'danger'}
          />
        )}
      </Box>
      <Typography variant="body2" color="text.secondary">
        {`${time.date(period.start)} – ${time.date(period.end)} · ${so} `}
        <Box component={Link} to={rows(true)} sx={{ color: 'primary.main', fontWeight: 600 }}>{`${period.measured}${unit}`}</Box>
        {` · ${expected} ${period.expected ?? '–'}${period.expected === null ? '' : unit} · ${target} ${period.atLeast}${unit}`}
        {period.kind === 'share' && period.measured < 100 && (
          <>
            {' · '}
            <Box component={Link} to={rows(false)} sx={{ color: 'primary.main' }}>
              {translate('sla.scorecard.lacking')}
            </Box>
          </>
        )}
      </Typography>
      <Chart option={option} height={190} label={text(period.label)} />
    </Box>
  );
};

/** What one side delivers in a week, month or quarter, with the line it is heading along. */
export const Periods = ({ periods }: { periods: readonly PeriodStanding[] }) => {
  const translate = useTranslate();
  return (
    <Panel title={translate('sla.scorecard.periods')}>
      <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(2, minmax(0, 1fr))' } }}>
        {periods.map((period) => (
          <Standing key={period.key} period={period} />
        ))}
      </Box>
    </Panel>
  );
};
