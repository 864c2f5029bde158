import { AppError, badRequest, forbidden, likePattern, many, notFound, one } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { LeadChange, Leads } from '@leadsea/leads';
import type { triedOf } from '../domain/memory';
import { exhaustedBy } from '../domain/memory';
import { mayPutInto } from '../verbs/return';
import { refusal } from '../verbs/answer';
import type { ClaimResult } from './claim';
import { leadMemory } from './memory';
import type { LivePool, PoolDirectory } from './pools';

export interface ExhaustedFilter {
  /** Only leads whose home is this pool. */
  readonly pool?: number | null | undefined;
  /** In the name or the company, as far as the person may read them. */
  readonly q?: string | null | undefined;
  readonly offset: number;
  readonly limit: number;
}

export interface ExhaustedLeads {
  /** The latest first, each with why it is exhausted and what was tried; four statements for any page. */
  list(actor: Actor, filter: ExhaustedFilter): Promise<{ readonly leads: readonly Record<string, unknown>[]; readonly total: number }>;
  /** The whole story of one of them, for whoever manages the pool it came from. @throws AppError NOT_FOUND */
  story(actor: Actor, leadId: number): Promise<Record<string, unknown>>;
  /** Puts leads back into a pool, their own unless another is named, with the reason in the event; each id is answered. */
  revive(actor: Actor, ids: readonly number[], how: Revival, at: { now: Date; requestId: string }): Promise<readonly ClaimResult[]>;
}

export interface Revival {
  readonly reason: string;
  readonly pool?: number | null | undefined;
}

interface Row {
  readonly id: number;
  readonly name: string | null;
  readonly company: string | null;
  readonly pool: number | null;
  readonly grade: string | null;
  readonly at: Date;
  readonly lastOwner: string | null;
  readonly data: {
    readonly owners: number;
    readonly attempts: number;
    readonly rule?: { readonly owners?: number | null; readonly attempts?: number | null } | null;
  };
}

const EVENT = `e.subject = 'lead' AND e.type = 'lead.exhausted'`;
const LIVE = `l.status = 'exhausted' AND l.merged_into IS NULL`;

