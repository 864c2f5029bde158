/** One line of a comparison. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Lines of two texts compared by their longest common subsequence; removed lines come before the added ones of the same place. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  for (let row = a.length - 1; row >= 0; row -= 1) {
    for (let column = b.length - 1; column >= 0; column -= 1) {
      const length = a[row] === b[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
      lengths[row]![column] = length;
    }
  }
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < a.length || column < b.length) {
    if (row < a.length && column < b.length && a[row] === b[column]) {
      lines.push({ kind: 'same', text: a[row]! });
      row += 1;
      column += 1;
    } else if (row < a.length && (column >= b.length || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ kind: 'removed', text: a[row]! });
      row += 1;
    } else {
      lines.push({ kind: 'added', text: b[column]! });
      column += 1;
    }
  }
  return lines;
}
