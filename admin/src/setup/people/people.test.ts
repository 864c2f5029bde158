import { treeOrder } from './team-tree';

const team = (id: number, parent: number | null): { id: number; parent: number | null } => ({ id, parent });

describe('teams as a tree', () => {
  test('each team is followed by those below it', () => {
    const order = treeOrder([team(3, 1), team(1, null), team(2, null), team(4, 3)], null);
    expect(order.map(({ item, depth }) => [item.id, depth])).toEqual([
      [1, 0],
      [3, 1],
      [4, 2],
      [2, 0],
    ]);
  });
  test('a team whose parent is gone is at the top', () => {
    expect(treeOrder([team(5, 99)], null)).toEqual([{ item: team(5, 99), depth: 0 }]);
  });
  test('what is below one team', () => {
    expect(treeOrder([team(1, null), team(2, 1), team(3, 2)], 1).map(({ item }) => item.id)).toEqual([2, 3]);
  });
  test('a circle ends', () => {
    expect(treeOrder([team(1, 2), team(2, 1)], null)).toEqual([]);
  });
});
