import { Box, Skeleton } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';

/** Place of a bar or point that was clicked: which series, and which category. */
export interface ChartHit {
  readonly series: string;
  readonly index: number;
}

interface ChartProps {
  /** echarts' own description; make it with `useMemo`, a new object draws anew. */
  option: EChartsCoreOption;
  height: number;
  /** What the chart shows, for those who cannot see it. */
  label: string;
  onHit?: (hit: ChartHit) => void;
}

/** A chart that loads its library when the first one is shown, keeps its height meanwhile, and follows size and theme. */
export const Chart = ({ option, height, label, onHit }: ChartProps) => {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const hit = useRef(onHit);
  hit.current = onHit;
  const { mode } = useTheme().palette;
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    let made: EChartsType | null = null;
    let gone = false;
    const observer = new ResizeObserver(() => made?.resize());
    void import('./engine').then(({ init }) => {
      if (gone) return;
      made = init(element, mode === 'dark' ? 'dark' : undefined, { renderer: 'svg' });
      made.on('click', (event) => hit.current?.({ series: event.seriesName ?? '', index: event.dataIndex ?? 0 }));
      observer.observe(element);
      setChart(made);
    });
    return () => {
      gone = true;
      observer.disconnect();
      made?.dispose();
      setChart(null);
    };
  }, [mode]);
  useEffect(() => chart?.setOption({ backgroundColor: 'transparent', animationDuration: 250, ...option }, true), [chart, option]);
  return (
    <Box sx={{ position: 'relative', height }}>
      {!chart && <Skeleton variant="rounded" height={height} sx={{ position: 'absolute', inset: 0 }} />}
      <Box ref={box} role="img" aria-label={label} sx={{ width: '100%', height }} />
    </Box>
  );
};
