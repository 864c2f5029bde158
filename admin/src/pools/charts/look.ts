import { useTheme } from '@mui/material/styles';
import { useMemo } from 'react';

/** Colours and axes that every chart of the console shares. */
export const useChartLook = () => {
  const theme = useTheme();
  return useMemo(() => {
    const { palette, typography } = theme;
    const text = { fontFamily: typography.fontFamily, fontSize: 12, color: palette.text.secondary };
    const line = { lineStyle: { color: palette.divider } };
    return {
      colours: {
        entered: palette.info.main,
        claimed: palette.primary.main,
        released: palette.secondary.main,
        recycled: palette.warning.main,
        converted: palette.success.main,
        quiet: palette.text.disabled,
        danger: palette.error.main,
      },
      text,
      grid: { left: 8, right: 12, top: 34, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 10, itemHeight: 10, icon: 'roundRect', textStyle: text },
      category: { type: 'category' as const, axisLabel: { ...text, hideOverlap: true }, axisLine: line, axisTick: { show: false } },
      value: {
        type: 'value' as const,
        minInterval: 1,
        axisLabel: text,
        splitLine: { lineStyle: { color: palette.divider, type: 'dashed' as const } },
      },
      tooltip: {
        trigger: 'axis' as const,
        axisPointer: { type: 'shadow' as const },
        backgroundColor: palette.background.paper,
        borderColor: palette.divider,
        textStyle: { ...text, color: palette.text.primary },
        confine: true,
      },
    };
  }, [theme]);
};
