import { Box, Skeleton } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';

/** A chart in the colours of the console. The library is loaded when the first one is shown. `label` says in words what it shows. */
export const Chart = ({ option, label, height = 260 }: { option: EChartsCoreOption; label: string; height?: number }) => {
  const theme = useTheme();
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let gone = false;
    let watch: ResizeObserver | null = null;
    void import('./engine').then(({ init }) => {
      if (gone || !holder.current) return;
      const made = init(holder.current, undefined, { renderer: 'svg' });
      chart.current = made;
      watch = new ResizeObserver(() => made.resize());
      watch.observe(holder.current);
      setReady(true);
    });
    return () => {
      gone = true;
      watch?.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    if (!ready) return;
    chart.current?.setOption(
      {
        animation: false,
        textStyle: { fontFamily: theme.typography.fontFamily, color: theme.palette.text.primary },
        color: [theme.palette.primary.main, theme.palette.secondary.main, theme.palette.info.main, theme.palette.text.secondary],
        ...option,
      },
      { notMerge: true },
    );
  }, [option, ready, theme]);
  return (
    <Box sx={{ position: 'relative', height, minWidth: 0 }}>
      {!ready && <Skeleton variant="rounded" sx={{ position: 'absolute', inset: 0, height: '100%' }} />}
      <Box ref={holder} role="img" aria-label={label} sx={{ position: 'absolute', inset: 0 }} />
    </Box>
  );
};

/** Axis, grid and tooltip as all charts here have them. */
export const useChartBase = () => {
  const theme = useTheme();
  const line = { lineStyle: { color: theme.palette.divider } };
  const axis = { axisLine: line, axisTick: { show: false }, splitLine: line, axisLabel: { color: theme.palette.text.secondary } };
  const nameStyle = { nameTextStyle: { color: theme.palette.text.secondary }, nameLocation: 'middle' as const };
  return {
    theme,
    axis,
    nameStyle,
    grid: { left: 52, right: 20, top: 32, bottom: 44 },
    legend: { top: 0, textStyle: { color: theme.palette.text.secondary }, itemWidth: 14, itemHeight: 8 },
    tooltip: {
      trigger: 'axis' as const,
      backgroundColor: theme.palette.background.paper,
      borderColor: theme.palette.divider,
      textStyle: { color: theme.palette.text.primary, fontSize: 12 },
    },
  };
};
