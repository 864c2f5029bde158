import fc from 'fast-check';
import { touchObligationSchema } from '../../../contracts';
import { judgeObligation, progressOf, type Touch } from './obligation';

const DAY = 86_400_000;
const start = new Date('2026-03-02T01:00:00Z');
const end = new Date(start.getTime() + 14 * DAY);
const rule = touchObligationSchema.parse({
  key: 'touches',
  label: { zh: '跟进', en: 'Touches' },
  kind: 'touch',
  start: { combinator: 'and', rules: [] },
  allowedReasons: ['invalid'],
  windowDays: 14,
  minCounts: { call: 3, mail: 3 },
  minSpacingSeconds: 86_400,
  minChannels: 2,
});
const touch = (day: number, kind: string, id = Math.round(day * 100)): Touch => ({ id, kind, at: new Date(start.getTime() + day * DAY) });
const facts = (touches: readonly Touch[], over = {}) => ({ start: true, closed: false, reason: null, touches, ...over });
const SIX = [touch(0, 'call'), touch(1, 'mail'), touch(2, 'call'), touch(3, 'mail'), touch(4, 'call'), touch(5, 'mail')];
const on = (day: number): Date => new Date(start.getTime() + day * DAY);

describe('R-37 three calls and three mails in 14 days, a day apart, two channels', () => {
  test('is met as soon as everything is there', () => {
    expect(judgeObligation(rule, facts(SIX.slice(0, 5)), start, end, on(5)).state).toBe('running');
    expect(judgeObligation(rule, facts(SIX), start, end, on(5))).toMatchObject({ state: 'met', reason: 'done', at: on(5) });
  });
  test('touches too close together count once; those that are not needed do not hold up others', () => {
    expect(progressOf(rule, [touch(0, 'call'), touch(0.5, 'call'), touch(1.2, 'mail')], start, end)).toMatchObject({
      counts: { call: 1, mail: 1 },
      missing: 4,
    });
    const calls = [0, 1, 2, 3, 4].map((day) => touch(day, 'call'));
    expect(progressOf(rule, [...calls, touch(4.1, 'mail')], start, end)).toMatchObject({ counts: { call: 3, mail: 1 }, missing: 2 });
  });
  test('is void when the lead is taken back, missed when that was for want of follow-ups, and met when everything was there', () => {
    const taken = (takenBack: 'neglected' | 'other', touches = SIX.slice(0, 2), closed = false) =>
      judgeObligation(rule, facts(touches, { takenBack, closed }), start, end, on(6));
    expect(taken('other')).toMatchObject({ state: 'cancelled', reason: 'taken-back', at: on(6) });
    expect(taken('other', SIX.slice(0, 2), true)).toMatchObject({ state: 'cancelled', reason: 'taken-back' });
    expect(taken('neglected')).toMatchObject({ state: 'breached', reason: 'neglected', at: on(6) });
    expect(taken('other', SIX).state).toBe('met');
    expect(judgeObligation(rule, facts([], { takenBack: 'other' as const }), start, end, on(20))).toMatchObject({
      state: 'breached',
      reason: 'window',
    });
  });
  test('says until when it is possible, and is missed early from then on', () => {
    const { possibleUntil } = progressOf(rule, [], start, end);
    expect(possibleUntil).toEqual(on(9));
    expect(judgeObligation(rule, facts([]), start, end, on(8.9)).state).toBe('running');
    expect(judgeObligation(rule, facts([]), start, end, on(9))).toMatchObject({ state: 'breached', reason: 'impossible', at: on(9) });
  });
  test('is missed at the end of the window', () => {
    const one = { ...rule, minCounts: { call: 1 }, minChannels: 1 };
    expect(judgeObligation(one, facts([]), start, end, end)).toMatchObject({ state: 'breached', reason: 'window', at: end });
    expect(judgeObligation(one, facts([touch(14, 'call')]), start, end, end).state).toBe('breached');
  });
  test('closed before the end: met when the reason is allowed, else missed', () => {
    expect(judgeObligation(rule, facts([], { closed: true, reason: 'invalid' }), start, end, on(1))).toMatchObject({
      state: 'met',
      reason: 'closed',
    });
    expect(judgeObligation(rule, facts([], { closed: true, reason: 'no_need' }), start, end, on(1))).toMatchObject({ state: 'breached' });
  });
  test('a channel that no count asks for counts as another channel', () => {
    const wide = { ...rule, minCounts: { call: 1 }, minChannels: 2, minSpacingSeconds: 0 };
    expect(progressOf(wide, [touch(0, 'call')], start, end).missing).toBe(1);
    expect(progressOf(wide, [touch(0, 'call'), touch(1, 'message')], start, end).missing).toBe(0);
  });
});

test('R-37: the order in which touches are delivered makes no difference', () => {
  const touches = fc.uniqueArray(
    fc.record({
      day: fc.double({ min: 0, max: 13.9, noNaN: true }),
      kind: fc.constantFrom('call', 'mail', 'message'),
      id: fc.integer({ min: 1, max: 1e6 }),
    }),
    { maxLength: 12, selector: (one) => one.id },
  );
  fc.assert(
    fc.property(
      touches.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([list, shuffled]) => {
        const of = (all: typeof list) =>
          progressOf(
            rule,
            all.map((one) => touch(one.day, one.kind, one.id)),
            start,
            end,
          );
        expect(of(shuffled)).toEqual(of(list));
      },
    ),
  );
});

test('R-37: one more touch never makes more missing', () => {
  const list = fc.array(fc.record({ day: fc.integer({ min: 0, max: 13 }), kind: fc.constantFrom('call', 'mail') }), { maxLength: 10 });
  fc.assert(
    fc.property(list, (days) => {
      const touches = days.map((one, index) => touch(one.day, one.kind, index + 1));
      const later = touch(13.5, 'call', 99);
      expect(progressOf(rule, [...touches, later], start, end).missing).toBeLessThanOrEqual(progressOf(rule, touches, start, end).missing);
    }),
  );
});
