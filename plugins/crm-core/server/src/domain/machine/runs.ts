/** Cuts a list into runs of neighbours with the same kind, order kept: `a a b a` gives `[a a] [b] [a]`. */
export function runsByKind<Item extends { readonly kind: string }>(items: readonly Item[]): readonly (readonly Item[])[] {
  const runs: Item[][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last?.[0]?.kind === item.kind) last.push(item);
    else runs.push([item]);
  }
  return runs;
}
