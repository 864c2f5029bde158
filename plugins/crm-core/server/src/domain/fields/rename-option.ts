/** One option of a list takes the place of another one, wherever configuration names it. */
export interface OptionChange {
  /** Fact of the field: `lead.custom.tier`. */
  readonly fact: string;
  /** The field as lists and filters name it: `custom.tier`; absent = only conditions and tables are looked at. */
  readonly filter?: string;
  readonly from: string;
  readonly to: string;
}

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value or a list of values with the one option in place of the other; a list holds each once. */
export function replacedOption(value: unknown, { from, to }: Pick<OptionChange, 'from' | 'to'>): unknown {
  if (!Array.isArray(value)) return value === from ? to : value;
  return value.includes(from) ? [...new Set(value.map((item: unknown) => (item === from ? to : item)))] : value;
}

const fold = (cell: string): string => cell.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

/** A cell of a decision table: words parted by `|`, whose case and width do not count. */
function replacedCell(cell: unknown, { from, to }: OptionChange): unknown {
  if (typeof cell !== 'string' || !cell.split('|').some((word) => fold(word) === fold(from))) return cell;
  const words = cell.split('|').map((word) => (fold(word) === fold(from) ? to : word.trim()));
  return words.filter((word, index) => words.findIndex((other) => fold(other) === fold(word)) === index).join('|');
}

/** Points per value: what the option that stays has of its own counts, else it takes over what the other one had. */
function replacedPoints(points: Json, { from, to }: OptionChange): Json {
  if (!Object.hasOwn(points, from)) return points;
  return Object.fromEntries(
    Object.entries(points).flatMap(([value, given]) =>
      value !== from ? [[value, given]] : Object.hasOwn(points, to) ? [] : [[to, given]],
    ),
  );
}

const suffixed = (key: string, field: string): boolean =>
  key === field || ['_in', '_nin', '_ne'].some((suffix) => key === `${field}${suffix}`);

function replacedTable(json: Json, change: OptionChange): Json {
  const { columns, rows } = json;
  if (!Array.isArray(columns) || !Array.isArray(rows) || !columns.includes(change.fact)) return json;
  const next = rows.map((row: unknown) => {
    if (!isRecord(row) || !Array.isArray(row['cells'])) return row;
    return { ...row, cells: row['cells'].map((cell: unknown, at) => (columns[at] === change.fact ? replacedCell(cell, change) : cell)) };
  });
  return { ...json, rows: next };
}

/**
 * A body of configuration with one option in place of another: in rules of conditions on the field, in points per value, in decision tables with
 * the field as a column and, with `filter`, in filters of lists. Everything else stays as it is; a body that does not name it comes back equal.
 */
export function withOption(json: unknown, change: OptionChange): unknown {
  if (Array.isArray(json)) return json.map((item) => withOption(item, change));
  if (!isRecord(json)) return json;
  if (json['field'] === change.fact) {
    if (isRecord(json['values'])) return { ...json, values: replacedPoints(json['values'], change) };
    if ('value' in json && json['valueSource'] !== 'field') return { ...json, value: replacedOption(json['value'], change) };
  }
  const inner = Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      change.filter !== undefined && suffixed(key, change.filter) ? replacedOption(value, change) : withOption(value, change),
    ]),
  );
  return replacedTable(inner, change);
}
