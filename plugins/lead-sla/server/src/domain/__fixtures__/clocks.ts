import { calendarTime, type Condition } from '@leadsea/crm-core';
import type { ActivityRow } from '@leadsea/leads';
import { metricSchema, type Metric } from '../../../../contracts';
import { advance, type Context, type Facts } from '../advance';
import type { Clock, Step } from '../clock';
import { openClock } from '../open';

const row = [
  { start: '09:00', end: '12:00' },
  { start: '13:30', end: '18:00' },
];

/** Calendar C of the golden vectors. */
export const C = calendarTime.compileCalendar({
  key: 'c',
  tz: 'Asia/Shanghai',
  week: { mon: row, tue: row, wed: row, thu: row, fri: row },
  holidays: 'cn_statutory',
});
/** The same week without lunch, for people abroad. */
export const LONDON = calendarTime.compileCalendar({
  key: 'london',
  tz: 'Europe/London',
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ start: '09:00', end: '17:00' }]])),
});
export const NEVER_OPEN = calendarTime.compileCalendar({ key: 'never', tz: 'UTC', week: {} });

/** `cn('2026-03-06 17:50')` is that wall time in Shanghai. */
export const cn = (text: string): Date => new Date(`${text.replace(' ', 'T')}+08:00`);
export const wall = (at: Date | null): string | null =>
  at === null ? null : new Date(at.getTime() + 8 * 3_600_000).toISOString().replace('T', ' ').slice(0, 16);

export const ANY: Condition = { combinator: 'and', rules: [] };

export const metric = (over: Record<string, unknown> = {}): Metric =>
  metricSchema.parse({
    key: 'first-response',
    label: { zh: '首次响应', en: 'First response' },
    start: ANY,
    stop: { activities: { kinds: ['call', 'mail'], outcomes: ['connected', 'sent'] } },
    targets: [{ duration: 'PT4H' }],
    warns: ['80%'],
    ...over,
  });

export const facts = (over: Partial<Facts> = {}): Facts => ({
  start: true,
  stop: false,
  cancel: false,
  pause: false,
  reset: 'no',
  inbound: false,
  evidence: null,
  ownerId: 7,
  targetRow: 0,
  ...over,
});

export const context = (of: Metric, calendar: calendarTime.Calendar | null = C): Context => ({
  metric: of,
  current: calendar,
  holder: { key: calendar?.key ?? 'c', revision: null, calendar },
});

export const opened = (
  of: Metric,
  startedAt: Date,
  now = startedAt,
  over: { facts?: Facts; silent?: boolean; calendar?: calendarTime.Calendar } = {},
): Step => {
  const calendar = over.calendar ?? C;
  const identity = { id: 1, leadId: 10, contractId: 100, versionId: 1000, metric: of.key, cycle: 1, hops: 0 };
  return openClock(
    { ...identity, startedAt, silent: over.silent ?? false },
    of,
    over.facts ?? facts(),
    { key: calendar.key, revision: null, calendar },
    now,
  );
};

/** Runs a clock through facts at instants; returns the last step, with the events of all. */
export function play(
  first: Clock,
  of: Metric,
  moments: readonly (readonly [string, Partial<Facts>])[],
  calendar: calendarTime.Calendar | null = C,
): Step {
  return moments.reduce<Step>(
    (done, [time, given]) => {
      const step = advance(done.clock, facts(given), context(of, calendar), cn(time));
      return { clock: step.clock, events: [...done.events, ...step.events], segments: [...done.segments, ...step.segments] };
    },
    { clock: first, events: [], segments: [] },
  );
}

export const types = (step: Step): string[] => step.events.map((event) => event.type);

export const evidence = (time: string, activityId = 5): Facts['evidence'] => ({ activityId, at: cn(time), backdated: false });

export const activity = (over: Partial<ActivityRow> = {}): ActivityRow => ({
  id: 5,
  lead_id: 10,
  member_id: 7,
  kind: 'call',
  direction: 'outbound',
  outcome: 'connected',
  subject: null,
  note: null,
  duration_seconds: 90,
  occurred_at: cn('2026-03-04 10:00'),
  automatic: false,
  bulk: false,
  evidence: null,
  ...over,
});
