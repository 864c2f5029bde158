import { contractSchema, FIRST_RESPONSE_CONTRACT } from '../../../contracts';
import { decideMove } from './breach-move';
import { advance, atDeadline } from './advance';
import { explainClock } from './explain';
import { findEvidence, isEvidence } from './evidence';
import { lintContract } from './lint';
import { countFrom, earlierStarts, endFor, restore } from './merge';
import { clockInWords, urgencyOf } from './words';
import { activity, ANY, C, cn, context, evidence, facts, metric, opened, play, wall } from './__fixtures__/clocks';
import type { EvidenceRule } from '../../../contracts';

const rule: EvidenceRule = {
  kinds: ['call', 'mail'],
  outcomes: ['connected', 'sent'],
  direction: 'outbound',
  authors: 'owner',
  minSeconds: 20,
};
const parties = { holders: [7], leadTeamId: 3, authorTeamId: 3 };

describe('R-32 evidence', () => {
  test.each([
    ['a connected call of the owner', {}, true],
    ['a mail without an outcome', { kind: 'mail', outcome: null, duration_seconds: null }, true],
    ['a bounced mail', { kind: 'mail', outcome: 'bounced' }, false],
    ['a call without an outcome', { outcome: null }, false],
    ['a call nobody answered', { outcome: 'no_answer' }, false],
    ['a call too short to be one', { duration_seconds: 5 }, false],
    ['an inbound call', { direction: 'inbound' }, false],
    ['a note', { kind: 'note' }, false],
    ['an automatic mail', { kind: 'mail', automatic: true }, false],
    ['a bulk edit', { bulk: true }, false],
    ['a call of a colleague', { member_id: 8 }, false],
    ['a call of nobody', { member_id: null }, false],
  ])('%s', (_name, over, counts) => {
    expect(isEvidence(activity(over), rule, parties)).toBe(counts);
  });
  test.each([
    ['team', 8, true],
    ['any', 8, true],
    ['any', null, false],
  ] as const)('authors %s, by member %s', (authors, member, counts) => {
    expect(isEvidence(activity({ member_id: member }), { ...rule, authors }, parties)).toBe(counts);
  });
  test('the team of somebody else does not count as the team', () => {
    expect(isEvidence(activity({ member_id: 8 }), { ...rule, authors: 'team' }, { ...parties, authorTeamId: 4 })).toBe(false);
  });
  const find = (occurred: string, now: string) =>
    findEvidence([activity({ occurred_at: cn(occurred) })], rule, parties, {
      since: cn('2026-03-04 10:00'),
      backdateSeconds: 900,
      now: cn(now),
    });
  test.each([
    ['entered at once', '2026-03-04 10:05', '2026-03-04 10:05', '2026-03-04 10:05', false],
    [
      'entered ten minutes later counts from when it happened, and is marked',
      '2026-03-04 10:05',
      '2026-03-04 10:15',
      '2026-03-04 10:05',
      true,
    ],
    ['entered an hour later counts from when it was entered', '2026-03-04 10:05', '2026-03-04 11:05', '2026-03-04 11:05', true],
  ])('%s', (_name, occurred, now, at, backdated) => {
    const found = find(occurred, now);
    expect([wall(found?.at ?? null), found?.backdated]).toEqual([at, backdated]);
  });
  test('what was before the clock began is no answer', () => {
    expect(find('2026-03-04 09:50', '2026-03-04 10:02')).toBeNull();
  });
});

