import { AppError, type Condition, type ConditionRule } from '../../../../contracts';
import { compileCondition, examineCondition } from '.';
import { facts, group, rule } from './__fixtures__/lead-facts';

const NOW = new Date('2026-03-02T12:00:00Z');
const input = { alias: 'l', context: { now: NOW, actor: null }, fact: (key: string) => facts.find((fact) => fact.key === key) };
const refusal = (condition: unknown): { path: unknown; reason: unknown } => {
  try {
    compileCondition(condition, input);
  } catch (error) {
    if (error instanceof AppError && error.code === 'CONDITION_INVALID' && error.status === 400)
      return { path: error.details['path'], reason: error.details['reason'] };
    throw error;
  }
  throw new Error('The condition was accepted.');
};

describe('what is refused', () => {
  const deep = (levels: number): Condition => (levels === 1 ? group() : group(deep(levels - 1)));
  const count = (args: unknown): unknown => group({ ...rule('behaviour.count', '>', 1), args } as ConditionRule);
  const one = (...args: Parameters<typeof rule>): Condition => group(rule(...args));
  test.each<[string, unknown, string, RegExp]>([
    ['something that is no group', 'x', '', /group with a list/],
    ['a combinator that is SQL', { combinator: 'and 1=1 or', rules: [] }, '', /joined by/],
    ['not that is no boolean', { combinator: 'and', not: 'yes', rules: [] }, '', /true or false/],
    ['a string among the rules', { combinator: 'and', rules: ['and'] }, 'rules[0]', /neither/],
    ['a rule that is a group too', { combinator: 'and', rules: [{ field: 'lead.city', rules: [] }] }, 'rules[0]', /both/],
    ['a muted rule', { combinator: 'and', rules: [{ ...rule('lead.city', 'null'), muted: true }] }, 'rules[0]', /muted/],
    [
      'an unknown field, deep inside',
      group(rule('lead.city', 'null'), group(rule('lead.secret', '=', 1))),
      'rules[1].rules[0]',
      /no field "lead.secret"/,
    ],
    ['a field from the prototype', one('constructor', 'null'), 'rules[0]', /no field/],
    ['an unknown operator', one('lead.city', 'OR 1=1', 'x'), 'rules[0]', /no operator/],
    ['an operator of another type', one('lead.score', 'contains', '1'), 'rules[0]', /no operator/],
    ['an operator from the prototype', one('lead.city', 'toString', '1'), 'rules[0]', /no operator/],
    ['a missing value', one('lead.city', '='), 'rules[0]', /missing/],
    ['an empty text', one('lead.city', 'in', ['']), 'rules[0]', /missing/],
    ['a number for a text', one('lead.city', '=', 5), 'rules[0]', /needs a text/],
    ['a NUL character', one('lead.city', '=', 'a\u0000'), 'rules[0]', /cannot be stored/],
    ['half a character', one('lead.city', '=', 'a\ud800'), 'rules[0]', /cannot be stored/],
    ['a text for a number', one('lead.score', '>', '10 or 1=1'), 'rules[0]', /needs a number/],
    ['infinity', one('lead.score', '>', Infinity), 'rules[0]', /needs a number/],
    ['a list for a number', one('lead.score', '>', [1]), 'rules[0]', /not a list/],
    ['one end of a range', one('lead.score', 'between', [1]), 'rules[0]', /Two values/],
    ['an open range', one('lead.score', 'between', [1, null]), 'rules[0]', /missing/],
    ['no list', one('lead.score', 'in', '1,2'), 'rules[0]', /list of values/],
    ['an empty list', one('lead.score', 'in', []), 'rules[0]', /empty/],
    ['a list of fields', one('lead.score', 'in', [{ field: 'lead.score' }]), 'rules[0]', /literal values only/],
    [
      'too long a list',
      one(
        'lead.score',
        'in',
        Array.from({ length: 1001 }, (_, i) => i),
      ),
      'rules[0]',
      /1000 are allowed/,
    ],
    ['a day that does not exist', one('lead.dueAt', '=', '2026-02-30'), 'rules[0]', /needs a date/],
    ['a negative window', one('lead.dueAt', 'olderThan', '-P3D'), 'rules[0]', /duration/],
    ['a window in words', one('lead.dueAt', 'inLast', '3 days'), 'rules[0]', /duration/],
    ['a bare P', one('lead.dueAt', 'inLast', 'P'), 'rules[0]', /duration/],
    ['a window longer than time', one('lead.dueAt', 'inLast', 'P9999Y'), 'rules[0]', /too long/],
    ['now for a number', one('lead.score', '>', { now: 'P1D' }), 'rules[0]', /not a date/],
    ['now with a word', one('lead.dueAt', '>', { now: 'yesterday' }), 'rules[0]', /"now" takes/],
    ['months as a length of time', one('lead.idle', '>', 'P1M'), 'rules[0]', /no fixed length/],
    ['a field of another type', one('lead.city', '=', { field: 'lead.score' }), 'rules[0]', /cannot be compared/],
    ['a reference to other things', one('lead.owner', '=', { field: 'lead.pool' }), 'rules[0]', /different things/],
    ['an unknown field on the right', one('lead.city', '=', { field: 'lead.nothing' }), 'rules[0]', /no field/],
    ['the actor for a text', one('lead.city', '=', { actor: 'memberId' }), 'rules[0]', /cannot be compared/],
    ['the actor as another thing', one('lead.pool', '=', { actor: 'memberId' }), 'rules[0]', /cannot be compared/],
    ['an unknown side of the actor', one('lead.owner', '=', { actor: 'password' }), 'rules[0]', /has no "password"/],
    ['the teams of the actor as one', one('lead.team', '=', { actor: 'teamIds' }), 'rules[0]', /list/],
    ['an unknown operand', one('lead.city', '=', { sql: 'now()' }), 'rules[0]', /literal, \{field\}/],
    ['a broken id', one('lead.owner', '=', 1.5), 'rules[0]', /record id/],
    ['an unknown value source', one('lead.city', '=', 'x', { valueSource: 'sql' as 'value' }), 'rules[0]', /value source/],
    ['a missing argument', count(undefined), 'rules[0]', /needs the argument "kind"/],
    ['an unknown argument', count({ kind: 'visit', table: 'x' }), 'rules[0]', /takes no argument/],
    ['an unknown option of an argument', count({ kind: 'hack' }), 'rules[0]', /no option/],
    ['a broken window of an argument', count({ kind: 'visit', within: '30 days' }), 'rules[0]', /must be a duration/],
    ['arguments that are a list', count(['visit']), 'rules[0]', /must be an object/],
    ['groups nested eleven deep', deep(11), Array(10).fill('rules[0]').join('.'), /deeper than 10/],
    ['501 rules', group(...Array.from({ length: 501 }, () => rule('lead.city', 'null'))), 'rules[500]', /more than 500/],
  ])('%s', (_, condition, path, reason) => {
    const refused = refusal(condition);
    expect(refused.path).toBe(path);
    expect(refused.reason).toMatch(reason);
  });

  test('ten groups deep, 500 rules and 1000 values are allowed', () => {
    expect(compileCondition(deep(10), input).sql).toContain('TRUE');
    expect(compileCondition(group(...Array.from({ length: 500 }, () => rule('lead.city', 'null'))), input).bindings).toEqual([]);
    const list = Array.from({ length: 1000 }, (_, i) => i);
    expect(compileCondition(group(rule('lead.score', 'in', list)), input).bindings).toHaveLength(1);
  });

  test('all problems are reported with their places, an unknown option only as a warning', () => {
    const { problems } = examineCondition(
      group(rule('lead.stage', '=', 'gone'), rule('lead.city', '='), group(rule('lead.x', 'null'))),
      input,
    );
    expect(problems.map(({ path, level }) => [path, level])).toEqual([
      ['rules[0]', 'warning'],
      ['rules[1]', 'error'],
      ['rules[2].rules[0]', 'error'],
    ]);
    expect(compileCondition(group(rule('lead.stage', '=', 'gone')), input).bindings).toEqual(['gone']);
  });

  test('an alias that is no identifier is a mistake of the caller', () => {
    expect(() => compileCondition(group(), { ...input, alias: 'l; DROP' })).toThrow('not an SQL alias');
  });
});
