import { many } from '@leadsea/crm-core';
import type { Actor } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { FAIR_PLAY_DEFAULTS, type ClaimWindow, type LimitScope } from '../../../contracts';
import { carriedOver, LATE_MS, limitsFor, type AppliedLimit, type LimitUse } from '../domain/limits';
import { windowOf } from '../domain/windows';
import type { LivePool, PoolDirectory } from './pools';

/** The ledger line of claims from a pool: written with the claim, given back only for the reasons of §5.2. */
export const claimGroup = (poolId: number): string => `claim:${poolId}`;

interface GivenBack {
  readonly lead: number;
  readonly member: number | null;
  readonly since: Date | null;
}

/**
 * §5.2: the claim by which this person holds the lead counts no more; claims of others, and his own of an earlier time, stay. The holding
 * clock may be older than that claim (a lead given back and taken again at once), so the last claim since then is the one.
 */
export async function giveClaimsBack(trx: Knex.Transaction, given: readonly GivenBack[], now: Date): Promise<void> {
  if (given.length === 0) return;
  await trx.raw(
    `UPDATE crm_ledger c SET given_back_at = ? FROM jsonb_to_recordset(?::jsonb) AS g(lead int, member int, since timestamptz)
     WHERE c.given_back_at IS NULL AND c.id = (
       SELECT max(l.id) FROM crm_ledger l WHERE l.lead_id = g.lead AND l.member_id = g.member AND l.at >= g.since AND l.group_key LIKE 'claim:%')`,
    [now, JSON.stringify(given)],
  );
}

/** Limits of one person in one pool, with the pools each scope speaks of. */
export interface LimitQuestion {
  readonly limits: readonly AppliedLimit[];
  readonly poolId: number;
  readonly groupIds: readonly number[];
  /** Pools with a follow-up definition of their own: there only an effective follow-up counts. */
  readonly strictIds: readonly number[];
  /** From so many claims in the last half hour of a day on, they count on the next one too. */
  readonly hoard: number;
}

/** The limits that hold for this person in this pool. */
export async function limitQuestion(pools: PoolDirectory, pool: LivePool, actor: Actor): Promise<LimitQuestion> {
  const limits = limitsFor(pool.body.limits, await pools.personOf(actor));
  return {
    limits,
    poolId: pool.policyId,
    groupIds: (await pools.groupOf(pool)).map((one) => one.policyId),
    hoard: (pool.body.fairPlay ?? FAIR_PLAY_DEFAULTS).hoard,
    strictIds: (await pools.all()).filter((one) => one.body.followUp).map((one) => one.policyId),
  };
}

