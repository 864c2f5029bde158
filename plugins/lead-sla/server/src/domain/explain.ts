import { calendarTime, wallTime, type CalendarDayRow, type LocalisedText } from '@leadsea/crm-core';
import type { ClockExplanation } from '../../../contracts';
import type { Clock, Segment } from './clock';
import { elapsedAt } from './plan';
import { clockInWords, leftInWords, minutesInWords, passedInWords } from './words';

const WEEKDAYS: Readonly<Record<string, LocalisedText>> = {
  mon: { zh: '周一', en: 'Mon' },
  tue: { zh: '周二', en: 'Tue' },
  wed: { zh: '周三', en: 'Wed' },
  thu: { zh: '周四', en: 'Thu' },
  fri: { zh: '周五', en: 'Fri' },
  sat: { zh: '周六', en: 'Sat' },
  sun: { zh: '周日', en: 'Sun' },
};
const KINDS: Readonly<Record<CalendarDayRow['kind'], LocalisedText>> = {
  workday: { zh: '工作日', en: 'workday' },
  closed: { zh: '休息日', en: 'closed' },
  holiday: { zh: '节假日', en: 'holiday' },
  'make-up': { zh: '调休上班', en: 'make-up workday' },
  off: { zh: '停工', en: 'off' },
  special: { zh: '特殊工时', en: 'special hours' },
};

function dayInWords(row: CalendarDayRow, timeZone: string): LocalisedText {
  const weekday = WEEKDAYS[row.weekday]!;
  const name = row.label ?? KINDS[row.kind];
  const times = row.intervals
    .map(({ start, end }) => `${wallTime(start, timeZone).slice(11)}–${wallTime(end, timeZone).slice(11)}`)
    .join(', ');
  const length = minutesInWords(calendarTime.elapsedMinutes(row.seconds));
  const hours = times === '' ? '' : ` ${times}`;
  return {
    zh: `${row.date} ${weekday.zh} · ${name.zh}${hours} · ${length.zh}`,
    en: `${row.date} ${weekday.en} · ${name.en}${hours} · ${length.en}`,
  };
}

function summary(clock: Clock, remaining: number, zone: string | null): LocalisedText {
  const { label } = clock;
  const wall = (instant: Date | null): string => (instant ? (zone ? `${wallTime(instant, zone)} (${zone})` : instant.toISOString()) : '—');
  const target = minutesInWords(Math.ceil(clock.targetSeconds / 60));
  switch (clock.state) {
    case 'running':
      return {
        zh: `${clockInWords(label, remaining).zh}：自 ${wall(clock.startedAt)} 起 ${target.zh}工作时间，截止 ${wall(clock.dueAt)}${clock.provisional ? '（节假日数据未公布，暂定）' : ''}`,
        en: `${clockInWords(label, remaining).en}: ${target.en} of business time from ${wall(clock.startedAt)}, due ${wall(clock.dueAt)}${clock.provisional ? ' (provisional: holidays not announced yet)' : ''}`,
      };
    case 'paused': {
      const left = leftInWords(remaining);
      return {
        zh: `${label.zh}已暂停，自 ${wall(clock.segmentSince)} 起，还剩 ${left.zh}`,
        en: `${label.en}: paused since ${wall(clock.segmentSince)}, ${left.en} left`,
      };
    }
    case 'blocked':
      return { zh: `${label.zh}无法计时：日历没有工作时间`, en: `${label.en}: cannot be measured, the calendar has no working time` };
    case 'breached_open':
      return {
        zh: `${clockInWords(label, remaining).zh}：截止时间为 ${wall(clock.breachedAt)}`,
        en: `${clockInWords(label, remaining).en}: it was due ${wall(clock.breachedAt)}`,
      };
    case 'met':
    case 'breached_closed': {
      const used = passedInWords(clock.elapsedSeconds);
      const late = clock.state === 'breached_closed';
      return {
        zh: `${label.zh}${late ? '超时完成' : '按时完成'}：用时 ${used.zh}（目标 ${target.zh}），${wall(clock.stoppedAt)}`,
        en: `${label.en}: ${late ? 'late' : 'in time'}, ${used.en} of ${target.en}, ${wall(clock.stoppedAt)}`,
      };
    }
    case 'cancelled':
    case 'waived':
      return {
        zh: `${label.zh}已${clock.state === 'waived' ? '豁免' : '取消'}，${wall(clock.stoppedAt)}`,
        en: `${label.en}: ${clock.state} ${wall(clock.stoppedAt)}`,
      };
  }
}

export interface Explained {
  readonly clock: Clock;
  readonly segments: readonly Segment[];
  readonly calendar: calendarTime.Calendar | null;
  readonly policy: ClockExplanation['policy'];
}

/** Why this deadline: the open time of each day between start and deadline, the pauses, and one sentence. */
export function explainClock({ clock, segments, calendar, policy }: Explained, now: Date): ClockExplanation {
  const elapsedSeconds = elapsedAt(clock, calendar, now);
  const remainingSeconds = clock.targetSeconds - elapsedSeconds;
  const until = clock.stoppedAt ?? clock.dueAt ?? now;
  const zone = calendar?.tz ?? null;
  const open =
    clock.state === 'paused' && clock.segmentSince
      ? [{ startedAt: clock.segmentSince, endedAt: null, seconds: Math.floor((now.getTime() - clock.segmentSince.getTime()) / 1000) }]
      : [];
  const pauses = [...segments.filter((segment) => segment.kind === 'pause'), ...open].map(({ startedAt, endedAt, seconds }) => {
    const to = endedAt && zone ? wallTime(endedAt, zone) : '';
    const from = zone ? wallTime(startedAt, zone) : startedAt.toISOString();
    return { from: startedAt, to: endedAt, seconds, text: { zh: `暂停 ${from} – ${to}`, en: `Paused ${from} – ${to}` } };
  });
  return {
    metric: clock.metric,
    label: clock.label,
    obligor: clock.obligor,
    state: clock.state,
    target: { seconds: clock.targetSeconds, row: clock.targetRow, version: clock.targetVersion },
    startedAt: clock.startedAt,
    dueAt: clock.dueAt,
    breachedAt: clock.breachedAt,
    stoppedAt: clock.stoppedAt,
    elapsedSeconds,
    remainingSeconds,
    calendarSeconds: Math.max(0, Math.floor(((clock.stoppedAt ?? now).getTime() - clock.startedAt.getTime()) / 1000)),
    provisional: clock.provisional,
    policy,
    calendar: calendar && { key: calendar.key, tz: calendar.tz },
    rows: calendar
      ? calendarTime.explain(calendar, clock.startedAt, until).map((row) => ({ ...row, text: dayInWords(row, calendar.tz) }))
      : [],
    pauses,
    text: summary(clock, remainingSeconds, zone),
  };
}
