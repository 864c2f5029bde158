import { CONDITION_OPERATORS, OPERATOR_ALIASES, type FactDefinition } from '../../../../contracts';

/** A rule as it stands in a condition that was found well formed. */
interface Rule {
  readonly field: string;
  readonly operator: string;
  readonly value?: unknown;
  readonly valueSource?: string;
  readonly args?: unknown;
}
interface Group {
  readonly combinator: string;
  readonly not?: boolean;
  readonly rules: readonly (Group | Rule)[];
}

/** Two rules that can never hold together: where they stand, and on which field. */
export interface Never {
  readonly path: string;
  readonly field: string;
}

const isGroup = (node: Group | Rule): node is Group => 'rules' in node;
const isPlain = (value: unknown): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** What a fact can still be: one of so many values, none of some, a number between two ends, empty or not. */
interface Room {
  only: ReadonlySet<string> | null;
  readonly without: Set<string>;
  from: number;
  to: number;
  openFrom: boolean;
  openTo: boolean;
  filled: boolean;
  empty: boolean;
}

const wide = (): Room => ({
  only: null,
  without: new Set(),
  from: -Infinity,
  to: Infinity,
  openFrom: false,
  openTo: false,
  filled: false,
  empty: false,
});

/** Texts compare whatever their case: what differs in case only is never told to exclude itself. */
const key = (value: unknown): string => String(value).toLowerCase();

function keep(room: Room, values: readonly unknown[]): void {
  const allowed = new Set(values.map(key));
  room.only = new Set([...allowed].filter((value) => room.only === null || room.only.has(value)));
  room.filled = true;
}

function above(room: Room, end: number, open: boolean): void {
  room.filled = true;
  if (end > room.from || (end === room.from && open)) [room.from, room.openFrom] = [end, open];
}

function below(room: Room, end: number, open: boolean): void {
  room.filled = true;
  if (end < room.to || (end === room.to && open)) [room.to, room.openTo] = [end, open];
}

/** Narrows the room by one rule; what the rule says in another way (patterns, spans, other fields) narrows nothing. */
function narrow(room: Room, operator: string, value: unknown, numeric: boolean): void {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  if (operator === 'null') room.empty = true;
  else if (operator === 'notNull') room.filled = true;
  else if (!list.every(isPlain)) return;
  else if (operator === '=' || operator === 'in') keep(room, list);
  else if (operator === '!=' || operator === 'notIn') list.forEach((item) => room.without.add(key(item)));
  else if (numeric && list.every((item) => typeof item === 'number')) {
    const [first = NaN, second = NaN] = list;
    if (operator === '>' || operator === '>=') above(room, first, operator === '>');
    if (operator === '<' || operator === '<=') below(room, first, operator === '<');
    if (operator === 'between') {
      above(room, first, false);
      below(room, second, false);
    }
  }
}

const fitsRange = (room: Room, value: number): boolean =>
  (room.openFrom ? value > room.from : value >= room.from) && (room.openTo ? value < room.to : value <= room.to);

function isShut(room: Room): boolean {
  if (room.empty && room.filled) return true;
  if (room.from > room.to || (room.from === room.to && (room.openFrom || room.openTo))) return true;
  if (room.only === null) return false;
  const bounded = room.from > -Infinity || room.to < Infinity;
  return [...room.only].every((value) => room.without.has(value) || (bounded && !fitsRange(room, Number(value))));
}

const NUMERIC: readonly string[] = ['number', 'count', 'duration'];
/** Facts of one value whose equality is equality; dates depend on a zone, lists hold several values. */
const JUDGED: readonly string[] = ['text', 'select', 'boolean', 'reference', ...NUMERIC];

/**
 * Rules of a condition that exclude each other, so that no record can ever fit: `country is China` and `country is Japan`, `score above 50` and
 * `score below 30`. Interval and set algebra per field over what is joined by "and"; an "or" can hold as long as one of its parts can. Only what is
 * certain is told: negated groups, patterns and comparisons with other fields exclude nothing.
 */
export function findNever(condition: unknown, fact: (key: string) => FactDefinition | undefined): readonly Never[] {
  const found: Never[] = [];
  const operatorOf = (type: FactDefinition['type'], given: string): string | undefined => {
    const name = Object.hasOwn(OPERATOR_ALIASES, given) ? OPERATOR_ALIASES[given] : given;
    return CONDITION_OPERATORS[type].find((operator) => operator.key === name)?.key;
  };
  /** Rules that hold together with this group: those of groups within that are joined by "and" too. */
  const together = (group: Group, path: string): [Rule, string][] =>
    group.rules.flatMap((node, index): [Rule, string][] => {
      const at = `${path === '' ? '' : `${path}.`}rules[${index}]`;
      if (!isGroup(node)) return [[node, at]];
      return node.not !== true && (node.combinator === 'and' || node.rules.length === 1) ? together(node, at) : [];
    });
  const judge = (group: Group, path: string): void => {
    if (group.not === true) return;
    if (group.combinator === 'and' || group.rules.length === 1) {
      const rooms = new Map<string, Room>();
      for (const [rule, at] of together(group, path)) {
        const known = fact(rule.field);
        const operator = known && JUDGED.includes(known.type) ? operatorOf(known.type, rule.operator) : undefined;
        if (!known || operator === undefined || rule.valueSource === 'field') continue;
        const name = `${rule.field} ${JSON.stringify(rule.args ?? null)}`;
        const room = rooms.get(name) ?? wide();
        rooms.set(name, room);
        const before = isShut(room);
        narrow(room, operator, rule.value, NUMERIC.includes(known.type));
        if (!before && isShut(room)) found.push({ path: at, field: rule.field });
      }
      // Groups joined by "or" below are judged by themselves.
      each(group, path, (node, at) => !(node.not !== true && (node.combinator === 'and' || node.rules.length === 1)) && judge(node, at));
      return;
    }
    each(group, path, judge);
  };
  const each = (group: Group, path: string, visit: (node: Group, at: string) => unknown): void =>
    group.rules.forEach((node, index) => {
      if (isGroup(node)) visit(node, `${path === '' ? '' : `${path}.`}rules[${index}]`);
    });
  judge(condition as Group, '');
  return found;
}