describe('R-22 and R-26: what cannot work is refused', () => {
  const stage = (operator: string, value: unknown) => ({ combinator: 'and', rules: [{ field: 'lead.stage', operator, value }] });
  const codes = (over: Record<string, unknown>): string[] =>
    lintContract(contractSchema.parse({ title: { zh: '约', en: 'C' }, metrics: [metric(over)] })).map(
      (finding) => `${finding.level} ${finding.code}`,
    );
  test.each<[string, Record<string, unknown>, string[]]>([
    ['a sound metric', {}, []],
    ['a pause that the start implies', { start: stage('=', 'mql'), pause: stage('=', 'mql') }, ['error PAUSED_FOREVER']],
    ['an empty pause', { start: stage('=', 'mql'), pause: ANY }, ['error PAUSED_FOREVER']],
    ['a pause that excludes the start', { start: stage('=', 'mql'), pause: stage('=', 'srl') }, ['error PAUSE_ENDS_START']],
    ['… with the question answered', { start: stage('=', 'mql'), pause: stage('=', 'srl'), whenStartNoLongerMet: 'continue' }, []],
    ['… in lists', { start: stage('in', ['mql', 'lead']), pause: stage('notIn', ['mql', 'lead', 'won']) }, ['error PAUSE_ENDS_START']],
    ['a stop that the start implies', { start: stage('=', 'mql'), stop: { when: stage('=', 'mql') } }, ['error NEVER_STARTS']],
    ['no "otherwise"', { targets: [{ when: stage('=', 'mql'), duration: 'PT1H' }] }, ['error TARGET_WITHOUT_OTHERWISE']],
    ['a target behind "otherwise"', { targets: [{ duration: 'PT1H' }, { duration: 'PT2H' }] }, ['error TARGET_UNREACHABLE']],
    ['no time', { targets: [{ duration: 'PT0M' }] }, ['error TARGET_INVALID']],
    ['a warn before the start', { warns: ['-5h'] }, ['warning WARN_BEFORE_START']],
    [
      'two moves',
      { clockOwner: 'lead', onBreach: [{ kind: 'reroute' }, { kind: 'pool', pool: 'cn' }] },
      ['error TWO_MOVES', 'warning REROUTE_KEEPS_CLOCK'],
    ],
    ['owner clocks alone: the clock of the lead runs beside by itself', { clockOwner: 'owner' }, []],
  ])('%s', (_name, over, expected) => {
    expect(codes(over)).toEqual(expected);
  });
  test('the template is sound', () => {
    expect(lintContract(contractSchema.parse(FIRST_RESPONSE_CONTRACT))).toEqual([]);
  });
});

describe('R-33 merge', () => {
  const of = metric();
  const at = (time: string, id: number, leadId: number) => ({ ...opened(of, cn(time)).clock, id, leadId });
  const now = cn('2026-03-04 11:30');
  const survivor = at('2026-03-04 11:00', 1, 10);
  const loser = at('2026-03-04 10:00', 2, 11);
  test('the loser ends as merged; the survivor counts from the earlier start', () => {
    expect(endFor(loser, 'merged', C, now).clock).toMatchObject({ id: 2, state: 'cancelled', endReason: 'merged' });
    const [earlier] = earlierStarts([survivor], [loser], () => C);
    expect(earlier).toMatchObject({ startedAt: cn('2026-03-04 10:00'), seconds: 3600 });
    const moved = countFrom(survivor, earlier!.startedAt, earlier!.seconds, C, now).clock;
    expect([wall(moved.startedAt), wall(moved.dueAt)]).toEqual(['2026-03-04 10:00', '2026-03-04 15:30']);
  });
  test('taken back, both are what they would have been', () => {
    const ended = endFor(loser, 'merged', C, now).clock;
    const back = restore(loser, ended, C, cn('2026-03-04 13:30')).clock;
    expect([back.state, wall(back.dueAt), back.elapsedSeconds]).toEqual(['running', wall(loser.dueAt), 5400]);
    const moved = countFrom(survivor, loser.startedAt, 3600, C, now).clock;
    expect(countFrom(moved, survivor.startedAt, -3600, C, now).clock).toEqual(survivor);
  });
});

describe('R-63 and R-64: whether a breach passes the lead on', () => {
  const of = metric({ clockOwner: 'owner', onBreach: [{ kind: 'reroute' }], maxHops: 2 });
  const late = atDeadline(opened(of, cn('2026-03-04 09:00')).clock, cn('2026-03-05 09:00')).clock;
  const free = { ownerId: 7, answered: false };
  test.each<[string, Parameters<typeof decideMove>, string]>([
    ['by time, unanswered', [late, of, free], 'reroute'],
    ['nothing asked', [late, metric(), free], 'NOT_ASKED'],
    ['the owner has answered', [late, of, { ...free, answered: true }], 'ANSWERED'],
    ['late by a new target', [{ ...late, breachCause: 'target_change' }, of, free], 'NOT_BY_TIME'],
    ['late by backfill', [{ ...late, breachCause: 'backfill' }, of, free], 'NOT_BY_TIME'],
    ['provisional', [{ ...late, provisional: true }, of, free], 'PROVISIONAL'],
    ['somebody else has it by now', [late, of, { ...free, ownerId: 8 }], 'OWNER_CHANGED'],
    ['nobody has it by now', [late, of, { ...free, ownerId: null }], 'NO_OWNER'],
    ['kept for somebody who is away', [late, of, { ...free, ownerId: 8, kept: true }], 'KEPT'],
    ['passed on often enough', [{ ...late, hops: 2 }, of, free], 'MAX_HOPS'],
    ['into a pool', [late, metric({ onBreach: [{ kind: 'pool', pool: 'cn' }] }), free], 'pool'],
  ])('%s', (_name, input, expected) => {
    const move = decideMove(...input);
    expect(move.kind === 'stay' ? move.reason : move.kind).toBe(expected);
  });
});

