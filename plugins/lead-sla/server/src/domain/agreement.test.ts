import { contractSchema, evidenceSchema, FIRST_RESPONSE_CONTRACT, TWO_SIDES_CONTRACT } from '../../../contracts';
import { effectiveSpan, isInForce, isSigned, maySign, statusOf } from './agreement';
import { conditionInWords } from './condition-words';
import { documentOf } from './document';
import { checkBant, handOffMove } from './hand-off';
import { metricsOf } from './lead-clock';
import { evidenceInWords } from './metric-words';
import { lintAgreement } from './lint-agreement';
import { forecastOf, periodOf } from './period';
import { diffLines } from './text-diff';

const body = contractSchema.parse(TWO_SIDES_CONTRACT);
const midnight = (day: string): Date => new Date(`${day}T00:00:00+08:00`);
const facts = () => undefined;
const context = { facts, name: (_kind: string, key: string) => ({ zh: `「${key}」`, en: key }) };

describe('a contract runs', () => {
  test('only when both sides have signed it, unless it needs no signature', () => {
    expect(isSigned(body, ['sales'])).toBe(false);
    expect(isSigned(body, ['marketing', 'sales'])).toBe(true);
    expect(isSigned({ signing: 'none' }, [])).toBe(true);
  });
  test('on its days, the last one included', () => {
    const span = effectiveSpan({ effectiveFrom: '2026-03-04', effectiveTo: '2026-03-31' }, midnight);
    expect([isInForce(span, new Date(midnight('2026-03-04').getTime() - 1)), isInForce(span, midnight('2026-03-04'))]).toEqual([
      false,
      true,
    ]);
    expect([isInForce(span, new Date('2026-03-31T23:59:59+08:00')), isInForce(span, midnight('2026-04-01'))]).toEqual([true, false]);
  });
  test.each([
    ['unsigned', [], '2026-03-10', false],
    ['scheduled', ['marketing', 'sales'], '2026-03-01', false],
    ['running', ['marketing', 'sales'], '2026-03-10', true],
    ['replaced', ['marketing', 'sales'], '2026-03-10', false],
    ['expired', ['marketing', 'sales'], '2026-05-01', false],
  ])('%s', (status, sides, day, runs) => {
    const span = effectiveSpan({ effectiveFrom: '2026-03-04', effectiveTo: '2026-03-31' }, midnight);
    expect(statusOf(body, sides, span, runs, midnight(day))).toBe(status);
  });
  test('and is signed by those who may sign for a side', () => {
    expect(maySign(body, 'sales', { id: 1, roles: ['sales-manager'] })).toBe(true);
    expect(maySign(body, 'sales', { id: 1, roles: ['crm-admin', 'marketing'] })).toBe(false);
    const named = { signatories: { sales: { roles: [], members: [7] }, marketing: { roles: [], members: [8] } } };
    expect([maySign(named, 'sales', { id: 7, roles: [] }), maySign(named, 'sales', { id: 8, roles: [] })]).toEqual([true, false]);
  });
});

describe('the document', () => {
  const zh = documentOf(body, context, 'zh');
  const en = documentOf(body, context, 'en');
  test('says everything that is measured, in both languages', () => {
    for (const metric of body.metrics) expect([zh.includes(metric.label.zh), en.includes(metric.label.en)]).toEqual([true, true]);
    expect(en).toContain('## What a qualified lead is');
    expect(en).toContain('3 × call, 3 × mail within 14 days, at least 24 h apart, by at least 2 channels');
    expect(zh).toContain('每季度至少 300 条到达“「mql」”的线索'.replace('每季度至少', '每季度 至少'));
    expect(en).toContain('Reviewed every 3 months');
    expect(en).toContain('- Warning: after 80 % of the time: the owner is told');
    expect(en).toContain('- When it is missed: the owner is told, the manager is told, the lead goes to somebody else (at most 3 times)');
    expect(zh).toContain('- 超时后: 通知负责人、通知主管、改派给他人（最多 3 次）');
    expect(en).toContain('- Within: 30 min of business time');
  });
  test('names activities and their outcomes as people do, by whom they count', () => {
    const names: Record<string, string> = { call: '电话', mail: '邮件', connected: '已接通', replied: '已回复' };
    const evidence = evidenceSchema.parse({ kinds: ['call', 'mail'], outcomes: ['connected', 'replied'], authors: 'team', minSeconds: 30 });
    const nameOf = (_kind: string, key: string) => ({ zh: names[key] ?? key, en: `${key[0]!.toUpperCase()}${key.slice(1)}` });
    expect(evidenceInWords(evidence, nameOf, 'zh')).toBe('团队成员的电话、邮件（已接通、已回复），通话至少 30 秒');
    expect(evidenceInWords(evidence, nameOf, 'en')).toBe(
      'Call, Mail (Connected, Replied), calls of at least 30 s, by somebody of the team',
    );
  });
  test('is the same for the same body', () => expect(documentOf(body, context, 'zh')).toBe(zh));
  test('shows what a new version changes, line by line', () => {
    const next = documentOf({ ...body, reviewMonths: 6 }, context, 'en');
    const changed = diffLines(en, next).filter((line) => line.kind !== 'same');
    expect(changed).toEqual([
      { kind: 'removed', text: '- Reviewed every 3 months' },
      { kind: 'added', text: '- Reviewed every 6 months' },
    ]);
  });
  test('says conditions in words', () => {
    const condition = {
      combinator: 'and' as const,
      rules: [
        { field: 'lead.stage', operator: 'in', value: ['won', 'lost'] },
        { combinator: 'or' as const, not: true, rules: [{ field: 'lead.owner', operator: 'null' }] },
      ],
    };
    expect(conditionInWords(condition, facts, 'en')).toBe('lead.stage is one of won, lost and not: lead.owner is not known');
    expect(conditionInWords(null, facts, 'zh')).toBe('任何情况');
  });
});

