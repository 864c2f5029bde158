import { Box } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import type { EChartsCoreOption } from 'echarts/core';
import { useEffect, useRef } from 'react';

type Instance = import('echarts/core').EChartsType;

/** echarts with the few charts of these pages, loaded when the first one is drawn. */
const load = async () => {
  const [core, charts, parts, renderers] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ]);
  core.use([
    charts.BarChart,
    charts.LineChart,
    charts.HeatmapChart,
    parts.GridComponent,
    parts.TooltipComponent,
    parts.LegendComponent,
    parts.MarkLineComponent,
    parts.VisualMapComponent,
    renderers.CanvasRenderer,
  ]);
  return core;
};

interface ChartProps {
  option: EChartsCoreOption;
  height: number;
  /** What the chart shows, for those who cannot see it. */
  label: string;
  /** Called with the name of what was clicked, so that a number can open its rows. */
  onPick?: (pick: { name: string; series: string; data: unknown }) => void;
}

/** A chart in the colours of the theme. Its height is fixed, so nothing moves when it arrives. */
export const Chart = ({ option, height, label, onPick }: ChartProps) => {
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Instance | null>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const latest = useRef(option);
  latest.current = option;
  useEffect(() => {
    const node = box.current;
    if (!node) return undefined;
    let gone = false;
    const resize = new ResizeObserver(() => chart.current?.resize());
    void load().then((core) => {
      if (gone) return;
      const made = core.init(node, null, { renderer: 'canvas' });
      made.on('click', (event) => pick.current?.({ name: event.name, series: event.seriesName ?? '', data: event.data }));
      made.setOption(latest.current);
      chart.current = made;
      resize.observe(node);
    });
    return () => {
      gone = true;
      resize.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true });
  }, [option]);
  return (
    <Box
      ref={box}
      role="img"
      aria-label={label}
      sx={{ height, width: '100%', minWidth: 0, cursor: onPick ? 'pointer' : undefined, color: theme.palette.text.primary }}
    />
  );
};

/** Colours and axes that every chart here shares. */
export const useChartStyle = () => {
  const { palette, typography } = useTheme();
  const text = { color: palette.text.secondary, fontFamily: typography.fontFamily, fontSize: 11 };
  return {
    met: palette.success.main,
    missed: palette.error.main,
    accent: palette.primary.main,
    muted: palette.divider,
    paper: palette.background.paper,
    text,
    axis: {
      axisLabel: text,
      axisLine: { lineStyle: { color: palette.divider } },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: palette.divider } },
    },
    tooltip: {
      backgroundColor: palette.background.paper,
      borderColor: palette.divider,
      textStyle: { color: palette.text.primary, fontSize: 12 },
    },
  };
};
