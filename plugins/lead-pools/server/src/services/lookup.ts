import { AppError, badRequest, inTransaction, many, one } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import { companyKey, leadKeys } from '@leadsea/leads';
import type { Knex } from 'knex';
import { standingOf, strongest, type LookupStatus, type StandingFacts } from '../domain/lookup';
import type { PoolDirectory } from './pools';

export interface LookupInput {
  readonly phone?: string | null;
  readonly email?: string | null;
  readonly company?: string | null;
}
type By = 'phone' | 'email' | 'company';

/** Look-ups a person may make: enough for work, too few for reading the base number by number. */
export const LOOKUP_LIMIT = { hour: 60, day: 300 } as const;
const HOUR_MS = 3_600_000;
const FOUND = 200;
const LOOKUP_LOCK = 7203110;

export interface LookupAnswer {
  readonly by: By;
  readonly status: LookupStatus;
  /** Only where the person may see it. */
  readonly lead: number | null;
  readonly pool: { readonly id: number; readonly name: string; readonly canClaim: boolean } | null;
  readonly protectedUntil: Date | null;
  readonly owner: { readonly id: number; readonly name: string } | null;
  readonly count: number;
}

interface FoundRow extends StandingFacts {
  readonly id: number;
  readonly owner_name: string | null;
  readonly visible: boolean;
}

interface Key {
  readonly by: By;
  readonly column: 'phone_key' | 'email_key' | 'company_key';
  /** A local number may be one of several countries'. */
  readonly values: readonly string[];
}

/** What was typed as the keys duplicates are found by. A value that makes no key is told so instead of "free". */
function keysOf(input: LookupInput, countries: readonly (string | null)[]): readonly Key[] {
  const keys: Key[] = [];
  const take = (by: By, column: Key['column'], values: readonly (string | null)[], code: string, message: string): void => {
    const found = [...new Set(values.flatMap((value) => value ?? []))];
    if (found.length === 0) throw badRequest(code, message, { field: by });
    keys.push({ by, column, values: found });
  };
  const { phone, email, company } = input;
  if (phone) {
    const numbers = countries.map((country) => leadKeys({ phone }, { defaultCountry: country }).phoneKey);
    take('phone', 'phone_key', numbers, 'PHONE_INVALID', 'This is no telephone number. Type it with its country code.');
  }
  if (email)
    take('email', 'email_key', [leadKeys({ email }, { defaultCountry: null }).emailKey], 'EMAIL_INVALID', 'This is no e-mail address.');
  if (company) take('company', 'company_key', [companyKey(company)], 'COMPANY_INVALID', 'Type the name of the company.');
  if (keys.length === 0) throw badRequest('LOOKUP_EMPTY', 'Type a telephone number, an e-mail address or a company.');
  return keys;
}

/** Counted from the look-ups' own events: they cannot be made without being counted. */
async function usedBy(
  db: Knex | Knex.Transaction,
  memberId: number,
  now: Date,
): Promise<{ hour: number; day: number; hourEnds: Date | null; dayEnds: Date | null }> {
  const row = await one<{ hour: number; day: number; first_hour: Date | null; first_day: Date | null }>(
    db,
    `SELECT count(*) FILTER (WHERE at > ?)::int AS hour, count(*)::int AS day, min(at) FILTER (WHERE at > ?) AS first_hour, min(at) AS first_day
     FROM crm_events WHERE actor_id = ? AND at > ? AND type = 'lead.looked_up'`,
    [new Date(now.getTime() - HOUR_MS), new Date(now.getTime() - HOUR_MS), memberId, new Date(now.getTime() - 24 * HOUR_MS)],
  );
  return {
    hour: row?.hour ?? 0,
    day: row?.day ?? 0,
    hourEnds: row?.first_hour ? new Date(row.first_hour.getTime() + HOUR_MS) : null,
    dayEnds: row?.first_day ? new Date(row.first_day.getTime() + 24 * HOUR_MS) : null,
  };
}

