import type { ConditionGroup, FactDescription } from '@leadsea/crm-core/contracts/condition';
import { describeCondition } from './describe';
import { operatorLabel } from './operators';
import { formatSpan, fromSeconds, parseSpan, spanWords } from './span';
import { cleanCondition, fitValue, groupOf, isComplete, replaceRule } from './tree';

const fact = (
  key: string,
  type: FactDescription['type'],
  zh: string,
  en: string,
  more: Partial<FactDescription> = {},
): FactDescription => ({
  key,
  type,
  label: { zh, en },
  operators: [],
  ...more,
});
const FACTS = [
  fact('lead.country', 'text', '国家', 'Country'),
  fact('lead.employees', 'number', '员工数', 'Employees'),
  fact('lead.capturedAt', 'date', '获取时间', 'Captured'),
  fact('lead.owner', 'reference', '负责人', 'Owner', { reference: 'members' }),
  fact('lead.stage', 'select', '阶段', 'Stage', { options: [{ value: 'mql', label: { zh: '市场认可', en: 'MQL' } }] }),
  fact('since.followUp', 'duration', '距上次跟进', 'Time since follow-up'),
  fact('behaviour.count', 'count', '客户行为次数', 'Behaviour: how often', {
    args: [
      { key: 'kind', type: 'select', options: [{ value: 'visit', label: { zh: '访问页面', en: 'Page visit' } }] },
      { key: 'match', type: 'text' },
      { key: 'within', type: 'duration' },
    ],
  }),
];
const BY_KEY = new Map(FACTS.map((one) => [one.key, one]));
const all = (...rules: ConditionGroup['rules']): ConditionGroup => ({ combinator: 'and', rules });

describe('durations are one number and one unit', () => {
  test.each([
    ['P3D', { amount: 3, unit: 'day' }],
    ['PT90M', { amount: 90, unit: 'minute' }],
    ['P1DT12H', { amount: 36, unit: 'hour' }],
    ['P2BD', { amount: 2, unit: 'bday' }],
    ['P2W', { amount: 2, unit: 'week' }],
    ['PT0S', { amount: 0, unit: 'second' }],
    [7200, { amount: 2, unit: 'hour' }],
    ['P', null],
    ['soon', null],
    ['P1BDT2H', null],
  ])('%s', (iso, expected) => expect(parseSpan(iso)).toEqual(expected));

  test.each(['P3D', 'PT90M', 'P2BD', 'P2W', 'PT5S', 'PT4H'])('%s is written as it was read', (iso) => {
    const span = parseSpan(iso);
    expect(span && formatSpan(span)).toBe(iso);
  });

  test('seconds take the largest whole unit', () => {
    expect(fromSeconds(86_400)).toEqual({ amount: 1, unit: 'day' });
    expect(fromSeconds(90)).toEqual({ amount: 90, unit: 'second' });
    expect(fromSeconds(0)).toEqual({ amount: 0, unit: 'second' });
  });

  test('words in both languages, with working time named', () => {
    expect(spanWords('P1D', 'en')).toBe('1 day');
    expect(spanWords('PT30M', 'en', true)).toBe('30 business minutes');
    expect(spanWords('PT30M', 'zh', true)).toBe('30 个工作分钟');
    expect(spanWords('P2BD', 'zh')).toBe('2 个工作日');
  });
});

