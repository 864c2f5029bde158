import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { useNavigate } from 'react-router-dom';
import { Panel } from '../../common/panel';
import { useTime } from '../../common/time';
import { Chart, useChartStyle } from '../chart';
import type { Scorecard } from '../types';
import { cellLink, missedStates, rowsLink, spanOf } from './ranges';
import type { Shown } from './scorecard-page';
import { Typography } from '@mui/material';
import { showCount } from '../../i18n/counts';

/** Kept and missed promises over time. */
export const Trend = ({ card, shown }: { card: Scorecard; shown: Shown }) => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const time = useTime();
  const style = useChartStyle();
  const [met, missed] = [translate('sla.scorecard.met'), translate('sla.scorecard.breached')];
  const option = useMemo(() => {
    const lost = (one: Scorecard['series'][number]): number => (shown.afterWaivers ? one.breached - one.waived : one.breached);
    const bar = (name: string, color: string, data: number[]) => ({ name, type: 'bar', stack: 'all', data, color, barMaxWidth: 36 });
    return {
      grid: { left: 40, right: 12, top: 36, bottom: 28 },
      legend: { top: 4, right: 8, textStyle: style.text, itemWidth: 12, itemHeight: 8 },
      tooltip: { trigger: 'axis', ...style.tooltip },
      xAxis: { type: 'category', data: card.series.map((one) => one.start), ...style.axis },
      yAxis: { type: 'value', minInterval: 1, ...style.axis },
      series: [
        bar(
          met,
          style.met,
          card.series.map((one) => one.met),
        ),
        bar(missed, style.missed, card.series.map(lost)),
      ],
    };
  }, [card.series, met, missed, shown.afterWaivers, style.axis, style.met, style.missed, style.text, style.tooltip]);
  return (
    <Panel title={translate('sla.scorecard.trend')} minHeight={240}>
      <Chart
        option={option}
        height={240}
        label={translate('sla.scorecard.trend')}
        onPick={({ series, name }) => {
          const span = spanOf(name, shown.by);
          const from = time.fromLocalInput(`${span.from}T00:00`) ?? shown.from;
          const to = time.fromLocalInput(`${span.to}T00:00`) ?? shown.to;
          navigate(
            rowsLink({
              ...shown.filter,
              outcomeAt_gte: from > shown.from ? from : shown.from,
              outcomeAt_lt: to < shown.to ? to : shown.to,
              state_in: series === met ? ['met'] : missedStates(shown.afterWaivers),
            }),
          );
        }}
      />
    </Panel>
  );
};

/** Why promises were missed. */
export const Reasons = ({ card, shown }: { card: Scorecard; shown: Shown }) => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const style = useChartStyle();
  const rows = useMemo(() => [...card.reasons].reverse(), [card.reasons]);
  const names = useMemo(() => rows.map((row) => translate(`sla.scorecard.reason.${row.reason}`)), [rows, translate]);
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 40, top: 8, bottom: 8, containLabel: true },
      tooltip: { ...style.tooltip },
      xAxis: { type: 'value', minInterval: 1, ...style.axis, axisLabel: { show: false }, splitLine: { show: false } },
      yAxis: { type: 'category', data: names, ...style.axis },
      series: [
        {
          type: 'bar',
          data: rows.map((row) => row.count),
          color: style.missed,
          barMaxWidth: 18,
          label: { show: true, position: 'right', ...style.text },
        },
      ],
    }),
    [names, rows, style.axis, style.missed, style.text, style.tooltip],
  );
  const pick = (name: string): void => {
    const reason = rows[names.indexOf(name)]?.reason ?? '';
    navigate(rowsLink({ ...shown.filter, missReason: reason }));
  };
  return (
    <Panel title={translate('sla.scorecard.reasons')} minHeight={240}>
      <Chart option={option} height={240} label={translate('sla.scorecard.reasons')} onPick={({ name }) => pick(name)} />
    </Panel>
  );
};

/** The hours of the week: how many promises began, and how many of them were missed. */
export const Hours = ({ card, shown }: { card: Scorecard; shown: Shown }) => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const style = useChartStyle();
  const days = useMemo(() => ['1', '2', '3', '4', '5', '6', '7'].map((day) => translate(`sla.scorecard.days.${day}`)), [translate]);
  const missed = translate('sla.scorecard.breached');
  const option = useMemo(
    () => ({
      grid: { left: 44, right: 12, top: 8, bottom: 28 },
      tooltip: {
        ...style.tooltip,
        formatter: ({ data }: { data: [number, number, number, number] }) =>
          `${days[data[1]] ?? ''} ${data[0]}:00 · ${data[3]} · ${missed} ${data[2]} %`,
      },
      xAxis: { type: 'category', data: Array.from({ length: 24 }, (_, hour) => String(hour)), ...style.axis, splitArea: { show: false } },
      yAxis: { type: 'category', data: days, inverse: true, ...style.axis },
      visualMap: { show: false, min: 0, max: 100, dimension: 2, inRange: { color: [style.met, '#d9a441', style.missed] } },
      series: [
        {
          type: 'heatmap',
          data: card.hours.map(({ day, hour, total, breached }) => [hour, day - 1, Math.round((breached * 100) / total), total]),
          label: { show: true, formatter: ({ data }: { data: number[] }) => showCount(data[3]), color: '#ffffff', fontSize: 10 },
          itemStyle: { borderColor: style.paper, borderWidth: 2, borderRadius: 3 },
        },
      ],
    }),
    [card.hours, days, missed, style.axis, style.met, style.missed, style.paper, style.tooltip],
  );
  return (
    <Panel title={translate('sla.scorecard.hours')} minHeight={250}>
      <Typography variant="caption" color="text.secondary">
        {translate('sla.scorecard.hoursHelp')}
      </Typography>
      <Chart
        option={option}
        height={230}
        label={translate('sla.scorecard.hours')}
        onPick={({ data }) => {
          const [hour, day] = data as readonly number[];
          if (hour === undefined || day === undefined) return;
          const { from, to, tz, obligor } = shown;
          navigate(cellLink({ from, to, tz, day: day + 1, hour, ...(obligor ? { obligor } : {}) }));
        }}
      />
    </Panel>
  );
};
