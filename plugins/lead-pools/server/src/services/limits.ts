import { many } from '@leadsea/crm-core';
import type { Actor } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { ClaimWindow, LimitScope } from '../../../contracts';
import { limitsFor, type AppliedLimit, type LimitUse } from '../domain/limits';
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
}

/** The limits that hold for this person in this pool. */
export async function limitQuestion(pools: PoolDirectory, pool: LivePool, actor: Actor): Promise<LimitQuestion> {
  const limits = limitsFor(pool.body.limits, await pools.personOf(actor));
  return {
    limits,
    poolId: pool.policyId,
    groupIds: (await pools.groupOf(pool)).map((one) => one.policyId),
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
}

function columnOf(limit: AppliedLimit, question: LimitQuestion, start: Date | null): Column {
  if (limit.kind === 'claims') {
    const scope = claimsScope(limit.scope, question);
    return {
      table: 'ledger',
      sql: `count(*) FILTER (WHERE given_back_at IS NULL AND at >= ? AND ${scope.sql})::int`,
      bindings: [start, ...scope.bindings],
    };
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
}

const earliest = (plans: readonly Plan[], now: Date): Date =>
  new Date(
    Math.min(
      now.getTime(),
      ...plans.map(
        ({ limit, window }) => window?.start.getTime() ?? (limit.kind === 'gap' ? now.getTime() - limit.max * 1000 : now.getTime()),
      ),
    ),
  );

/**
 * How far a person has used each limit of several questions (pools): claims from the ledger, never from what is held now (§5.2); holdings
 * counted live, without those in `closed` stages. One statement for all questions.
 */
export async function limitUses(
  db: Knex | Knex.Transaction,
  actor: Pick<Actor, 'memberId' | 'timeZone'>,
  questions: readonly LimitQuestion[],
  closed: readonly string[],
  now: Date,
): Promise<readonly (readonly LimitUse[])[]> {
  const windows = new Map<ClaimWindow, { start: Date; end: Date }>();
  const windowFor = (per: ClaimWindow): { start: Date; end: Date } => {
    const known = windows.get(per) ?? windowOf(per, actor.timeZone, now);
    windows.set(per, known);
    return known;
  };
  const plans = questions.map((question) =>
    question.limits.map((limit): Plan => {
      const window = limit.per ? windowFor(limit.per) : null;
      return { limit, window, column: columnOf(limit, question, window?.start ?? null) };
    }),
  );
  const flat = plans.flat();
  if (flat.length === 0) return questions.map(() => []);
  const numbered = flat.map(({ column }, index) => ({ ...column, name: `c${index}` }));
  const part = (table: Column['table'], from: string, bindings: readonly unknown[]): Fragment | null => {
    const columns = numbered.filter((column) => column.table === table);
    if (columns.length === 0) return null;
    return {
      sql: `(SELECT ${columns.map(({ sql, name }) => `${sql} AS ${name}`).join(', ')} ${from}) ${table}`,
      bindings: [...columns.flatMap((column) => [...column.bindings]), ...bindings],
    };
  };
  const parts = [
    part('ledger', `FROM crm_ledger WHERE cause = 'claim' AND member_id = ? AND at >= ?`, [actor.memberId, earliest(flat, now)]),
    part('held', 'FROM crm_leads WHERE owner_id = ? AND merged_into IS NULL AND stage <> ALL(?::text[])', [actor.memberId, [...closed]]),
  ].filter((one) => one !== null);
  const [row] = await many<Record<string, number | Date | null>>(
    db,
    `SELECT * FROM ${parts.map((one) => one.sql).join(', ')}`,
    parts.flatMap((one) => [...one.bindings]),
  );
  let index = 0;
  return plans.map((limits) =>
    limits.map(({ limit, window }): LimitUse => {
      const value = row?.[`c${index++}`] ?? null;
      return {
        limit,
        used: typeof value === 'number' ? value : 0,
        resetsAt: window?.end ?? null,
        lastAt: value instanceof Date ? value : null,
      };
    }),
  );
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
