import { MenuItem, Skeleton, TextField } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useTranslate } from 'ra-core';
import { lazy, Suspense, useMemo } from 'react';
import { useMeta } from '../api/session-context';
import { useLookups } from '../common/lookups';
import { usePreference } from '../common/use-preference';
import { useReport, type Scope, type Trend } from './api';
import { dayRange } from './days';
import { WidgetBody } from './widget-body';

const Chart = lazy(() => import('./chart'));
const HEIGHT = 240;

/** Leads that came in per day, and how many reached a stage one chooses. */
export const TrendWidget = ({ scope }: { scope: Scope }) => {
  const translate = useTranslate();
  const theme = useTheme();
  const lookups = useLookups();
  const { stages } = useMeta();
  const query = useReport<Trend>('trend', scope);
  const [chosen, setChosen] = usePreference<string>('trendStage', stages.find(({ type }) => type === 'gate')?.key ?? '');
  const stage = stages.some(({ key }) => key === chosen) ? chosen : (stages[1]?.key ?? '');
  const option = useMemo(() => {
    if (!query.data) return null;
    const days = dayRange(query.data.days, query.data.from, query.data.to);
    const created = translate('dash.trend.created');
    const entered = translate('dash.trend.entered', { stage: lookups.stageLabel(stage) });
    const { primary, secondary, text, divider } = theme.palette;
    const axis = {
      axisLine: { lineStyle: { color: divider } },
      axisTick: { show: false },
      axisLabel: { color: text.secondary, fontSize: 11 },
    };
    return {
      animation: false,
      grid: { left: 36, right: 36, top: 34, bottom: 24 },
      legend: { top: 0, left: 0, textStyle: { color: text.secondary }, itemWidth: 12, itemHeight: 8 },
      tooltip: {
        trigger: 'axis',
        backgroundColor: theme.palette.background.paper,
        borderColor: divider,
        textStyle: { color: text.primary, fontSize: 12 },
      },
      xAxis: { type: 'category', data: days.map(({ day }) => day.slice(5)), ...axis },
      yAxis: [
        { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: divider } }, axisLabel: axis.axisLabel },
        { type: 'value', minInterval: 1, splitLine: { show: false }, axisLabel: axis.axisLabel },
      ],
      series: [
        {
          name: created,
          type: 'bar',
          data: days.map((day) => day.created),
          itemStyle: { color: primary.main, opacity: 0.55 },
          barMaxWidth: 18,
        },
        {
          name: entered,
          type: 'line',
          yAxisIndex: 1,
          showSymbol: false,
          lineStyle: { width: 2 },
          data: days.map((day) => day.entered[stage] ?? 0),
          itemStyle: { color: secondary.main },
        },
      ],
    };
  }, [query.data, theme, translate, lookups, stage]);
  return (
    <WidgetBody query={query} height={HEIGHT + 44} isEmpty={(data) => data.days.length === 0}>
      {() => (
        <>
          <TextField
            select
            size="small"
            value={stage}
            onChange={(event) => setChosen(event.target.value)}
            slotProps={{ htmlInput: { 'aria-label': translate('dash.funnel.stage') } }}
            sx={{ minWidth: 160, mb: 1 }}
          >
            {stages.map(({ key }) => (
              <MenuItem key={key} value={key}>
                {lookups.stageLabel(key)}
              </MenuItem>
            ))}
          </TextField>
          <Suspense fallback={<Skeleton variant="rounded" height={HEIGHT} />}>
            {option && <Chart option={option} height={HEIGHT} label={translate('dash.widget.trend')} />}
          </Suspense>
        </>
      )}
    </WidgetBody>
  );
};
