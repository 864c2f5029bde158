import {
  LIMIT_CODES,
  LIMIT_LEVELS,
  type ClaimWindow,
  type LimitCode,
  type LimitLevel,
  type LimitScope,
  type PoolLimit,
} from '../../../contracts';
import type { PoolPerson } from './membership';

/** A limit that holds for one person, and by which row of the policy. */
export interface AppliedLimit {
  readonly kind: PoolLimit['kind'];
  readonly per: ClaimWindow | null;
  readonly scope: LimitScope;
  /** Claims or leads; seconds for a gap. */
  readonly max: number;
  readonly level: LimitLevel;
  /** Member id, role key or team key; null for the default. */
  readonly ref: string | number | null;
}

/** How far a person has used one limit at the start of the request. */
export interface LimitUse {
  readonly limit: AppliedLimit;
  readonly used: number;
  /** Of `used` those heaped up late the evening before: they count on, so that hoarding before midnight wins nothing. */
  readonly carried?: number;
  readonly resetsAt: Date | null;
  /** Of a gap: the last claim in its scope. */
  readonly lastAt: Date | null;
}

const WINDOW_CODE = { hour: 'CLAIM_LIMIT_HOUR', day: 'CLAIM_LIMIT_DAY', week: 'CLAIM_LIMIT_WEEK', month: 'CLAIM_LIMIT_MONTH' } as const;
const SCOPE_RANK: Readonly<Record<LimitScope, number>> = { everywhere: 0, group: 1, pool: 2 };

export const limitCode = ({ kind, per }: Pick<AppliedLimit, 'kind' | 'per'>): LimitCode =>
  kind === 'claims' ? WINDOW_CODE[per ?? 'day'] : kind === 'held' ? 'HOLD_LIMIT' : kind === 'untouched' ? 'UNTOUCHED_LIMIT' : 'CLAIM_GAP';

/** The fixed order in which limits are tried (§5.1, R-53): by kind, then the widest scope first. The first that fails is named. */
const rank = (limit: AppliedLimit): number => LIMIT_CODES.indexOf(limitCode(limit)) * 3 + SCOPE_RANK[limit.scope];

const mostOf = (limit: PoolLimit): number | null => (limit.kind === 'gap' ? limit.seconds : limit.max);

/** How close a row is to the person: level first, of teams the nearest; null = not for him. */
function closeness(limit: PoolLimit, person: PoolPerson): { readonly level: LimitLevel; readonly distance: number } | null {
  const holder = limit.for;
  if (!holder) return { level: 'default', distance: 0 };
  if (holder.type === 'member') return Number(holder.ref) === person.id ? { level: 'member', distance: 0 } : null;
  if (holder.type === 'role') return person.roles.includes(String(holder.ref)) ? { level: 'role', distance: 0 } : null;
  const distance = person.teamKeys.indexOf(String(holder.ref));
  return distance < 0 ? null : { level: 'team', distance };
}

/** Of two rows equally close the more generous one counts: no limit, a higher number, a shorter gap. */
function isMoreGenerous(a: PoolLimit, b: PoolLimit): boolean {
  const [most, other] = [mostOf(a), mostOf(b)];
  if (other === null) return false;
  if (most === null) return true;
  return a.kind === 'gap' ? most < other : most > other;
}

/**
 * The limits that hold for a person: per kind, window and scope the closest row (person > role > team > default), never a mixture and never
 * the newest. Rows that say "no limit" take theirs out. In the order in which they are tried.
 */
export function limitsFor(limits: readonly PoolLimit[], person: PoolPerson): readonly AppliedLimit[] {
  const chosen = new Map<string, { row: PoolLimit; level: LimitLevel; distance: number }>();
  for (const row of limits) {
    const close = closeness(row, person);
    if (!close) continue;
    const slot = `${row.kind}:${row.kind === 'claims' ? row.per : ''}:${row.scope}`;
    const known = chosen.get(slot);
    const nearer = known ? LIMIT_LEVELS.indexOf(close.level) - LIMIT_LEVELS.indexOf(known.level) || close.distance - known.distance : -1;
    if (!known || nearer < 0 || (nearer === 0 && isMoreGenerous(row, known.row))) chosen.set(slot, { row, ...close });
  }
  return [...chosen.values()]
    .flatMap(({ row, level }): AppliedLimit[] => {
      const max = mostOf(row);
      if (max === null || (row.kind === 'gap' && max === 0)) return [];
      return [{ kind: row.kind, per: row.kind === 'claims' ? row.per : null, scope: row.scope, max, level, ref: row.for?.ref ?? null }];
    })
    .sort((a, b) => rank(a) - rank(b));
}

export interface LimitRefusal {
  readonly code: LimitCode;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The last part of a day in which claims that are heaped up are hoarding. */
export const LATE_MS = 1_800_000;

/** Claims of the last half hour of the day before that count on the next day too: all of them from `hoard` on, else none. */
export const carriedOver = (late: number, hoard: number): number => (late >= hoard ? late : 0);

/** The first limit that another lead would pass when `taken` were taken already in this request; null = there is room. */
export function failedLimit(uses: readonly LimitUse[], taken: number, now: Date): LimitRefusal | null {
  for (const { limit, used, carried, resetsAt, lastAt } of uses) {
    const rule = { scope: limit.scope, level: limit.level, ...(limit.ref === null ? {} : { ref: limit.ref }) };
    if (limit.kind === 'gap') {
      const last = taken > 0 ? now : lastAt;
      const free = last === null ? null : new Date(last.getTime() + limit.max * 1000);
      if (free !== null && free.getTime() > now.getTime())
        return { code: 'CLAIM_GAP', details: { seconds: limit.max, resetsAt: free, ...rule } };
      continue;
    }
    if (used + taken < limit.max) continue;
    const details = { limit: limit.max, used: used + taken, ...(carried ? { carried } : {}), ...(resetsAt ? { resetsAt } : {}), ...rule };
    return { code: limitCode(limit), details };
  }
  return null;
}
