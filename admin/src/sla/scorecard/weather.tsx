import { Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { getJson } from '../../api/http-client';
import { ErrorState } from '../../common/error-state';
import { Panel } from '../../common/panel';
import { useTime } from '../../common/time';
import { Chart, useChartStyle } from '../chart';
import type { Forecast } from '../types';

const Hours = ({ forecast }: { forecast: Forecast }) => {
  const translate = useTranslate();
  const time = useTime();
  const style = useChartStyle();
  const [arrivals, staff, missed] = [
    translate('sla.scorecard.arrivals'),
    translate('sla.scorecard.staff'),
    translate('sla.scorecard.breached'),
  ];
  const option = useMemo(() => {
    const bar = (name: string, color: string, data: number[]) => ({ name, type: 'bar', data, color, barMaxWidth: 12 });
    return {
      grid: { left: 36, right: 36, top: 34, bottom: 28 },
      legend: { top: 2, right: 8, textStyle: style.text, itemWidth: 12, itemHeight: 8 },
      tooltip: { trigger: 'axis', ...style.tooltip },
      xAxis: { type: 'category', data: forecast.hours.map((one) => time.toLocalInput(one.hour).slice(11)), ...style.axis },
      yAxis: [
        { type: 'value', ...style.axis },
        { type: 'value', minInterval: 1, ...style.axis, splitLine: { show: false } },
      ],
      series: [
        bar(
          arrivals,
          style.accent,
          forecast.hours.map((one) => one.arrivals),
        ),
        bar(
          missed,
          style.missed,
          forecast.hours.map((one) => one.breaches),
        ),
        {
          name: staff,
          type: 'line',
          step: 'middle',
          yAxisIndex: 1,
          data: forecast.hours.map((one) => one.staff),
          color: style.met,
          symbol: 'none',
        },
      ],
    };
  }, [arrivals, forecast.hours, missed, staff, style.accent, style.axis, style.met, style.missed, style.text, style.tooltip, time]);
  return <Chart option={option} height={220} label={translate('sla.scorecard.weather')} />;
};

/** Expected misses of the next 24 hours, and when one more person would help most. */
export const Weather = () => {
  const translate = useTranslate();
  const time = useTime();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['sla-forecast'],
    queryFn: ({ signal }) => getJson<Forecast | null>('/sla/forecast', signal),
  });
  if (!isPending && !error && !data) return null;
  return (
    <Panel title={translate('sla.scorecard.weather')} minHeight={250}>
      {isPending && <Skeleton variant="rounded" height={220} />}
      {error && <ErrorState dense error={error} retry={() => void refetch()} />}
      {data && (
        <>
          <Typography variant="body2">
            {data.expected > 0 ? translate('sla.scorecard.weatherSome', { count: data.expected }) : translate('sla.scorecard.weatherNone')}{' '}
            {data.advice &&
              translate('sla.scorecard.advice', {
                from: time.weekdayTime(data.advice.from),
                to: time.weekdayTime(data.advice.to),
                saves: data.advice.saves,
              })}
          </Typography>
          <Hours forecast={data} />
        </>
      )}
    </Panel>
  );
};