test('a comparison keeps every line of both texts', () => {
  const lines = diffLines('a\nb\nc\nd', 'a\nx\nc\ne\nd');
  expect(lines.filter((line) => line.kind !== 'added').map((line) => line.text)).toEqual(['a', 'b', 'c', 'd']);
  expect(lines.filter((line) => line.kind !== 'removed').map((line) => line.text)).toEqual(['a', 'x', 'c', 'e', 'd']);
});

describe('what is wrong with an agreement', () => {
  const codes = (over: object): string[] => lintAgreement({ ...body, ...over }).map((finding) => `${finding.level} ${finding.code}`);
  test('the template is sound', () => expect(lintAgreement(body)).toEqual([]));
  test.each<[string, object, string[]]>([
    ['a clause that names nothing', { clauses: [{ ...body.clauses![0]!, measuredBy: ['nothing'] }] }, ['error CLAUSE_UNKNOWN_METRIC']],
    ['dates in reverse', { effectiveFrom: '2026-04-01', effectiveTo: '2026-03-01' }, ['error DATES_REVERSED']],
    ['a definition that asks nothing', { qualified: { required: [] } }, ['warning QUALIFIED_EMPTY']],
    [
      'a definition by itself',
      { qualified: { required: ['name'], demographic: { combinator: 'and', rules: [{ field: 'sla.qualified', operator: 'isTrue' }] } } },
      ['error QUALIFIED_CIRCULAR'],
    ],
    ['touches that cannot fit', { obligations: [{ ...body.obligations![0]!, windowDays: 3 }] }, ['error OBLIGATION_IMPOSSIBLE']],
  ])('%s', (_name, over, expected) => expect(codes(over)).toEqual(expect.arrayContaining(expected)));
});

describe('R-25 a clock of the lead beside every clock of an owner', () => {
  const [first] = FIRST_RESPONSE_CONTRACT.metrics;
  const alone = contractSchema.parse({ ...FIRST_RESPONSE_CONTRACT, metrics: [first!] });
  test('is added where the contract has none of its own, tells nobody and moves nothing', () => {
    const [, beside] = metricsOf(alone);
    expect(beside).toMatchObject({
      key: 'first-response.lead',
      clockOwner: 'lead',
      onBreach: [],
      warns: [],
      stop: { activities: { authors: 'any' } },
    });
  });
  test('is not added twice', () =>
    expect(metricsOf(body).map((metric) => metric.key)).toEqual(['first-response', 'speed-to-lead', 'rejection-answer']));
});

describe('R-36 periods', () => {
  test.each([
    ['quarter', '2026-03-04', 0, '2026-01-01', '2026-04-01'],
    ['quarter', '2026-01-01', -1, '2025-10-01', '2026-01-01'],
    ['month', '2026-12-31', 0, '2026-12-01', '2027-01-01'],
    ['week', '2026-03-01', 0, '2026-02-23', '2026-03-02'],
  ] as const)('%s of %s, %s', (period, date, offset, from, to) => expect(periodOf(period, date, offset)).toEqual({ from, to }));
  test('a sum is projected by the time that is over, a share is not', () => {
    const span = { start: midnight('2026-01-01'), end: midnight('2026-04-01') };
    const half = new Date((span.start.getTime() + span.end.getTime()) / 2);
    expect(forecastOf(100, 300, span, half, false)).toEqual({ share: 0.5, expected: 200, onTrack: false });
    expect(forecastOf(96, 95, span, half, true)).toMatchObject({ expected: 96, onTrack: true });
    expect(forecastOf(0, 300, span, span.start, false)).toEqual({ share: 0, expected: null, onTrack: null });
  });
});

describe('the hand-off', () => {
  const rules = body.handOff!;
  const move = (open: Parameters<typeof handOffMove>[1], before: string | null, after: string) =>
    handOffMove(rules, open, before, after, ['lost', 'disqualified']);
  test.each([
    [null, 'lead', 'mql', 'offer'],
    ['offered', 'mql', 'srl', 'accept'],
    ['expired', 'mql', 'srl', 'accept'],
    ['accepted', 'srl', 'sql', 'confirm'],
    ['offered', 'mql', 'lost', 'withdraw'],
    ['accepted', 'srl', 'lost', null],
    [null, 'lead', 'srl', null],
    ['rejected', 'recycled', 'mql', 'offer'],
    ['offered', 'mql', 'mql', null],
  ] as const)('%s, from %s to %s: %s', (open, before, after, expected) => expect(move(open, before, after)).toBe(expected));
  const now = midnight('2026-03-04');
  const asks = { bant: ['budget', 'need'] as ('budget' | 'need')[], bantStaleDays: 30 };
  test.each([
    [
      'nothing known',
      null,
      [
        ['budget', 'missing'],
        ['need', 'missing'],
      ],
    ],
    ['a word without evidence', { budget: '100k', need: { value: 'yes', evidence: 'call 3' } }, [['budget', 'no-evidence']]],
    [
      'an answer that is too old',
      { budget: { value: '1', evidence: 'x', at: '2026-01-01' }, need: { value: '1', evidence: 'x', at: '2026-03-01' } },
      [['budget', 'stale']],
    ],
    ['all there', { budget: { value: '1', evidence: 'x' }, need: { value: '1', evidence: 'x' } }, []],
  ])('BANT: %s', (_name, bant, expected) =>
    expect(checkBant(bant, asks, now).map(({ part, problem }) => [part, problem])).toEqual(expected),
  );
});
