import fc from 'fast-check';
import { gradingModelSchema } from '../../../contracts';
import type { GradingModel, GradingModelInput } from '../../../contracts';
import { evaluateEngagement } from './engagement';
import type { EngagementEvent } from './engagement';

const DAY = 86_400_000;
const NOW = new Date('2026-03-02T12:00:00Z');
const text = { zh: '规则', en: 'Rule' };

const model = (engagement: Partial<GradingModelInput['engagement']>): GradingModel =>
  gradingModelSchema.parse({
    fit: {},
    engagement,
    thresholds: { letters: { A: 70, B: 45, C: 25 }, numbers: { 1: 50, 2: 25, 3: 10 } },
    labelling: { by: 'score', hot: 60, warm: 30 },
  });
let nextId = 1;
const event = (kind: string, daysAgo: number, over: Partial<EngagementEvent> = {}): EngagementEvent => ({
  id: nextId++,
  kind,
  asset: null,
  product: null,
  at: new Date(NOW.getTime() - daysAgo * DAY),
  human: true,
  ...over,
});
const rule = (key: string, points: number, more: Record<string, unknown> = {}) => ({ key, label: text, kind: key, points, ...more });

test('each engagement adds what is left of its points', () => {
  const { value, log } = evaluateEngagement(model({ rules: [rule('form', 100)] }), [event('form', 15), event('form', 60)], NOW);
  expect(value).toBeCloseTo(95.71, 2);
  expect(log).not.toBeNull();
});

test('only engagements of people, of the kind, asset and product of the rule count', () => {
  const rules = [rule('visit', 10, { match: '/Pricing', product: 'crm' })];
  const good = { asset: 'https://x.cn/pricing?a=1', product: 'crm' };
  const events = [
    event('visit', 0, good),
    event('visit', 0, { ...good, human: false }),
    event('visit', 0, { ...good, product: 'erp' }),
    event('visit', 0),
    event('form', 0, good),
  ];
  expect(evaluateEngagement(model({ rules }), events, NOW).value).toBe(10);
});

describe('repeat policies', () => {
  const events = [
    event('visit', 3, { asset: 'a' }),
    event('visit', 2, { asset: 'b' }),
    event('visit', 1, { asset: 'a' }),
    event('visit', 1.01, { asset: 'c' }),
  ];
  const counted = (repeat: unknown): number | undefined =>
    evaluateEngagement(model({ decay: { type: 'none' }, rules: [rule('visit', 1, { repeat })] }), events, NOW).rules[0]?.counted;

  test.each([
    ['each', 4],
    ['once', 1],
    ['oncePerAsset', 3],
    [{ max: 1, within: 'P1D' }, 3],
    [{ max: 2, within: 'P7D' }, 2],
    [{ max: 1, within: 'P7D' }, 1],
  ])('%j counts %d of four', (repeat, expected) => {
    expect(counted(repeat)).toBe(expected);
  });

  test('once keeps the first, so that a second changes nothing', () => {
    const once = model({ rules: [rule('form', 100, { repeat: 'once' })] });
    const first = event('form', 30);
    expect(evaluateEngagement(once, [event('form', 0), first], NOW).value).toBeCloseTo(50, 9);
  });
});

describe('caps as each engagement enters', () => {
  test('a rule takes no more than the room it has at that moment, and what entered decays as one', () => {
    const capped = model({ rules: [rule('visit', 30, { cap: 50 })] });
    // 30 · entering at once 20 more (room 20) · 30 days later 25 are left, 25 fit, 30 ask.
    const { value, rules } = evaluateEngagement(capped, [event('visit', 30), event('visit', 30), event('visit', 0)], NOW);
    expect(value).toBeCloseTo(50, 9);
    expect(rules[0]).toMatchObject({ counted: 3, given: 90 });
    expect(rules[0]?.points).toBeCloseTo(50, 9);
  });

  test('a group bounds the sum of its rules after their own caps', () => {
    const grouped = model({
      decay: { type: 'none' },
      groups: [{ key: 'web', label: text, cap: 40 }],
      rules: [rule('visit', 30, { cap: 45, group: 'web' }), rule('form', 10, { group: 'web' }), rule('call', 7)],
    });
    const events = [event('visit', 3), event('form', 2), event('visit', 1), event('call', 0)];
    const { value, rules } = evaluateEngagement(grouped, events, NOW);
    expect(value).toBe(47);
    expect(rules.map((each) => each.points)).toEqual([30, 10, 7]);
  });

  test('a penalty takes what is there and never more', () => {
    const penalised = model({ decay: { type: 'none' }, rules: [rule('form', 30), rule('unsubscribe', -50)] });
    const after = evaluateEngagement(penalised, [event('form', 3), event('unsubscribe', 2), event('form', 1)], NOW);
    expect(after.value).toBe(30);
    expect(after.rules.map((each) => each.points)).toEqual([60, -30]);
    expect(evaluateEngagement(penalised, [event('unsubscribe', 2)], NOW)).toMatchObject({ value: 0, log: null });
  });
});

test('other decays cap at evaluation and share what a group keeps', () => {
  const linear = model({
    decay: { type: 'linear', percent: 50, days: 30 },
    groups: [{ key: 'web', label: text, cap: 60 }],
    rules: [rule('visit', 100, { cap: 90, group: 'web' }), rule('form', 60, { group: 'web' })],
  });
  const { value, log, rules } = evaluateEngagement(linear, [event('visit', 0), event('form', 30)], NOW);
  expect(value).toBeCloseTo(60, 9);
  expect(log).toBeNull();
  expect(rules.map((each) => each.points)).toEqual([45, 15]);
});

test('the order in which engagements are heard of does not matter', () => {
  const anyModel = model({
    groups: [{ key: 'web', label: text, cap: 60 }],
    rules: [
      rule('visit', 12, { cap: 40, group: 'web', repeat: { max: 2, within: 'P1D' } }),
      rule('form', 30, { group: 'web', repeat: 'oncePerAsset' }),
      rule('unsubscribe', -15),
    ],
  });
  const events = fc.array(
    fc.record({
      kind: fc.constantFrom('visit', 'form', 'unsubscribe'),
      hours: fc.integer({ min: 0, max: 2000 }),
      asset: fc.constantFrom('a', 'b'),
    }),
    { maxLength: 25 },
  );
  fc.assert(
    fc.property(events, fc.integer(), (list, seed) => {
      const all = list.map(({ kind, hours, asset }) => event(kind, hours / 24, { asset }));
      const shuffled = [...all].sort((a, b) => ((a.id * 7919 + seed) % 101) - ((b.id * 7919 + seed) % 101));
      expect(evaluateEngagement(anyModel, shuffled, NOW)).toEqual(evaluateEngagement(anyModel, all, NOW));
    }),
  );
});