/** 查重: whether somebody is here already and may be worked, told without personal data; every question is counted and kept. */
export function createLookup(
  kit: Kit,
  pools: PoolDirectory,
  home: string | null,
): (actor: Actor, input: LookupInput, now: Date) => Promise<Record<string, unknown>> {
  /** Countries a number without one may belong to: those of the sources leads come from. */
  const countries = async (): Promise<readonly (string | null)[]> => {
    const rows = await many<{ country: string }>(kit.db, 'SELECT DISTINCT country FROM crm_sources WHERE active AND country IS NOT NULL');
    return [null, ...(home === null ? [] : [home]), ...rows.map((row) => row.country)];
  };

  const find = (trx: Knex.Transaction, key: Key, actor: Actor, now: Date): Promise<FoundRow[]> => {
    const scope = kit.access.scope(actor, 'leads', 'read', 'l');
    return many<FoundRow>(
      trx,
      `SELECT l.id, l.owner_id AS "ownerId", l.pool_id AS "poolId", CASE WHEN l.protected_until > ? THEN l.protected_until END AS "protectedUntil",
              l.stage, m.name AS owner_name, coalesce(${scope.sql}, false) AS visible,
              (EXISTS (SELECT 1 FROM crm_opportunities o WHERE o.lead_id = l.id AND o.stage = 'won')) AS won
       FROM crm_leads l LEFT JOIN crm_members m ON m.id = l.owner_id WHERE l.${key.column} = ANY(?::text[]) AND l.merged_into IS NULL ORDER BY l.id LIMIT ${FOUND}`,
      [now, ...scope.bindings, [...key.values]],
    );
  };

  const answer = async (
    actor: Actor,
    by: By,
    rows: readonly FoundRow[],
    wonStages: readonly string[],
    lostStages: readonly string[],
  ): Promise<LookupAnswer> => {
    const blank = { by, status: 'free' as const, lead: null, pool: null, protectedUntil: null, owner: null, count: 0 };
    const best = strongest(rows.map((row) => ({ row, status: standingOf(row, { won: wonStages, lost: lostStages }) })));
    if (!best) return blank;
    const { row, status } = best;
    const pool = status === 'pool' && row.poolId !== null ? await pools.byId(row.poolId) : null;
    const rights = pool ? await pools.rightsOf(pool, actor) : null;
    const maySee = pool !== null && ((rights?.size ?? 0) > 0 || kit.access.can(actor, 'pools', 'update'));
    return {
      by,
      status,
      lead: row.visible ? row.id : null,
      pool:
        pool && maySee
          ? {
              id: pool.policyId,
              name: pool.name,
              canClaim: (rights?.has('claim') ?? false) && pool.body.kind === 'claimable' && row.visible,
            }
          : null,
      protectedUntil: status === 'protected' ? row.protectedUntil : null,
      owner: row.visible && row.ownerId !== null && row.owner_name !== null ? { id: row.ownerId, name: row.owner_name } : null,
      count: rows.length,
    };
  };

  return async (actor, input, now) => {
    if (actor.memberId === null) throw new AppError('FORBIDDEN', 403, 'Only people look leads up.');
    const memberId = actor.memberId;
    const keys = keysOf(input, await countries());
    const [lifecycle] = await kit.policies.live<{ stages: readonly { key: string; type: string }[] }>('lifecycle');
    const stagesOf = (type: string, fallback: readonly string[]): readonly string[] =>
      lifecycle?.body.stages.filter((stage) => stage.type === type).map((stage) => stage.key) ?? fallback;
    return inTransaction(kit.db, async (trx) => {
      await trx.raw('SELECT pg_advisory_xact_lock(?, ?)', [LOOKUP_LOCK, memberId]);
      const used = await usedBy(trx, memberId, now);
      const over = used.hour >= LOOKUP_LIMIT.hour ? ('hour' as const) : used.day >= LOOKUP_LIMIT.day ? ('day' as const) : null;
      if (over) {
        throw new AppError('LOOKUP_LIMIT', 429, 'You have looked up as many as you may for now.', {
          per: over,
          limit: LOOKUP_LIMIT[over],
          used: used[over],
          resetsAt: over === 'hour' ? used.hourEnds : used.dayEnds,
        });
      }
      const answers: LookupAnswer[] = [];
      const leads: number[] = [];
      for (const key of keys) {
        const rows = await find(trx, key, actor, now);
        leads.push(...rows.map((row) => row.id));
        answers.push(await answer(actor, key.by, rows, stagesOf('won', ['won']), stagesOf('lost', ['lost', 'disqualified'])));
      }
      const status = strongest(answers.map((one) => ({ row: one, status: one.status })))?.status ?? 'free';
      const data = { by: keys.map((key) => key.by), status, leads: [...new Set(leads)].slice(0, 20) };
      await kit.events.append(
        trx,
        [{ subject: 'member', subjectId: memberId, type: 'lead.looked_up', data }],
        actor,
        { type: 'lookup' },
        now,
      );
      return { answers, status, used: { hour: used.hour + 1, day: used.day + 1 }, limit: LOOKUP_LIMIT };
    });
  };
}