describe('a condition reads as a sentence', () => {
  test('rules are joined and inner groups put in brackets', () => {
    const condition = all(
      { field: 'lead.country', operator: 'in', value: ['DE', 'AT'] },
      {
        combinator: 'or',
        rules: [
          { field: 'lead.employees', operator: '>=', value: 50 },
          { field: 'lead.stage', operator: '=', value: 'mql' },
        ],
      },
    );
    expect(describeCondition(condition, FACTS, 'en')).toBe('Country is one of DE, AT and (Employees is at least 50 or Stage is MQL)');
    expect(describeCondition(condition, FACTS, 'zh')).toBe('国家属于 DE、AT，且（员工数不少于 50，或阶段是 市场认可）');
  });
  test('not, relative dates, spans and names', () => {
    expect(
      describeCondition(
        { combinator: 'and', not: true, rules: [{ field: 'lead.capturedAt', operator: 'olderThan', value: 'P3D' }] },
        FACTS,
        'en',
      ),
    ).toBe('not (Captured is older than 3 days)');
    expect(describeCondition(all({ field: 'lead.capturedAt', operator: '>=', value: { now: '-P7D' } }), FACTS, 'en')).toBe(
      'Captured is on or after 7 days ago',
    );
    expect(describeCondition(all({ field: 'lead.owner', operator: '=', value: 7 }), FACTS, 'en', () => 'Li Na')).toBe('Owner is Li Na');
    expect(describeCondition(all({ field: 'lead.owner', operator: '=', value: { actor: 'memberId' } }), FACTS, 'zh')).toBe('负责人是 我');
    expect(describeCondition(all({ field: 'since.followUp', operator: '>', value: 'PT36H' }), FACTS, 'en')).toBe(
      'Time since follow-up is longer than 36 hours',
    );
  });
  test('arguments of a behaviour stand behind its name', () => {
    const condition = all({
      field: 'behaviour.count',
      operator: '>=',
      value: 3,
      args: { kind: 'visit', match: '/pricing', within: 'P30D' },
    });
    expect(describeCondition(condition, FACTS, 'en')).toBe(
      'Behaviour: how often (Page visit, containing “/pricing”, in the last 30 days) is at least 3',
    );
  });
  test('an empty condition is no sentence and an unknown fact keeps its key', () => {
    expect(describeCondition(all(), FACTS, 'en')).toBe('');
    expect(describeCondition(null, FACTS, 'en')).toBe('');
    expect(describeCondition(all({ field: 'lead.gone', operator: '=', value: 'x' }), FACTS, 'en')).toBe('lead.gone = x');
  });
});

describe('editing a condition', () => {
  test('labels of operators show where the value goes only when it is inside', () => {
    expect(operatorLabel('date', 'olderThan', 'en')).toBe('is older than');
    expect(operatorLabel('date', 'olderThan', 'zh')).toBe('早于 … 前');
    expect(operatorLabel('text', 'doesNotContain', 'en')).toBe('does not contain');
  });
  test('the value follows the operator', () => {
    const date = BY_KEY.get('lead.capturedAt')!;
    const country = BY_KEY.get('lead.country')!;
    expect(fitValue(country, 'in', 'DE')).toEqual(['DE']);
    expect(fitValue(country, '=', ['DE', 'AT'])).toBe('DE');
    expect(fitValue(country, 'null', 'DE')).toBeUndefined();
    expect(fitValue(date, 'olderThan', '2026-01-01')).toBe('P3D');
    expect(fitValue(date, '=', 'P3D')).toBe('');
    expect(fitValue(BY_KEY.get('lead.employees')!, 'between', 5)).toEqual([5, '']);
  });
  test('what is stored has no ids and no empty arguments', () => {
    const edited = {
      id: 'a',
      combinator: 'and' as const,
      not: false,
      rules: [{ id: 'b', field: 'behaviour.count', operator: '>=', value: 1, args: { kind: '', within: 'P1D' } }],
    };
    expect(cleanCondition(edited)).toEqual({
      combinator: 'and',
      rules: [{ field: 'behaviour.count', operator: '>=', value: 1, args: { within: 'P1D' } }],
    });
  });
  test('a rule without its value is not complete', () => {
    expect(isComplete(all({ field: 'lead.country', operator: '=', value: '' }), BY_KEY)).toBe(false);
    expect(isComplete(all({ field: 'lead.country', operator: 'null' }), BY_KEY)).toBe(true);
    expect(isComplete(all({ field: 'lead.employees', operator: 'between', value: [1, ''] }), BY_KEY)).toBe(false);
    expect(isComplete(all({ field: 'lead.employees', operator: '=', value: 0 }), BY_KEY)).toBe(true);
  });
  test('a rule inside a group is found by its path, the others stay the same objects', () => {
    const outer = { field: 'lead.country', operator: '=', value: 'DE' };
    const condition = all(outer, all({ field: 'lead.employees', operator: '=', value: 1 }));
    const changed = replaceRule(condition, [1, 0], (rule) => ({ ...rule, value: 2 }));
    expect(changed.rules[0]).toBe(outer);
    expect(changed.rules[1]).toMatchObject({ rules: [{ value: 2 }] });
  });
  test('facts have their headings', () => {
    expect(['lead.custom.plan', 'lead.name', 'since.held', 'activity.count', 'sla.breached'].map(groupOf)).toEqual([
      'custom',
      'lead',
      'since',
      'behaviour',
      'other',
    ]);
  });
});
