import { CONDITION_OPERATORS, type Actor, type Condition, type ConditionRule, type Sql } from '../../../../contracts';
import { compileCondition, examineCondition } from '.';
import { facts, group, rule } from './__fixtures__/lead-facts';

const NOW = new Date('2026-03-02T12:00:00Z');
const actor: Actor = {
  kind: 'member',
  memberId: 7,
  name: 'Li',
  teamId: 3,
  teamIds: [3, 4],
  roles: [],
  poolIds: [],
  timeZone: 'Asia/Shanghai',
  locale: 'zh',
};
const input = { alias: 'l', context: { now: NOW, actor }, fact: (key: string) => facts.find((fact) => fact.key === key) };
const compiled = (one: ConditionRule): Sql => compileCondition(group(one), input);
describe('what a rule becomes', () => {
  const day = ['2026-02-28T16:00:00.000Z', '2026-03-01T16:00:00.000Z'];
  test.each<[string, ConditionRule, string, readonly unknown[]]>([
    ['text equals', rule('lead.country', '=', 'DE'), '(l.country = ?::text AND l.country IS NOT NULL)', ['DE']],
    ['text differs', rule('lead.country', '!=', 'DE'), '(l.country IS DISTINCT FROM ?::text)', ['DE']],
    [
      'text contains, escaped',
      rule('lead.city', 'contains', '50%_\\'),
      '(l.city ILIKE ?::text AND l.city IS NOT NULL)',
      ['%50\\%\\_\\\\%'],
    ],
    [
      'text under the name of react-querybuilder',
      rule('lead.city', 'doesNotContain', 'x'),
      '(NOT (l.city ILIKE ?::text AND l.city IS NOT NULL))',
      ['%x%'],
    ],
    [
      'text matches any',
      rule('lead.city', 'matches-any', ['a', 'b']),
      '(l.city ILIKE ANY (?::text[]) AND l.city IS NOT NULL)',
      [['%a%', '%b%']],
    ],
    ['text null', rule('lead.city', 'null', 'left over'), "(l.city IS NULL OR l.city = '')", []],
    ['text equals a field', rule('lead.city', '=', { field: 'lead.country' }), "COALESCE(l.city = NULLIF(l.country, ''), FALSE)", []],
    [
      'text equals a field by value source',
      rule('lead.city', '=', 'lead.country', { valueSource: 'field' }),
      "COALESCE(l.city = NULLIF(l.country, ''), FALSE)",
      [],
    ],
    ['number at least, whole', rule('lead.score', '>=', 10), '(l.score >= ?::bigint AND l.score IS NOT NULL)', ['10']],
    [
      'number at least, as text and not whole',
      rule('lead.score', '>=', '10.5'),
      '(l.score >= ?::numeric AND l.score IS NOT NULL)',
      ['10.5'],
    ],
    ['number in a list', rule('lead.score', 'in', ['1', 2]), '(l.score = ANY (?::bigint[]) AND l.score IS NOT NULL)', [['1', '2']]],
    ['duration over four hours', rule('lead.idle', '>', 'PT4H'), '(l.idle > ?::bigint AND l.idle IS NOT NULL)', ['14400']],
    [
      'date on a day of the actor',
      rule('lead.dueAt', '=', '2026-03-01'),
      '((l.due_at >= ?::timestamptz AND l.due_at IS NOT NULL) AND (l.due_at < ?::timestamptz AND l.due_at IS NOT NULL))',
      day,
    ],
    [
      'date up to a day includes it',
      rule('lead.dueAt', '<=', '2026-03-01'),
      '(l.due_at < ?::timestamptz AND l.due_at IS NOT NULL)',
      [day[1]],
    ],
    ['date after a day', rule('lead.dueAt', '>', '2026-03-01'), '(l.due_at >= ?::timestamptz AND l.due_at IS NOT NULL)', [day[1]]],
    [
      'date after an instant',
      rule('lead.dueAt', '>', '2026-03-01T09:00:00Z'),
      '(l.due_at > ?::timestamptz AND l.due_at IS NOT NULL)',
      ['2026-03-01T09:00:00.000Z'],
    ],
    [
      'date before now less three days',
      rule('lead.dueAt', '<', { now: 'P-3D' }),
      '(l.due_at < ?::timestamptz AND l.due_at IS NOT NULL)',
      ['2026-02-27T12:00:00.000Z'],
    ],
    [
      'date at least three days old',
      rule('lead.dueAt', 'olderThan', 'P3D'),
      '(l.due_at <= ?::timestamptz AND l.due_at IS NOT NULL)',
      ['2026-02-27T12:00:00.000Z'],
    ],
    [
      'date less than a month old',
      rule('lead.dueAt', 'newerThan', 'P1M'),
      '(l.due_at > ?::timestamptz AND l.due_at IS NOT NULL)',
      ['2026-02-02T12:00:00.000Z'],
    ],
    ['boolean is not true', rule('lead.isTest', '!=', 'true'), '(NOT (l.is_test IS TRUE))', []],
    [
      'a list has any',
      rule('lead.tags', 'hasAny', ['a']),
      "(l.tags \\?| ?::text[] AND jsonb_typeof(l.tags) = 'array' AND l.tags IS NOT NULL)",
      [['a']],
    ],
    ['the actor owns it', rule('lead.owner', '=', { actor: 'memberId' }), '(l.owner_id = ?::bigint AND l.owner_id IS NOT NULL)', ['7']],
    [
      'a team of the actor',
      rule('lead.team', 'in', { actor: 'teamIds' }),
      '(l.team_id = ANY (?::bigint[]) AND l.team_id IS NOT NULL)',
      [['3', '4']],
    ],
    ['a pool of an actor who has none', rule('lead.pool', 'in', { actor: 'poolIds' }), 'FALSE', []],
    [
      'behaviour, evaluated once',
      rule('behaviour.count', '>=', 3, { args: { kind: 'visit', within: '' } }),
      'COALESCE(((SELECT count(*) FROM e WHERE e.lead_id = l.id AND e.kind = ?)) >= ?::bigint, FALSE)',
      ['visit', '3'],
    ],
  ])('%s', (_, one, sql, bindings) => {
    expect(compiled(one)).toEqual({ sql, bindings });
  });

  test('groups are joined in order with their bindings, empty ones are true', () => {
    const tree: Condition = {
      combinator: 'or',
      not: true,
      rules: [rule('lead.country', '!=', 'DE'), group(rule('lead.isTest', 'isTrue'), rule('lead.country', '!=', 'FR')), group()],
    };
    expect(compileCondition(tree, input)).toEqual({
      sql: '(NOT ((l.country IS DISTINCT FROM ?::text) OR ((l.is_test IS TRUE) AND (l.country IS DISTINCT FROM ?::text)) OR TRUE))',
      bindings: ['DE', 'FR'],
    });
    expect(compileCondition(group(), input).sql).toBe('TRUE');
    expect(compileCondition({ combinator: 'and', not: true, rules: [] }, input).sql).toBe('(NOT TRUE)');
  });

  test('a day with a change to summer time ends when the next begins', () => {
    const berlin = { ...input, context: { now: NOW, actor: { ...actor, timeZone: 'Europe/Berlin' } } };
    expect(compileCondition(group(rule('lead.dueAt', '=', '2026-03-29')), berlin).bindings).toEqual([
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
  });

  test('days are those of UTC without an actor or with an unknown zone', () => {
    for (const who of [null, { ...actor, timeZone: 'Mars/Base' }])
      expect(compileCondition(group(rule('lead.dueAt', 'today')), { ...input, context: { now: NOW, actor: who } }).bindings).toEqual([
        '2026-03-02T00:00:00.000Z',
        '2026-03-03T00:00:00.000Z',
      ]);
  });

  test('without an actor what he stands for is nothing: equal is false, different is true', () => {
    const nobody = { ...input, context: { now: NOW, actor: null } };
    expect(compileCondition(group(rule('lead.owner', '=', { actor: 'memberId' })), nobody).sql).toBe('FALSE');
    expect(compileCondition(group(rule('lead.owner', '!=', { actor: 'memberId' })), nobody).sql).toBe('(NOT FALSE)');
    expect(compileCondition(group(rule('lead.team', 'notIn', { actor: 'teamIds' })), nobody).sql).toBe('(NOT FALSE)');
  });

  test('every operator of the table compiles for its type', () => {
    const literal = {
      text: 'a',
      select: 'mql',
      number: 1,
      count: 1,
      duration: 'P1D',
      date: '2026-03-01',
      boolean: true,
      multiselect: 'a',
      reference: 1,
    };
    for (const fact of facts) {
      for (const operator of CONDITION_OPERATORS[fact.type]) {
        const one = literal[fact.type];
        const value = { none: undefined, one, two: [one, one], many: [one], span: 'P1D' }[operator.operand];
        const more = fact.type === 'count' ? { args: { kind: 'visit' } } : {};
        expect(examineCondition(group(rule(fact.key, operator.key, value, more)), input).problems).toEqual([]);
      }
    }
  });
});