interface Fragment {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

const claimsScope = (scope: LimitScope, question: LimitQuestion): Fragment =>
  scope === 'everywhere'
    ? { sql: 'TRUE', bindings: [] }
    : { sql: 'group_key = ANY(?::text[])', bindings: [(scope === 'pool' ? [question.poolId] : question.groupIds).map(claimGroup)] };

const heldScope = (scope: LimitScope, question: LimitQuestion): Fragment =>
  scope === 'everywhere'
    ? { sql: 'TRUE', bindings: [] }
    : { sql: 'home_pool_id = ANY(?::int[])', bindings: [scope === 'pool' ? [question.poolId] : [...question.groupIds]] };

/** A lead counts as untouched until it has been followed up since it was taken, by what its pool calls a follow-up. */
const untouched = (question: LimitQuestion): Fragment => ({
  sql: `coalesce(CASE WHEN home_pool_id = ANY(?::int[]) THEN effective_follow_up_at ELSE last_follow_up_at END < held_since, TRUE)`,
  bindings: [[...question.strictIds]],
});

interface Column extends Fragment {
  readonly table: 'ledger' | 'held';
  /** Of claims per day: those of the last half hour before it. */
  readonly late?: Fragment;
}

const claimed = (from: Date | null, to: Date | null, scope: Fragment): Fragment => ({
  sql: `count(*) FILTER (WHERE given_back_at IS NULL AND at >= ? ${to ? 'AND at < ?' : ''} AND ${scope.sql})::int`,
  bindings: [from, ...(to ? [to] : []), ...scope.bindings],
});
const lateFrom = (start: Date): Date => new Date(start.getTime() - LATE_MS);

function columnOf(limit: AppliedLimit, question: LimitQuestion, start: Date | null): Column {
  if (limit.kind === 'claims') {
    const scope = claimsScope(limit.scope, question);
    const late = limit.per === 'day' && start ? { late: claimed(lateFrom(start), start, scope) } : {};
    return { table: 'ledger', ...claimed(start, null, scope), ...late };
  }
  if (limit.kind === 'gap') {
    const scope = claimsScope(limit.scope, question);
    return { table: 'ledger', sql: `max(at) FILTER (WHERE ${scope.sql})`, bindings: scope.bindings };
  }
  const scope = heldScope(limit.scope, question);
  const also = limit.kind === 'untouched' ? untouched(question) : { sql: 'TRUE', bindings: [] };
  return {
    table: 'held',
    sql: `count(*) FILTER (WHERE ${scope.sql} AND ${also.sql})::int`,
    bindings: [...scope.bindings, ...also.bindings],
  };
}

interface Plan {
  readonly limit: AppliedLimit;
  readonly window: { readonly start: Date; readonly end: Date } | null;
  readonly column: Column;
  readonly hoard: number;
}

const earliest = (plans: readonly Plan[], now: Date): Date =>
  new Date(
    Math.min(
      now.getTime(),
      ...plans.map(
        ({ limit, window, column }) =>
          (window && column.late ? lateFrom(window.start) : window?.start)?.getTime() ??
          (limit.kind === 'gap' ? now.getTime() - limit.max * 1000 : now.getTime()),
      ),
    ),
  );

type Counts = Readonly<Record<string, number | Date | null>>;

/** The columns of all plans for each of these members; one statement. */
async function countsOf(
  db: Knex | Knex.Transaction,
  memberIds: readonly (number | null)[],
  plans: readonly Plan[],
  closed: readonly string[],
  now: Date,
): Promise<ReadonlyMap<number | null, Counts>> {
  const numbered = plans.flatMap(({ column }, index) => [
    { ...column, name: `c${index}` },
    ...(column.late ? [{ ...column.late, table: column.table, name: `late${index}` }] : []),
  ]);
  const part = (table: Column['table'], from: string, bindings: readonly unknown[]): Fragment | null => {
    const columns = numbered.filter((column) => column.table === table);
    if (columns.length === 0) return null;
    return {
      sql: `CROSS JOIN LATERAL (SELECT ${columns.map(({ sql, name }) => `${sql} AS ${name}`).join(', ')} ${from}) ${table}`,
      bindings: [...columns.flatMap((column) => [...column.bindings]), ...bindings],
    };
  };
  const parts = [
    part('ledger', `FROM crm_ledger WHERE cause = 'claim' AND member_id = w.member AND at >= ?`, [earliest(plans, now)]),
    part('held', 'FROM crm_leads WHERE owner_id = w.member AND merged_into IS NULL AND stage <> ALL(?::text[])', [[...closed]]),
  ].filter((one) => one !== null);
  const rows = await many<Counts & { member: number | null }>(
    db,
    `SELECT * FROM unnest(?::int[]) AS w(member) ${parts.map((one) => one.sql).join(' ')}`,
    [[...memberIds], ...parts.flatMap((one) => [...one.bindings])],
  );
  return new Map(rows.map((row) => [row.member, row]));
}

/** The limits of several questions (pools) with their windows in a time zone. */
function planAll(questions: readonly LimitQuestion[], timeZone: string, now: Date): readonly (readonly Plan[])[] {
  const windows = new Map<ClaimWindow, { start: Date; end: Date }>();
  const windowFor = (per: ClaimWindow): { start: Date; end: Date } => {
    const known = windows.get(per) ?? windowOf(per, timeZone, now);
    windows.set(per, known);
    return known;
  };
  return questions.map((question) =>
    question.limits.map((limit): Plan => {
      const window = limit.per ? windowFor(limit.per) : null;
      return { limit, window, column: columnOf(limit, question, window?.start ?? null), hoard: question.hoard };
    }),
  );
}

function usesOf(plans: readonly (readonly Plan[])[], counts: Counts | undefined): readonly (readonly LimitUse[])[] {
  let index = 0;
  return plans.map((limits) =>
    limits.map(({ limit, window, hoard }): LimitUse => {
      const [value, late] = [counts?.[`c${index}`] ?? null, counts?.[`late${index}`]];
      index += 1;
      const carried = typeof late === 'number' ? carriedOver(late, hoard) : 0;
      return {
        limit,
        used: (typeof value === 'number' ? value : 0) + carried,
        ...(carried > 0 ? { carried } : {}),
        resetsAt: window?.end ?? null,
        lastAt: value instanceof Date ? value : null,
      };
    }),
  );
}

type Counted = Pick<Actor, 'memberId' | 'timeZone'>;

/**
 * How far a person has used each limit of several questions (pools): claims from the ledger, never from what is held now (§5.2); holdings
 * counted live, without those in `closed` stages. One statement for all questions.
 */
export async function limitUses(
  db: Knex | Knex.Transaction,
  actor: Counted,
  questions: readonly LimitQuestion[],
  closed: readonly string[],
  now: Date,
): Promise<readonly (readonly LimitUse[])[]> {
  const plans = planAll(questions, actor.timeZone, now);
  const flat = plans.flat();
  if (flat.length === 0) return questions.map(() => []);
  const counts = await countsOf(db, [actor.memberId], flat, closed, now);
  return usesOf(plans, counts.get(actor.memberId));
}

/** The same for several people with a question each; one statement for all to whom the same limits and time zone apply, sent at the call. */
export async function limitUsesOfEach(
  db: Knex | Knex.Transaction,
  asked: readonly { readonly actor: Counted; readonly question: LimitQuestion }[],
  closed: readonly string[],
  now: Date,
): Promise<readonly (readonly LimitUse[])[]> {
  const alike = new Map<string, { readonly plans: readonly Plan[]; readonly members: (number | null)[] }>();
  const groups = asked.map(({ actor, question }) => {
    const key = `${actor.timeZone} ${JSON.stringify(question)}`;
    const group = alike.get(key) ?? { plans: planAll([question], actor.timeZone, now).flat(), members: [] };
    group.members.push(actor.memberId);
    alike.set(key, group);
    return group;
  });
  const counted = new Map(
    await Promise.all(
      [...new Set(groups)].map(async (group) => {
        const { plans, members } = group;
        return [group, plans.length === 0 ? new Map<number | null, Counts>() : await countsOf(db, members, plans, closed, now)] as const;
      }),
    ),
  );
  return asked.map(({ actor }, index) => {
    const group = groups[index]!;
    return usesOf([group.plans], counted.get(group)?.get(actor.memberId))[0] ?? [];
  });
}

const LABELS: Readonly<Record<string, { zh: string; en: string }>> = {
  hour: { zh: '每小时领取', en: 'Claims per hour' },
  day: { zh: '今日领取', en: 'Claims today' },
  week: { zh: '本周领取', en: 'Claims this week' },
  month: { zh: '本月领取', en: 'Claims this month' },
  held: { zh: '持有上限', en: 'Leads held' },
  untouched: { zh: '未跟进上限', en: 'Held, not yet followed up' },
  gap: { zh: '领取间隔', en: 'Time between claims' },
};

const SCOPE_WORDS: Readonly<Record<LimitScope, { zh: string; en: string }>> = {
  pool: { zh: '（本公海）', en: ' (this pool)' },
  group: { zh: '（公海组）', en: ' (pool group)' },
  everywhere: { zh: '（全部公海）', en: ' (all pools)' },
};
/** Scopes people take for granted are not named. */
const USUAL: Readonly<Record<AppliedLimit['kind'], LimitScope>> = {
  claims: 'pool',
  gap: 'pool',
  held: 'everywhere',
  untouched: 'everywhere',
};

/** A limit in words, with a key of its own for lists. */
export function limitLabel(limit: AppliedLimit): { readonly key: string; readonly label: { readonly zh: string; readonly en: string } } {
  const key = limit.kind === 'claims' ? (limit.per ?? 'day') : limit.kind;
  const label = LABELS[key] ?? { zh: key, en: key };
  if (limit.scope === USUAL[limit.kind]) return { key, label };
  const scope = SCOPE_WORDS[limit.scope];
  return { key: `${key}:${limit.scope}`, label: { zh: label.zh + scope.zh, en: label.en + scope.en } };
}
