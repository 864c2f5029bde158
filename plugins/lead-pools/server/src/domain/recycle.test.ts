import fc from 'fast-check';
import { calendarTime } from '@leadsea/crm-core';
import { recycleRuleSchema, type RecycleRule } from '../../../contracts';
import { graceEnds, graceOf, planRecycle, type RecycleFacts } from './recycle';

/** §7: Shanghai, Monday to Friday 09:00–12:00 and 13:30–18:00, statutory holidays. */
const office = calendarTime.compileCalendar({
  key: 'office',
  tz: 'Asia/Shanghai',
  week: Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [
      day,
      [
        { start: '09:00', end: '12:00' },
        { start: '13:30', end: '18:00' },
      ],
    ]),
  ),
  holidays: 'cn_statutory',
});
const cn = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+08:00`);
const wall = (at: Date | undefined | null): string | null =>
  at ? new Date(at.getTime() + 8 * 3_600_000).toISOString().replace('T', ' ').slice(0, 16) : null;

const facts = (more: Partial<RecycleFacts> = {}): RecycleFacts => ({
  heldSince: cn('2026-03-02 10:00'),
  lastFollowUpAt: null,
  stageEnteredAt: cn('2026-02-02 10:00'),
  nextActionAt: null,
  dates: {},
  protectedUntil: null,
  endsProtected: false,
  meeting: null,
  openOpportunity: false,
  leave: null,
  notBefore: null,
  ...more,
});
const rule = (more: Record<string, unknown> = {}): RecycleRule =>
  recycleRuleSchema.parse({ key: 'idle', label: { zh: '闲置', en: 'Idle' }, after: 'P3BD', ...more });
const NOW = cn('2026-03-02 10:00');
const plan = (f: RecycleFacts, ...rules: RecycleRule[]) => planRecycle(f, rules, [], office, NOW);
const at = (f: RecycleFacts, ...rules: RecycleRule[]): string | null => wall(plan(f, ...rules)?.at);

describe('clocks', () => {
  test.each<[string, Partial<RecycleFacts>, Record<string, unknown>, string | null]>([
    ['§5.7: never followed up counts from the claim', {}, {}, '2026-03-05 10:00'],
    ['a follow-up of an earlier holding does not count', { lastFollowUpAt: cn('2026-01-05 10:00') }, {}, '2026-03-05 10:00'],
    ['a follow-up since the claim starts the days again', { lastFollowUpAt: cn('2026-03-04 15:00') }, {}, '2026-03-09 15:00'],
    ['the stage clock starts where the stage was entered', {}, { since: 'stage', after: 'P40D' }, '2026-03-16 09:00'],
    ['a promised next action moves the start (A18)', { nextActionAt: cn('2026-03-10 11:00') }, {}, '2026-03-13 11:00'],
    ['unless the rule does not wait for it', { nextActionAt: cn('2026-03-10 11:00') }, { waitForNextAction: false }, '2026-03-05 10:00'],
    [
      'the next action may be the clock',
      { nextActionAt: cn('2026-03-10 11:00') },
      { since: 'next-action', after: 'PT4H' },
      '2026-03-10 16:30',
    ],
    ['which does not run without one', {}, { since: 'next-action' }, null],
    [
      'the end of a contract plus days',
      { dates: { ends: cn('2026-03-31 18:00') } },
      { since: 'contract-end', field: 'ends', after: 'P10D' },
      '2026-04-13 09:00',
    ],
    ['hours count working time', {}, { after: 'PT8H' }, '2026-03-03 10:30'],
    ['or plain time', {}, { after: 'PT8H', time: 'calendar', outsideHours: true }, '2026-03-02 18:00'],
    [
      'a make-up Saturday is a working day, a holiday is none (R-2)',
      { heldSince: cn('2026-02-13 10:00') },
      { after: 'P2BD' },
      '2026-02-24 10:00',
    ],
  ])('%s', (_name, given, terms, expected) => expect(at(facts(given), rule(terms))).toBe(expected));

  test('all clocks of a rule must run out; of several rules the earliest wins', () => {
    const both = rule({ key: 'both', after: 'P2BD', also: [{ since: 'stage', after: 'P60D' }] });
    expect(at(facts(), both)).toBe('2026-04-03 10:00');
    expect(plan(facts(), both, rule({ key: 'late', since: 'claim', after: 'P10BD' }))).toMatchObject({ rule: 'late' });
  });

  test('a calendar without working time gives no date, not an endless search (R-7)', () => {
    const never = calendarTime.compileCalendar({ key: 'never', tz: 'UTC', week: {} });
    expect(planRecycle(facts(), [rule()], [], never, NOW)).toBeNull();
  });
});

describe('what keeps a lead that is due', () => {
  test('grace, protection, a near meeting, leave and closed hours, each told with its end', () => {
    const kept = plan(
      facts({
        notBefore: cn('2026-03-05 12:00'),
        protectedUntil: cn('2026-03-06 10:00'),
        meeting: { at: cn('2026-03-06 20:00'), withinDays: 14 },
        leave: { from: cn('2026-03-06 00:00'), to: cn('2026-03-10 00:00') },
      }),
      rule(),
    );
    expect(kept?.holds.map(({ by, until }) => [by, wall(until)])).toEqual([
      ['grace', '2026-03-05 12:00'],
      ['protection', '2026-03-06 10:00'],
      ['meeting', '2026-03-06 20:00'],
      ['leave', '2026-03-10 00:00'],
      ['closed-hours', '2026-03-10 09:00'],
    ]);
    expect([wall(kept?.due), wall(kept?.at)]).toEqual(['2026-03-05 10:00', '2026-03-10 09:00']);
  });

  test('a meeting far away, a leave that is over and one that comes later keep nothing', () => {
    expect(at(facts({ meeting: { at: cn('2026-03-25 10:00'), withinDays: 14 } }), rule())).toBe('2026-03-05 10:00');
    expect(at(facts({ leave: { from: cn('2026-02-01 00:00'), to: cn('2026-03-01 00:00') } }), rule())).toBe('2026-03-05 10:00');
    expect(at(facts({ leave: { from: cn('2026-03-05 11:00'), to: cn('2026-03-20 00:00') } }), rule())).toBe('2026-03-05 10:00');
  });

  test('an open opportunity keeps it whatever the rules say', () => {
    expect(plan(facts({ openOpportunity: true }), rule())).toBeNull();
  });

  test('leave that shifts the clock gives back exactly the working time it took', () => {
    const leave = { from: cn('2026-03-04 00:00'), to: cn('2026-03-06 00:00') };
    // Two full working days of leave: two working days later.
    expect(at(facts({ leave }), rule({ leave: 'shift' }))).toBe('2026-03-09 10:00');
    expect(at(facts({ leave }), rule({ leave: 'ignore' }))).toBe('2026-03-05 10:00');
  });

  test('when a protection ends the lead may go back at once', () => {
    const given = facts({ protectedUntil: cn('2026-03-03 20:00'), endsProtected: true });
    expect(plan(given, rule({ after: 'P20BD' }))).toMatchObject({ rule: 'protection' });
    expect(at(given)).toBe('2026-03-04 09:00');
    expect(at({ ...given, endsProtected: false })).toBeNull();
  });

  test('what is overdue waits for the opening after now, not for one long past', () => {
    const saturday = cn('2026-03-14 12:00');
    expect(wall(planRecycle(facts(), [rule()], [], office, saturday)?.at)).toBe('2026-03-16 09:00');
    expect(wall(planRecycle(facts(), [rule({ outsideHours: true })], [], office, saturday)?.at)).toBe('2026-03-05 10:00');
    expect(wall(planRecycle(facts(), [rule()], [], office, cn('2026-03-13 12:00'))?.at)).toBe('2026-03-13 13:30');
    expect(wall(planRecycle(facts(), [rule()], [], office, cn('2026-03-13 11:00'))?.at)).toBe('2026-03-05 10:00');
  });
});

test('warnings lie before the date, in order, days of the wall and of work alike', () => {
  const warned = planRecycle(facts(), [rule({ after: 'P10BD' })], ['P3D', 'PT4H', 'P1BD'], office, NOW);
  expect(wall(warned?.at)).toBe('2026-03-16 10:00');
  expect(warned?.warns.map(wall)).toEqual(['2026-03-13 10:00', '2026-03-13 10:00', '2026-03-13 15:00']);
});

describe('grace of a new version', () => {
  const published = cn('2026-03-04 10:00');
  const grace = () => graceOf(office, published, 'P3BD');
  test('leads held before it are left alone for it; those taken later are not concerned', () => {
    expect(wall(graceEnds(published, grace, { since: cn('2026-03-02 10:00'), told: null }))).toBe('2026-03-09 10:00');
    expect(graceEnds(published, grace, { since: published, told: null })).toBeNull();
  });
  test('a date the owner was told before stands when it is earlier', () => {
    const told = cn('2026-03-05 10:00');
    expect(graceEnds(published, grace, { since: cn('2026-03-02 10:00'), told })).toEqual(told);
  });
});

describe('laws', () => {
  const minutes = fc.integer({ min: 0, max: 120 * 1440 }).map((n) => new Date(cn('2026-01-05 00:00').getTime() + n * 60_000));
  const someFacts = fc.record({
    heldSince: minutes,
    lastFollowUpAt: fc.option(minutes),
    stageEnteredAt: minutes,
    nextActionAt: fc.option(minutes),
    protectedUntil: fc.option(minutes),
    notBefore: fc.option(minutes),
    leave: fc.option(
      fc
        .tuple(minutes, fc.integer({ min: 1, max: 20 }))
        .map(([from, days]) => ({ from, to: new Date(from.getTime() + days * 86_400_000) })),
    ),
  });
  const someRule = fc
    .record({
      since: fc.constantFrom('follow-up', 'claim', 'stage', 'next-action'),
      after: fc.constantFrom('P1BD', 'P3BD', 'P14D', 'PT4H', 'PT30H'),
      leave: fc.constantFrom('wait', 'shift', 'ignore'),
      time: fc.constantFrom('business', 'calendar'),
    })
    .map((terms) => rule(terms));

  test('a lead never goes back before its clock ran out, while it is protected, in closed hours, or on a day of leave the rule honours', () => {
    fc.assert(
      fc.property(someFacts, fc.array(someRule, { minLength: 1, maxLength: 3 }), (given, rules) => {
        const planned = planRecycle(facts(given), rules, ['P1BD'], office, cn('2026-01-01 00:00'));
        if (!planned) return;
        expect(planned.at.getTime()).toBeGreaterThanOrEqual(planned.due.getTime());
        expect(planned.due.getTime()).toBeGreaterThanOrEqual(planned.since.getTime());
        if (given.protectedUntil) expect(planned.at.getTime()).toBeGreaterThanOrEqual(given.protectedUntil.getTime());
        expect(
          calendarTime.isOpen(office, planned.at) || calendarTime.nextOpen(office, planned.at)?.getTime() === planned.at.getTime(),
        ).toBe(true);
        for (const warn of planned.warns) expect(warn.getTime()).toBeLessThan(planned.at.getTime());
      }),
    );
  });

  test('the same facts give the same plan, and a later follow-up never an earlier date', () => {
    fc.assert(
      fc.property(someFacts, minutes, (given, later) => {
        const rules = [rule()];
        const before = planRecycle(facts(given), rules, [], office, NOW);
        expect(planRecycle(facts({ ...given }), rules, [], office, NOW)).toEqual(before);
        const last = given.lastFollowUpAt;
        if (last !== null && later.getTime() < last.getTime()) return;
        const after = planRecycle(facts({ ...given, lastFollowUpAt: later }), rules, [], office, NOW);
        expect(after!.due.getTime()).toBeGreaterThanOrEqual(before!.due.getTime());
      }),
    );
  });
});