describe('a lead that is kept for somebody away (R-56, R-25)', () => {
  const of = metric({ clockOwner: 'owner', targets: [{ duration: 'PT30M' }] });
  const { clock } = opened(of, cn('2026-03-04 09:00'));
  test('a miss in the hands of the keeper is his, and the clock stays the owner’s', () => {
    const late = atDeadline(clock, cn('2026-03-04 09:30'), 8).clock;
    expect([late.state, late.ownerId, late.breachOwnerId]).toEqual(['breached_open', 7, 8]);
    const noticed = advance(clock, facts({ keeperId: 8 }), context(of), cn('2026-03-04 10:00')).clock;
    expect([noticed.ownerId, noticed.breachOwnerId]).toEqual([7, 8]);
  });
  test('somebody else who gets it ends the clock; whoever kept it and takes it over goes on with it', () => {
    const passed = advance(clock, facts({ ownerId: 8 }), context(of), cn('2026-03-04 09:10')).clock;
    expect([passed.state, passed.endReason]).toEqual(['cancelled', 'reassigned']);
    const taken = advance(clock, facts({ ownerId: 8, takenOver: true }), context(of), cn('2026-03-04 09:10')).clock;
    expect([taken.state, taken.ownerId, wall(taken.dueAt)]).toEqual(['running', 8, '2026-03-04 09:30']);
  });
  test('what he has answered stays answered, for him', () => {
    const met = advance(clock, facts({ evidence: evidence('2026-03-04 09:05') }), context(of), cn('2026-03-04 09:05')).clock;
    const taken = advance(met, facts({ ownerId: 8, takenOver: true }), context(of), cn('2026-03-04 12:00')).clock;
    expect([taken.state, taken.ownerId]).toEqual(['met', 8]);
  });
});

describe('words and explanation (R-10)', () => {
  const label = { zh: '首次响应', en: 'First response' };
  test.each([
    [61, '首次响应还剩 2 分钟', 'First response: 2 min left'],
    [7200, '首次响应还剩 2 小时', 'First response: 2 h left'],
    [0, '首次响应刚刚超时', 'First response: just now overdue'],
    [-59, '首次响应刚刚超时', 'First response: just now overdue'],
    [-60, '首次响应已超时 1 分钟', 'First response: 1 min overdue'],
    [-3719, '首次响应已超时 1 小时 1 分钟', 'First response: 1 h 1 min overdue'],
  ])('%s seconds', (seconds, zh, en) => {
    expect(clockInWords(label, seconds)).toEqual({ zh, en });
  });
  test('urgency grows with the time used, a breach leads', () => {
    expect([urgencyOf(false, 1800, 1800), urgencyOf(false, 900, 1800), urgencyOf(false, 0, 1800), urgencyOf(true, -60, 1800)]).toEqual([
      600, 725, 850, 900,
    ]);
  });
  test('every day between start and deadline is accounted for, holidays by name', () => {
    const of = metric({ targets: [{ duration: 'PT3H' }] });
    const { clock } = opened(of, cn('2026-09-30 17:30'));
    const told = explainClock({ clock, segments: [], calendar: C, policy: { key: 'x', number: 1, versionId: 1 } }, cn('2026-10-05 12:00'));
    expect(told.rows.reduce((sum, row) => sum + row.seconds, 0)).toBe(3 * 3600);
    expect(told.rows.map((row) => row.date).slice(-1)).toEqual(['2026-10-08']);
    expect(told.remainingSeconds).toBe(2.5 * 3600);
    expect(told.text.zh).toContain('截止 2026-10-08 11:30 (Asia/Shanghai)');
    expect(told.rows[0]?.text.en).toBe('2026-09-30 Wed · workday 17:30–18:00 · 30 min');
    expect(told.rows[1]?.text.zh).toContain('国庆节');
  });
  test('an open pause is shown', () => {
    const of = metric();
    const { clock, segments } = play(opened(of, cn('2026-03-04 09:00')).clock, of, [['2026-03-04 10:00', { pause: true }]]);
    const told = explainClock({ clock, segments, calendar: C, policy: { key: 'x', number: 1, versionId: 1 } }, cn('2026-03-04 10:30'));
    expect(told.pauses).toMatchObject([{ seconds: 1800, to: null }]);
    expect(told.text.en).toBe('First response: paused since 2026-03-04 10:00 (Asia/Shanghai), 3 h left');
  });
});
