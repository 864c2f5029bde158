interface Node {
  readonly id: number;
  readonly parent: number | null;
}

/**
 * The items below a parent, each followed by its own, with its depth. Items whose parent is missing count as top level;
 * a circle of parents, which no page can make, is left out rather than followed for ever.
 */
export const treeOrder = <Item extends Node>(items: readonly Item[], root: number | null): { item: Item; depth: number }[] => {
  const known = new Set(items.map((item) => item.id));
  const below = (parent: number | null): Item[] =>
    items.filter((item) => item.parent === parent || (parent === null && item.parent !== null && !known.has(item.parent)));
  const seen = new Set<number>();
  const walk = (parent: number | null, depth: number): { item: Item; depth: number }[] =>
    below(parent).flatMap((item) => {
      if (seen.has(item.id)) return [];
      seen.add(item.id);
      return [{ item, depth }, ...walk(item.id, depth + 1)];
    });
  return walk(root, 0);
};
