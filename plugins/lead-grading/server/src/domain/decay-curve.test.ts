import type { Decay } from '../../../contracts';
import { addDecayKind } from './custom-decay';
import { decayCurve } from './decay-curve';

const leftAt = (decay: Decay, day: number): number | undefined => decayCurve(decay).points.find((point) => point.day === day)?.left;

test('a half-life is drawn over five of them, with half after one and never nothing', () => {
  const curve = decayCurve({ type: 'half-life', days: 30 });
  expect(curve).toMatchObject({ days: 150, stepped: false, half: 30, none: null });
  expect(curve.points).toHaveLength(61);
  expect([0, 15, 30, 45, 60].map((day) => leftAt({ type: 'half-life', days: 30 }, day))).toEqual([100, 70.71, 50, 35.36, 25]);
});

test('an even fall reaches nothing at its day and stays there', () => {
  const decay: Decay = { type: 'linear', percent: 50, days: 30 };
  expect(decayCurve(decay)).toMatchObject({ days: 69, stepped: false, half: 30, none: 60 });
  expect(leftAt(decay, 60)).toBe(0);
  expect(decayCurve(decay).points.at(-1)).toEqual({ day: 69, left: 0 });
});

test('steps fall at their days, whatever the order they are written in', () => {
  const decay: Decay = {
    type: 'step',
    steps: [
      { afterDays: 90, percent: 0 },
      { afterDays: 30, percent: 60 },
    ],
  };
  expect(decayCurve(decay)).toEqual({
    days: 104,
    stepped: true,
    points: [
      { day: 0, left: 100 },
      { day: 30, left: 60 },
      { day: 90, left: 0 },
      { day: 104, left: 0 },
    ],
    half: 90,
    none: 90,
  });
});

test('idleness takes its share again and again until nothing is left', () => {
  const curve = decayCurve({ type: 'inactivity', afterDays: 14, percent: 40, everyDays: 7 });
  expect(curve.points.slice(0, 4)).toEqual([
    { day: 0, left: 100 },
    { day: 14, left: 60 },
    { day: 21, left: 20 },
    { day: 28, left: 0 },
  ]);
  expect(curve).toMatchObject({ half: 21, none: 28, stepped: true });
});

test('points that stay are a level line without an end', () => {
  expect(decayCurve({ type: 'none' })).toMatchObject({ days: 90, half: null, none: null });
});

test('a decay somebody added is drawn by the steps it is graded with; one that is gone keeps all', () => {
  addDecayKind({
    kind: 'plateau',
    label: { zh: '平台', en: 'Plateau' },
    params: [{ key: 'days', label: { zh: '天', en: 'Days' }, default: 10, min: 1, max: 90 }],
    horizonDays: ({ days = 10 }) => 2 * days,
    left: (age, { days = 10 }) => (age < days ? 1 : Math.max(0, 2 - age / days)),
  });
  const curve = decayCurve({ type: 'custom', kind: 'plateau', params: { days: 20 } });
  expect(curve).toMatchObject({ days: 46, half: 30, none: 40, stepped: true });
  expect(curve.points.filter(({ day }) => day < 20)).toEqual([{ day: 0, left: 100 }]);
  expect(decayCurve({ type: 'custom', kind: 'gone', params: {} }).points.every(({ left }) => left === 100)).toBe(true);
});

test.each<Decay>([
  { type: 'half-life', days: 3650 },
  { type: 'linear', percent: 0.01, days: 3650 },
  { type: 'inactivity', afterDays: 0.001, percent: 0.01, everyDays: 0.001 },
  { type: 'inactivity', afterDays: 3650, percent: 1, everyDays: 3650 },
])('extreme numbers give a curve of bounded size: %j', (decay) => {
  const curve = decayCurve(decay);
  expect(curve.points.length).toBeLessThanOrEqual(502);
  expect(curve.days).toBeLessThanOrEqual(3650);
  expect(curve.points.every(({ left }, index) => left <= (curve.points[index - 1]?.left ?? 100))).toBe(true);
});
