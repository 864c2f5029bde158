import fc from 'fast-check';
import { CONDITION_OPERATORS, type Condition, type ConditionRule, type FactType } from '../../plugins/crm-core/contracts';
import { CUSTOM_DATES, NOW, facts, type Thing } from './conditions-support';

/** Random rows with awkward texts and malformed custom values, random rules that compile, random trees of them. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 4 });
const letters = fc.constantFrom('a', 'A', 'b', '%', '_', '\\', "'", '"', '?', '$1', '中', '文', '😀', ' ', ';', '--', '{', '}', ',');
const words = fc.array(letters, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
const text = fc.oneof(fc.constantFrom('a', 'A', 'ab', '%', 'a%b', '\\', "'", 'Steel', '5', 'true'), words);
const stage = fc.constantFrom('mql', 'sql', "s'ql");
const option = fc.constantFrom('x', 'y', "z'", 'w"\\');
const instant = fc.integer({ min: -20, max: 20 }).map((quarter) => new Date(NOW.getTime() + quarter * 6 * 3_600_000).toISOString());
const anything = fc.constantFrom(
  5,
  -2.5,
  '5',
  '1e3',
  'true',
  'false',
  true,
  false,
  null,
  '',
  'x',
  ['x'],
  ['x', 5, null],
  [],
  {},
  { x: 1 },
  1e25,
  '٣',
  ...Object.keys(CUSTOM_DATES),
);

const thing = (id: number): fc.Arbitrary<Thing> =>
  fc.record({
    id: fc.constant(id),
    name: maybe(fc.oneof(text, fc.constant(''))),
    alias: maybe(fc.oneof(text, fc.constant(''))),
    stage: maybe(fc.oneof(stage, fc.constant(''))),
    n: maybe(fc.integer({ min: -3, max: 6 })),
    price: maybe(fc.integer({ min: -12, max: 24 }).map((quarters) => quarters / 4)),
    at: maybe(instant),
    flag: maybe(fc.boolean()),
    tags: maybe(fc.oneof(fc.subarray(['x', 'y', "z'", 'w"\\']), fc.constantFrom<unknown>('x', { x: 1 }, 5))),
    owner_id: maybe(fc.integer({ min: 1, max: 3 })),
    team_id: maybe(fc.integer({ min: 1, max: 3 })),
    account_id: maybe(fc.integer({ min: 1, max: 5 })),
    custom: maybe(fc.dictionary(fc.constantFrom('word', 'size', 'on', 'yes', 'many', 'ref'), anything, { noNullPrototype: true })),
  });
export const things = fc.tuple(...[1, 2, 3, 4, 5, 6].map(thing));

const sameType: Partial<Record<FactType, fc.Arbitrary<unknown>>> = {
  text: fc.constantFrom('thing.name', 'thing.alias', 'thing.stage', 'account.industry', 'thing.custom.word').map((field) => ({ field })),
  number: fc.constantFrom('thing.n', 'thing.price', 'thing.custom.size').map((field) => ({ field })),
  date: fc.oneof(
    fc.constantFrom('thing.at', 'thing.custom.on').map((field) => ({ field })),
    fc.constantFrom('PT0S', 'P1D', '-P3D', '-PT6H').map((now) => ({ now })),
  ),
  boolean: fc.constantFrom('thing.flag', 'thing.custom.yes').map((field) => ({ field })),
};
sameType.select = sameType.text;
const literals: Readonly<Record<FactType, fc.Arbitrary<unknown>>> = {
  text,
  select: stage,
  number: fc.oneof(
    fc.integer({ min: -3, max: 6 }),
    fc.integer({ min: -12, max: 24 }).map((quarters) => quarters / 4),
  ),
  count: fc.integer({ min: 0, max: 2 }),
  duration: fc.oneof(fc.constantFrom('P1D', 'P3D', 'PT6H'), fc.constantFrom(0, 21_600, -86_400)),
  date: fc.oneof(instant, fc.constantFrom('2026-03-01', '2026-03-02', '2026-03-03', '2024-02-29')),
  boolean: fc.boolean(),
  multiselect: option,
  reference: fc.integer({ min: 1, max: 3 }),
};

export const rule: fc.Arbitrary<ConditionRule> = fc.constantFrom(...facts).chain((fact) =>
  fc.constantFrom(...CONDITION_OPERATORS[fact.type]).chain(({ key, operand }) => {
    const literal = literals[fact.type];
    const other =
      sameType[fact.type] ??
      (fact.key === 'thing.owner'
        ? fc.constant({ actor: 'memberId' })
        : fact.key === 'thing.team'
          ? fc.constant({ actor: 'teamId' })
          : literal);
    const one = fc.oneof({ weight: 3, arbitrary: literal }, { weight: 1, arbitrary: other });
    const list: fc.Arbitrary<unknown> = fc.array(literal, { minLength: 1, maxLength: 4 });
    const many = fact.key === 'thing.team' ? fc.oneof(list, fc.constant({ actor: 'teamIds' })) : list;
    const value = { none: fc.constant(undefined), one, two: fc.tuple(one, one), many, span: fc.constantFrom('P1D', 'P3D', 'PT6H', 'PT0S') }[
      operand
    ];
    const args = fact.args ? { args: { kind: 'visit', match: '/pricing', ...(fact.type === 'count' ? { within: 'P7D' } : {}) } } : {};
    return value.map((right): ConditionRule => ({
      field: fact.key,
      operator: key,
      ...(right === undefined ? {} : { value: right }),
      ...args,
    }));
  }),
);

export const { tree } = fc.letrec<{ tree: Condition; node: Condition | ConditionRule }>((tie) => ({
  tree: fc.record({
    combinator: fc.constantFrom('and' as const, 'or' as const),
    not: fc.boolean(),
    rules: fc.array(tie('node'), { maxLength: 4 }),
  }),
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, rule, tie('tree')),
}));
