import { addDecayKind, stepsOf } from './custom-decay';
import { decayFactor } from './decay';

const text = (en: string) => ({ zh: en, en });
const kind = {
  kind: 'cosine',
  label: text('Cosine'),
  params: [{ key: 'days', label: text('Days'), default: 100, min: 1, max: 365 }],
  horizonDays: ({ days = 100 }: Readonly<Record<string, number>>) => days,
  left: (age: number, { days = 100 }: Readonly<Record<string, number>>) => (1 + Math.cos((Math.PI * Math.min(age, days)) / days)) / 2,
};
addDecayKind(kind);
const DAY = 86_400_000;
const custom = (params: Record<string, number> = {}) => ({ type: 'custom' as const, kind: 'cosine', params });

describe('a decay of an implementer', () => {
  test('is taken in steps of whole per cent that never stray further than a step from the function', () => {
    const { steps } = stepsOf(custom());
    expect(steps.length).toBeLessThanOrEqual(100);
    expect(steps.at(-1)).toMatchObject({ percent: 0 });
    const decay = custom();
    for (let age = 0; age <= 120; age += 0.37)
      expect(Math.abs(decayFactor(decay, age * DAY) - kind.left(age, { days: 100 }))).toBeLessThan(0.02);
  });

  test('takes the numbers the model gives it, and its own defaults for the others', () => {
    expect(decayFactor(custom({ days: 10 }), 10 * DAY)).toBe(0);
    expect(decayFactor(custom(), 50 * DAY)).toBe(0.5);
  });

  test('whatever the function says, no points grow and none fall below nothing', () => {
    addDecayKind({ ...kind, kind: 'wild', left: (age) => (age < 30 ? 7 : age < 60 ? -3 : Number.NaN) });
    const wild = { type: 'custom' as const, kind: 'wild', params: {} };
    expect([10, 40, 90].map((age) => decayFactor(wild, age * DAY))).toEqual([1, 0, 0]);
  });

  test('one whose plugin is gone leaves the points as they are', () => {
    expect(decayFactor({ type: 'custom', kind: 'gone', params: {} }, 1000 * DAY)).toBe(1);
  });

  test('two of one name are refused; the same one may be announced again', () => {
    expect(() => addDecayKind(kind)).not.toThrow();
    expect(() => addDecayKind({ ...kind })).toThrow('Two decays');
    expect(() => addDecayKind({ ...kind, kind: 'Not A Kind' })).toThrow('no kind');
  });
});
