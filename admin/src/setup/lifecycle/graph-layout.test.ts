import { STANDARD_LIFECYCLE } from '../../../../plugins/leads/contracts/lifecycle';
import { ANY, edgeBetween, layoutOf, NODE, sizeOf, snapped } from './graph-layout';

const { stages } = STANDARD_LIFECYCLE;
const places = layoutOf(stages);
const at = (key: string) => places.get(key)!;

test('the way to a win runs from left to right, closed stages lie below it, the rest between', () => {
  const way = ['lead', 'mql', 'srl', 'sql', 'opportunity', 'won'].map(at);
  expect(new Set(way.map(({ y }) => y)).size).toBe(1);
  expect(way.map(({ x }) => x)).toEqual([...way.map(({ x }) => x)].sort((a, b) => a - b));
  expect(at('lost').y).toBeGreaterThan(at('recycled').y);
  expect(at('recycled').y).toBeGreaterThan(at('lead').y);
});

test('no two stages cover each other, and all lie on the canvas', () => {
  const all = [...places].filter(([key]) => key !== ANY).map(([, point]) => point);
  const { width, height } = sizeOf(places);
  all.forEach((a, index) => {
    expect([a.x + NODE.width <= width, a.y + NODE.height <= height]).toEqual([true, true]);
    for (const b of all.slice(index + 1)) expect(Math.abs(a.x - b.x) >= NODE.width || Math.abs(a.y - b.y) >= NODE.height).toBe(true);
  });
});

test('a stage somebody moved stays where it was put', () => {
  const moved = stages.map((stage) => (stage.key === 'sql' ? { ...stage, at: { x: 500, y: 400 } } : stage));
  expect(layoutOf(moved).get('sql')).toEqual({ x: 500, y: 400 });
});

test('there and back are two lines', () => {
  const [a, b] = [at('lead'), at('mql')];
  expect(Math.abs(edgeBetween(a, b).middle.y - edgeBetween(b, a).middle.y)).toBeGreaterThan(10);
});

test('a place is on the grid and never outside', () => {
  expect(snapped({ x: -30, y: 17 })).toEqual({ x: 0, y: 12 });
  expect(snapped({ x: 9999, y: 18 })).toEqual({ x: 4000, y: 24 });
});
