import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import type { Preflight } from '../../../pools/duty-api';
import { Chart } from '../../../pools/charts/chart';
import { useChartLook } from '../../../pools/charts/look';

const MOST = 20;
const ROW = 26;

/** Whose leads move: tonight, after the grace, and what protections keep; the hardest hit first. */
export const PersonChart = ({ preflight, onOpen }: { preflight: Preflight; onOpen: (member: number, name: string) => void }) => {
  const translate = useTranslate();
  const look = useChartLook();
  const people = useMemo(
    () =>
      [...preflight.byPerson]
        .filter((person) => person.tonight + person.afterGrace + person.week + person.protected > 0)
        .sort((a, b) => b.tonight - a.tonight || b.afterGrace - a.afterGrace)
        .slice(0, MOST)
        .reverse(),
    [preflight],
  );
  const option = useMemo(() => {
    const series = (name: string, colour: string, value: (person: (typeof people)[number]) => number) => ({
      name: translate(`setup.pool.preflight.${name}`),
      type: 'bar' as const,
      stack: 'all',
      barMaxWidth: 14,
      cursor: 'pointer',
      itemStyle: { color: colour },
      data: people.map(value),
    });
    return {
      grid: { ...look.grid, top: 30 },
      legend: look.legend,
      tooltip: look.tooltip,
      xAxis: look.value,
      yAxis: { ...look.category, data: people.map((person) => person.name) },
      series: [
        series('tonight', look.colours.danger, (person) => person.tonight),
        series('afterGrace', look.colours.recycled, (person) => person.afterGrace),
        series('protected', look.colours.claimed, (person) => person.protected),
      ],
    };
  }, [people, look, translate]);
  if (people.length === 0) return null;
  return (
    <Box>
      <Chart
        option={option}
        height={people.length * ROW + 64}
        label={translate('setup.pool.preflight.people')}
        onHit={({ index }) => {
          const person = people[index];
          if (person) onOpen(person.member, person.name);
        }}
      />
    </Box>
  );
};
