import type { Decay, DecayCurve } from '@leadsea/lead-grading/contracts/decay';
import { Box, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useDeferredValue, useMemo } from 'react';
import { postJson } from '../../api/http-client';
import { useLocaleCode } from '../../common/text';
import { showNumber } from '../../common/values';
import { Chart, useChartBase } from '../grading-lab/chart';

const Picture = ({ curve, label }: { curve: DecayCurve; label: string }) => {
  const translate = useTranslate();
  const { axis, nameStyle, theme, tooltip } = useChartBase();
  const option = useMemo(
    () => ({
      grid: { left: 44, right: 20, top: 12, bottom: 40 },
      tooltip: { ...tooltip, valueFormatter: (value: unknown) => translate('setup.grading.pointsLeft', { points: String(value) }) },
      xAxis: { type: 'value', min: 0, max: curve.days, name: translate('setup.grading.curveDays'), nameGap: 26, ...axis, ...nameStyle },
      yAxis: { type: 'value', min: 0, max: 100, interval: 25, axisLabel: axis.axisLabel, splitLine: axis.splitLine },
      series: [
        {
          type: 'line',
          step: curve.stepped ? 'end' : false,
          showSymbol: false,
          data: curve.points.map(({ day, left }) => [day, left]),
          areaStyle: { opacity: 0.12 },
          lineStyle: { width: 2 },
          markLine:
            curve.half === null
              ? undefined
              : {
                  silent: true,
                  symbol: 'none',
                  label: { show: false },
                  lineStyle: { color: theme.palette.text.secondary, type: 'dashed' },
                  data: [{ xAxis: curve.half }],
                },
        },
      ],
    }),
    [axis, curve, nameStyle, theme, tooltip, translate],
  );
  return <Chart option={option} label={label} height={180} />;
};

/** What becomes of 100 points as days pass, redrawn while the numbers are typed. The server draws it, with the function it grades by. */
export const DecayPicture = ({ decay }: { decay: Decay }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const asked = useDeferredValue(JSON.stringify(decay));
  const { data, error } = useQuery({
    queryKey: ['decay-curve', asked],
    queryFn: () => postJson<DecayCurve>('/grading-models/decay-curve', { decay: JSON.parse(asked) as Decay }),
    placeholderData: (before) => before,
    staleTime: Infinity,
    retry: false,
  });
  const day = (value: number): string => showNumber(Math.round(value * 10) / 10, locale);
  const idle = decay.type === 'inactivity';
  const words = !data
    ? ''
    : [
        data.half === null
          ? translate('setup.grading.curveNever')
          : translate(data.stepped ? 'setup.grading.curveAtMostHalf' : 'setup.grading.curveHalf', { days: day(data.half) }),
        data.none === null ? '' : translate('setup.grading.curveNone', { days: day(data.none) }),
        translate('setup.grading.curveEnd'),
      ].join('');
  return (
    <Box sx={{ maxWidth: 620, minHeight: 224, opacity: error ? 0.5 : 1 }}>
      {data && <Picture curve={data} label={`${translate('setup.grading.curve')} ${words}`} />}
      <Typography variant="caption" color="text.secondary" component="p" aria-live="polite">
        {error
          ? translate('setup.grading.curveInvalid')
          : [translate(idle ? 'setup.grading.curveIdle' : 'setup.grading.curve'), words].join(locale === 'zh' ? '' : ' ')}
      </Typography>
    </Box>
  );
};
