import type {
  CalendarException,
  CalendarOverlays,
  CalendarSpec,
  CalendarScope,
  DayKind,
  CalendarLevel,
  LocalisedText,
} from '../../../../contracts';
import { toSeconds } from './arithmetic';
import type { Calendar } from './compile';
import { firstDayOfYear, formatDate, makeZone } from './wall-time';

/** Deepest chain: person, team, organisation. */
const MOST_LEVELS = 3;

const scopeOf = (spec: CalendarSpec): CalendarScope => spec.scope ?? 'organisation';

/**
 * A calendar with those it stands under laid together (R-1): the nearest one that says something of a week, a zone's holidays or a
 * template decides; the exceptions of a person come before those of a team, and those before the organisation's.
 * @param chain the calendar itself first, then its parent and the parent's parent.
 */
export function inherit(chain: readonly CalendarSpec[]): { readonly spec: CalendarSpec; readonly overlays: CalendarOverlays } {
  const [own, ...wider] = chain.slice(0, MOST_LEVELS);
  if (!own) throw new RangeError('A calendar needs a spec.');
  const all = [own, ...wider];
  const first = <Value>(pick: (spec: CalendarSpec) => Value | undefined): Value | undefined =>
    all.map(pick).find((value) => value !== undefined);
  const week = all.find((spec) => spec.alwaysOpen || Object.values(spec.week).some((row) => (row?.length ?? 0) > 0));
  const exceptionsOf = (scope: CalendarScope): readonly CalendarException[] =>
    all.filter((spec) => scopeOf(spec) === scope).flatMap((spec) => spec.exceptions ?? []);
  const holidays = first((spec) => spec.holidays);
  const makeUpTemplate = first((spec) => spec.makeUpTemplate);
  const standardDaySeconds = first((spec) => spec.standardDaySeconds);
  return {
    spec: {
      key: own.key,
      tz: own.tz,
      ...(week?.alwaysOpen ? { alwaysOpen: true } : {}),
      week: week?.week ?? own.week,
      templates: Object.assign({}, ...[...all].reverse().map((spec) => spec.templates ?? {})) as NonNullable<CalendarSpec['templates']>,
      exceptions: exceptionsOf('organisation'),
      notices: all.flatMap((spec) => spec.notices ?? []),
      ...(holidays === undefined ? {} : { holidays }),
      ...(makeUpTemplate === undefined ? {} : { makeUpTemplate }),
      ...(standardDaySeconds === undefined ? {} : { standardDaySeconds }),
    },
    overlays: { team: exceptionsOf('team'), person: exceptionsOf('person') },
  };
}

/** The local dates that a leave takes away, as part of a revision: `2026-03-05..2026-03-06`; null when it takes none. */
export function leaveSuffix(tz: string, from: Date, to: Date): string | null {
  if (to.getTime() <= from.getTime()) return null;
  const zone = makeZone(tz);
  const day = (at: number): string => formatDate(zone.localOf(at).day);
  return `${day(toSeconds(from))}..${day(toSeconds(to) - 1)}`;
}

/** The name of what a calendar is compiled from: ids of the versions of the chain, and days of leave (R-11). */
export const revisionOf = (versionIds: readonly number[], leave: string | null = null): string =>
  `${versionIds.join('.')}${leave === null ? '' : `+${leave}`}`;

export function parseRevision(revision: string): { readonly versionIds: readonly number[]; readonly leave: CalendarException | null } {
  const [ids = '', leave] = revision.split('+');
  const [from, to] = leave?.split('..') ?? [];
  return {
    versionIds: ids.split('.').map(Number),
    leave: from === undefined ? null : { from, to: to ?? from, kind: 'off', label: 'Leave' },
  };
}

/** One date of a year as an editor shows it. */
export interface YearDay {
  readonly date: string;
  readonly kind: DayKind;
  readonly level: CalendarLevel;
  readonly label: LocalisedText | null;
  /** Open seconds on the wall of the shifts that begin on this date. */
  readonly seconds: number;
}

/** Every date of a local year: what it is, who says so, how long it is open. */
export function yearDays(calendar: Calendar, year: number): YearDay[] {
  const days: YearDay[] = [];
  for (let day = firstDayOfYear(year); day < firstDayOfYear(year + 1); day += 1) {
    const { kind, level, label, spans } = calendar.rule(day);
    days.push({ date: formatDate(day), kind, level, label, seconds: spans.reduce((sum, span) => sum + span.end - span.start, 0) });
  }
  return days;
}
