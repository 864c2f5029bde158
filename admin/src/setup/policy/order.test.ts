import { nextPosition, positionsAfter } from './order';

const at = (...positions: number[]): { id: number; position: number }[] =>
  positions.map((position, index) => ({ id: index + 1, position }));

describe('the order of policies', () => {
  test('neighbours exchange their positions and nobody else is written', () => {
    expect(positionsAfter(at(0, 10, 20, 30), 2, 1)).toEqual([
      { id: 3, position: 10 },
      { id: 2, position: 20 },
    ]);
  });
  test('equal positions are numbered from 0', () => {
    expect(positionsAfter(at(0, 0, 0), 0, 1)).toEqual([
      { id: 1, position: 1 },
      { id: 3, position: 2 },
    ]);
  });
  test('staying in place writes nothing', () => {
    expect(positionsAfter(at(3, 5), 1, 1)).toEqual([]);
  });
  test('a new policy stands behind all others', () => {
    expect(nextPosition([])).toBe(0);
    expect(nextPosition(at(0, 40, 2))).toBe(41);
  });
});