/** What lies outside all pools because it has had enough, for those who manage the pool it came from. */
export function createExhausted(kit: Kit, leads: Leads, pools: PoolDirectory): ExhaustedLeads {
  /** Homes whose leads the person answers for; null = all, also of pools that are out of use. */
  const managed = async (actor: Actor): Promise<readonly number[] | null> => {
    if (kit.access.can(actor, 'pools', 'update')) return null;
    const ids: number[] = [];
    for (const pool of await pools.all()) if ((await pools.rightsOf(pool, actor)).has('manage')) ids.push(pool.policyId);
    if (ids.length === 0) throw forbidden('You manage no pool.');
    return ids;
  };
  const mayRead = (actor: Actor, field: string): boolean => ['read', 'write'].includes(kit.access.field(actor, 'leads', field));

  const whereOf = async (actor: Actor, filter: Pick<ExhaustedFilter, 'pool' | 'q'>): Promise<{ sql: string; bindings: unknown[] }> => {
    const homes = await managed(actor);
    const where = [LIVE];
    const bindings: unknown[] = [];
    if (homes !== null) {
      where.push('l.home_pool_id = ANY(?::int[])');
      bindings.push([...homes]);
    }
    if (filter.pool) {
      where.push('l.home_pool_id = ?');
      bindings.push(filter.pool);
    }
    const sought = ['name', 'company'].filter((field) => mayRead(actor, field));
    if (filter.q) {
      const pattern = likePattern(filter.q);
      where.push(sought.length > 0 ? `(${sought.map((field) => `l.${field} ILIKE ?`).join(' OR ')})` : 'FALSE');
      bindings.push(...sought.map(() => pattern));
    }
    return { sql: where.join(' AND '), bindings };
  };

  /** Tries per lead, counted by kind and outcome; one statement. */
  const triesOf = async (ids: readonly number[]): Promise<ReadonlyMap<number, ReturnType<typeof triedOf>>> => {
    const rows = await many<{ lead: number; kind: string; outcome: string | null; count: number; lastAt: Date }>(
      kit.db,
      `SELECT lead_id AS lead, kind, outcome, count(*)::int AS count, max(occurred_at) AS "lastAt" FROM crm_activities
       WHERE lead_id = ANY(?::int[]) AND kind <> 'note' AND direction = 'outbound' AND NOT coalesce(automatic, false) GROUP BY 1, 2, 3 ORDER BY max(occurred_at) DESC`,
      [[...ids]],
    );
    return new Map(ids.map((id) => [id, rows.filter((row) => row.lead === id).map(({ lead: _lead, ...tried }) => tried)]));
  };

  return {
    list: async (actor, filter) => {
      const where = await whereOf(actor, filter);
      const counted = await one<{ n: number }>(kit.db, `SELECT count(*)::int AS n FROM crm_leads l WHERE ${where.sql}`, where.bindings);
      const rows = await many<Row>(
        kit.db,
        `SELECT l.id, l.name, l.company, l.home_pool_id AS pool, l.grade, e.at, e.data, o.name AS "lastOwner"
         FROM crm_events e JOIN crm_leads l ON l.id = e.subject_id
           LEFT JOIN LATERAL (SELECT m.name FROM crm_events h JOIN crm_members m ON m.id = (h.before->>'owner')::int
             WHERE h.subject = 'lead' AND h.subject_id = l.id AND jsonb_exists(h.after, 'owner') AND h.before->>'owner' IS NOT NULL ORDER BY h.id DESC LIMIT 1) o ON true
         WHERE ${EVENT} AND ${where.sql}
           AND NOT EXISTS (SELECT 1 FROM crm_events n WHERE n.subject = 'lead' AND n.subject_id = l.id AND n.type = 'lead.exhausted' AND n.id > e.id)
         ORDER BY e.at DESC, e.id DESC LIMIT ? OFFSET ?`,
        [...where.bindings, filter.limit, filter.offset],
      );
      const tries = await triesOf(rows.map(({ id }) => id));
      const poolOf = new Map((await pools.all()).map((pool) => [pool.policyId, pool]));
      return {
        leads: rows.map(({ data, name, company, ...row }) => {
          const rule = data.rule ?? poolOf.get(row.pool ?? 0)?.body.exhausted ?? {};
          return {
            ...row,
            name: mayRead(actor, 'name') ? name : null,
            company: mayRead(actor, 'company') ? company : null,
            owners: data.owners,
            attempts: data.attempts,
            rule: { owners: rule.owners ?? null, attempts: rule.attempts ?? null },
            why: exhaustedBy(data, rule),
            tried: tries.get(row.id) ?? [],
          };
        }),
        total: counted?.n ?? 0,
      };
    },

    story: async (actor, leadId) => {
      const where = await whereOf(actor, {});
      const found = await one<{ id: number }>(kit.db, `SELECT l.id FROM crm_leads l WHERE l.id = ? AND ${where.sql}`, [
        leadId,
        ...where.bindings,
      ]);
      if (!found) throw notFound('Exhausted lead');
      return leadMemory(kit, leadId, actor);
    },

    revive: async (actor, ids, how, { now, requestId }) => {
      const chosen = how.pool ? await pools.byId(how.pool) : null;
      if (how.pool && !chosen) throw badRequest('POOL_UNKNOWN', 'This pool does not exist or is not live.', { field: 'pool' });
      if (chosen && !(await mayPutInto({ kit, pools }, actor, chosen)))
        throw forbidden('You may not move leads into this pool.', { field: 'pool' });
      const where = await whereOf(actor, {});
      const rows = await many<{ id: number; home_pool_id: number | null }>(
        kit.db,
        `SELECT l.id, l.home_pool_id FROM crm_leads l WHERE l.id = ANY(?::int[]) AND ${where.sql} ORDER BY l.id`,
        [[...ids], ...where.bindings],
      );
      const targets = new Map<number, LivePool>();
      for (const row of rows) {
        const to = chosen ?? (await pools.byId(row.home_pool_id ?? 0)) ?? (await pools.homeOf(null, null));
        if (to) targets.set(row.id, to);
      }
      if (rows.length > 0 && targets.size === 0) throw new AppError('POOL_UNKNOWN', 409, 'No pool is live to put these leads into.');
      const changes = rows.flatMap((row): LeadChange[] => {
        const to = targets.get(row.id);
        if (!to) return [];
        return [
          {
            op: 'hold',
            id: row.id,
            to: { ownerId: null, poolId: to.policyId },
            event: 'lead.moved',
            expect: { ownerId: null, poolId: null },
            data: { from: null, pool: to.key, reason: how.reason, revived: true },
          },
        ];
      });
      const outcomes =
        changes.length > 0 ? (await leads.apply({ changes, actor, cause: { type: 'revive', id: requestId }, now })).outcomes : [];
      const done = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
      return [...new Set(ids)].map((id): ClaimResult => {
        const outcome = done.get(id);
        if (!outcome) return refusal(id, 'NOT_EXHAUSTED', 'This lead is not exhausted in a pool you manage.');
        return outcome.ok ? { id, ok: true } : { id, ok: false, code: outcome.code, message: outcome.message };
      });
    },
  };
}
