import fc from 'fast-check';
import { runsByKind } from './runs';

test('neighbours of one kind form a run and order is kept', () => {
  const items = ['a', 'a', 'b', 'a'].map((kind, id) => ({ kind, id }));
  expect(runsByKind(items).map((run) => run.map((item) => item.id))).toEqual([[0, 1], [2], [3]]);
});

test('nothing gives nothing', () => {
  expect(runsByKind([])).toEqual([]);
});

test('runs put together give the list back, and no two neighbouring runs share a kind', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ kind: fc.constantFrom('a', 'b', 'c') })), (items) => {
      const runs = runsByKind(items);
      expect(runs.flat()).toEqual(items);
      expect(runs.every((run, index) => index === 0 || run[0]?.kind !== runs[index - 1]?.[0]?.kind)).toBe(true);
    }),
  );
});
