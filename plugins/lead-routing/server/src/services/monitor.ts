import { forbidden, many, one } from '@leadsea/crm-core';
import type { Actor, HostContext, JobHandler, Kit, LocalisedText, VerbContext } from '@leadsea/crm-core';
import type { LeadChange, Leads } from '@leadsea/leads';
import { z } from 'zod';
import { OTHERWISE, resultText, type RouteReason, type RouteResult, type RoutingPolicy } from '../../../contracts';
import { loadBlocked, type Blocked } from './blocked';
import { closedStages } from './lead-facts';

export const MONITOR_STATES = ['attention', 'held', 'candidates', 'processed'] as const;
type MonitorState = (typeof MONITOR_STATES)[number];

const querySchema = z.object({
  state: z.enum(MONITOR_STATES).default('attention'),
  reason: z.string().max(40).optional(),
  days: z.coerce.number().int().min(1).max(365).default(7),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  perPage: z.coerce.number().int().min(1).max(200).default(25),
});

interface MonitorRow {
  lead: number;
  name: string | null;
  company: string | null;
  captured_at: Date;
  at: Date | null;
  cause: string | null;
  result: RouteResult | null;
  version: number | null;
  due_at: Date | null;
  owner_name: string | null;
  pool_name: string | null;
  reason: string;
}

export interface MonitorItem {
  readonly lead: number;
  readonly name: string | null;
  readonly company: string | null;
  readonly capturedAt: Date;
  readonly at: Date | null;
  readonly cause: string | null;
  readonly reason: string;
  readonly text: LocalisedText;
  readonly rule: LocalisedText | null;
  readonly policy: { readonly id: number; readonly name: string; readonly version: number } | null;
  readonly retryAt: Date | null;
  /** What kept the people of the rule it came to last from it; empty where somebody has it. */
  readonly blocked: readonly Blocked[];
}

const LATEST = `LEFT JOIN LATERAL (SELECT d.at, d.cause, d.result, d.policy_version_id FROM crm_decisions d
  WHERE d.subject = 'lead' AND d.subject_id = l.id AND d.kind = 'route' ORDER BY d.id DESC LIMIT 1) d ON TRUE
  LEFT JOIN crm_timers t ON t.key = 'routing-retry:' || l.id AND t.state = 'armed'`;
/** Why a lead lies with nobody; `NOT_ROUTED` = no live policy was for it, `LEFT` = it was given to somebody or a pool and is there no more. */
const REASON = `CASE WHEN t.id IS NOT NULL THEN 'HELD' WHEN coalesce(d.result->>'owner', d.result->>'pool') IS NOT NULL THEN 'LEFT'
  ELSE coalesce(d.result->>'reason', 'NOT_ROUTED') END`;
const COLUMNS = `l.id AS lead, l.name, l.company, l.captured_at, d.at, d.cause, d.result, d.policy_version_id AS version`;

interface Part {
  readonly from: string;
  readonly bindings: readonly unknown[];
}

/** Leads nobody has: not closed, not merged, not erased, no test. Those that wait at a rule are held, the others need attention. */
function unowned(kit: Kit, actor: Actor, closed: readonly string[], held: boolean): Part {
  const scope = kit.access.scope(actor, 'leads', 'read', 'l');
  return {
    from: `FROM crm_leads l ${LATEST} WHERE l.owner_id IS NULL AND l.pool_id IS NULL AND l.merged_into IS NULL AND l.is_test IS NOT TRUE
      AND l.quarantine IS DISTINCT FROM 'erased' AND l.stage <> ALL(?::text[]) AND t.id IS ${held ? 'NOT NULL' : 'NULL'} AND ${scope.sql}`,
    bindings: [[...closed], ...scope.bindings],
  };
}

/** Decisions of the last days that gave a lead to somebody or something. */
function processed(kit: Kit, actor: Actor, since: Date): Part {
  const scope = kit.access.scope(actor, 'leads', 'read', 'l');
  return {
    from: `FROM crm_decisions d JOIN crm_leads l ON l.id = d.subject_id WHERE d.kind = 'route' AND d.subject = 'lead' AND d.at >= ?
      AND (d.result->>'owner' IS NOT NULL OR d.result->>'pool' IS NOT NULL) AND ${scope.sql}`,
    bindings: [since, ...scope.bindings],
  };
}

/** owned leads another rule would now take elsewhere. The reason is the rule. */
function candidates(kit: Kit, actor: Actor): Part {
  const scope = kit.access.scope(actor, 'leads', 'read', 'l');
  return {
    from: `FROM crm_routing_candidates c JOIN crm_leads l ON l.id = c.lead_id AND l.owner_id = c.owner_id
      CROSS JOIN LATERAL (SELECT c.since AS at, NULL::text AS cause, c.policy_version_id, jsonb_build_object('owner', c.owner_id, 'rule', c.rule) AS result) d
      WHERE l.merged_into IS NULL AND ${scope.sql}`,
    bindings: scope.bindings,
  };
}

/** How the rows of a state are found, named and ordered. */
const SHAPES: Readonly<Record<MonitorState, { readonly reason: string; readonly due: string; readonly order: string }>> = {
  attention: { reason: REASON, due: 't.due_at', order: 'l.captured_at DESC, l.id DESC' },
  held: { reason: REASON, due: 't.due_at', order: 'l.captured_at DESC, l.id DESC' },
  candidates: { reason: `'CANDIDATE'`, due: 'NULL::timestamptz', order: 'd.at DESC, l.id DESC' },
  processed: { reason: `d.result->>'reason'`, due: 'NULL::timestamptz', order: 'd.at DESC, d.id DESC' },
};

const DAY_MS = 86_400_000;
const shown = (kit: Kit, actor: Actor, field: string): boolean => ['read', 'write'].includes(kit.access.field(actor, 'leads', field));

const candidateText = (rule: LocalisedText | null, owner: string | null): LocalisedText => ({
  zh: `信息已变更，按规则“${rule?.zh ?? '—'}”应由他人负责；现由${owner ?? '其负责人'}持有`,
  en: `Its values have changed: the rule “${rule?.en ?? '—'}” would give it to somebody else than ${owner ?? 'its owner'}`,
});

const leftText = (rule: LocalisedText | null): LocalisedText => ({
  zh: `曾按规则“${rule?.zh ?? '—'}”分配，之后离开，现在无人负责`,
  en: `It was given out by the rule “${rule?.en ?? '—'}”, has left since, and lies with nobody`,
});

async function itemsOf(kit: Kit, actor: Actor, rows: readonly MonitorRow[]): Promise<MonitorItem[]> {
  const versions = [...new Set(rows.flatMap(({ version }) => version ?? []))];
  const policies = new Map(await Promise.all(versions.map(async (id) => [id, await kit.policies.version<RoutingPolicy>(id)] as const)));
  const [name, company] = [shown(kit, actor, 'name'), shown(kit, actor, 'company')];
  const members = kit.access.can(actor, 'members', 'read');
  const nobodys = rows.flatMap(({ lead, result }) => (result && result.owner === null && result.pool === null ? [lead] : []));
  const blocked = nobodys.length === 0 ? new Map<number, readonly Blocked[]>() : await loadBlocked(kit, nobodys);
  return rows.map((row): MonitorItem => {
    const policy = row.version === null ? undefined : policies.get(row.version);
    const key = row.result?.rule ?? null;
    const label =
      key === null
        ? null
        : key === OTHERWISE
          ? { zh: '兜底', en: 'Otherwise' }
          : policy?.body.rules.find((rule) => rule.key === key)?.label;
    const known = row.result && row.reason !== 'NOT_ROUTED';
    return {
      lead: row.lead,
      name: name ? row.name : null,
      company: company ? row.company : null,
      capturedAt: row.captured_at,
      at: row.at,
      cause: row.cause,
      reason: row.reason,
      text:
        row.reason === 'CANDIDATE'
          ? candidateText(label ?? null, members ? row.owner_name : null)
          : row.reason === 'LEFT'
            ? leftText(label ?? null)
            : known
              ? resultText(
                  {
                    reason: row.reason as RouteReason,
                    rule: label ?? null,
                    owner: row.owner_name === null ? null : members ? row.owner_name : '—',
                    pool: row.pool_name,
                    heldUntil: row.due_at?.toISOString() ?? row.result?.heldUntil ?? null,
                    test: row.result?.test ?? false,
                  },
                  actor.timeZone,
                )
              : { zh: '没有分配策略适用于这条线索', en: 'No routing policy is for this lead' },
      rule: label ?? null,
      policy: policy ? { id: policy.policyId, name: policy.name, version: policy.number } : null,
      retryAt: row.due_at,
      blocked: blocked.get(row.lead) ?? [],
    };
  });
}

/** `GET /routing/monitor`: leads that were routed, wait, or need attention, with the reason, and how many of each (6.13). */
export const monitor =
  (kit: Kit) =>
  async (ctx: HostContext, { actor, now }: VerbContext): Promise<void> => {
    if (!kit.access.can(actor, 'routing-policies', 'read')) throw forbidden();
    const query = querySchema.parse(ctx.query);
    const closed = await closedStages(kit);
    const since = new Date(now.getTime() - query.days * DAY_MS);
    const part = (state: MonitorState): Part => {
      if (state === 'processed') return processed(kit, actor, since);
      return state === 'candidates' ? candidates(kit, actor) : unowned(kit, actor, closed, state === 'held');
    };
    const { from, bindings } = part(query.state);
    const { reason: reasonSql, due, order } = SHAPES[query.state];
    const filter = query.reason ? `AND ${reasonSql} = ?` : '';
    const rows = await many<MonitorRow>(
      kit.db,
      `SELECT ${COLUMNS}, ${reasonSql} AS reason, ${due} AS due_at,
         (SELECT m.name FROM crm_members m WHERE m.id = (d.result->>'owner')::int) AS owner_name,
         (SELECT p.name FROM crm_policies p WHERE p.id = (d.result->>'pool')::int) AS pool_name
       ${from} ${filter} ORDER BY ${order} LIMIT ? OFFSET ?`,
      [...bindings, ...(query.reason ? [query.reason] : []), query.perPage, (query.page - 1) * query.perPage],
    );
    const counts = await Promise.all(
      MONITOR_STATES.map(async (state) => {
        const { from: source, bindings: values } = part(state);
        const { reason } = SHAPES[state];
        const found = await many<{ reason: string; n: number }>(
          kit.db,
          `SELECT ${reason} AS reason, count(*)::int AS n ${source} GROUP BY 1 ORDER BY 2 DESC`,
          [...values],
        );
        return [state, found] as const;
      }),
    );
    const reasons = Object.fromEntries(counts);
    const total = (reasons[query.state] ?? [])
      .filter((row) => !query.reason || row.reason === query.reason)
      .reduce((sum, row) => sum + row.n, 0);
    ctx.body = { items: await itemsOf(kit, actor, rows), total, reasons };
  };

/** A list of the monitor whose leads can go through the policies again. */
export const monitoredSchema = z.object({ state: z.enum(['attention', 'held', 'candidates']), reason: z.string().max(40).optional() });
const rerunSchema = monitoredSchema;

/** The first leads of a list of the monitor, and how many there are. */
export async function monitored(
  kit: Kit,
  actor: Actor,
  { state, reason }: z.infer<typeof monitoredSchema>,
  most: number,
): Promise<{ readonly ids: readonly number[]; readonly total: number }> {
  const closed = await closedStages(kit);
  const { from, bindings } = state === 'candidates' ? candidates(kit, actor) : unowned(kit, actor, closed, state === 'held');
  const filter = reason ? `AND ${SHAPES[state].reason} = ?` : '';
  const rows = await many<{ id: number; n: number }>(
    kit.db,
    `SELECT l.id, (count(*) OVER ())::int AS n ${from} ${filter} ORDER BY l.id LIMIT ${most}`,
    [...bindings, ...(reason ? [reason] : [])],
  );
  return { ids: rows.map(({ id }) => id), total: rows[0]?.n ?? 0 };
}

/** `POST /routing/rerun`: every lead that waits or needs attention goes through the policies again, however many there are; a job. */
export const rerun =
  (kit: Kit) =>
  async (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    kit.access.assert(actor, 'leads', 'assign');
    const input = rerunSchema.parse(ctx.request.body ?? {});
    const [job] = await kit.db.transaction((trx) =>
      kit.jobs.enqueue(trx, [
        { kind: 'routing.rerun', key: `routing-rerun:${actor.memberId ?? 0}`, payload: { ...input, member: actor.memberId } },
      ]),
    );
    ctx.status = 202;
    ctx.body = { job: job ?? null };
  };

const STEP = 500;

export const rerunJob =
  (kit: Kit, leads: Leads): JobHandler =>
  async (job) => {
    const input = rerunSchema.extend({ member: z.int().nullable() }).parse(job.payload);
    const actor = input.member === null ? kit.actors.system('Routing') : await kit.actors.member(input.member);
    const closed = await closedStages(kit);
    const { from, bindings } = input.state === 'candidates' ? candidates(kit, actor) : unowned(kit, actor, closed, input.state === 'held');
    const filter = input.reason ? `AND ${SHAPES[input.state].reason} = ?` : '';
    const values = [...bindings, ...(input.reason ? [input.reason] : [])];
    const all = await one<{ n: number }>(kit.db, `SELECT count(*)::int AS n ${from} ${filter}`, values);
    let after = 0;
    let done = 0;
    for (;;) {
      const rows = await many<{ id: number }>(kit.db, `SELECT l.id ${from} ${filter} AND l.id > ? ORDER BY l.id LIMIT ${STEP}`, [
        ...values,
        after,
      ]);
      const last = rows.at(-1);
      if (!last) return;
      after = last.id;
      const changes = rows.map(({ id }): LeadChange => ({ op: 'touch', id, ask: ['route', 'route:again'] }));
      await leads.apply({ changes, actor, cause: { type: 'rerun', id: String(job.id) }, now: kit.clock.now() });
      done += rows.length;
      await job.progress(done, all?.n ?? null);
      if (job.shouldStop()) return;
    }
  };

/** `GET /routing/disputes`: contested re-routes the reader may judge, or has a part in. */
export const disputes =
  (kit: Kit) =>
  async (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    const all = kit.access.can(actor, 'routing-policies', 'update');
    ctx.body = {
      items: await many(
        kit.db,
        `SELECT d.id, d.lead_id AS lead, l.name AS "leadName", d.state, d.occurred_at AS "occurredAt", d.rerouted_at AS "reroutedAt", d.evidence,
           c.name AS claimant, h.name AS holder, d.claimant_id AS "claimantId", d.holder_id AS "holderId", d.frozen_until AS "frozenUntil", d.note,
           (d.state = 'open' AND d.claimant_id IS DISTINCT FROM ?::int AND (?::boolean OR c.manager_id = ?::int)) AS "canSettle"
         FROM crm_routing_disputes d JOIN crm_leads l ON l.id = d.lead_id JOIN crm_members c ON c.id = d.claimant_id LEFT JOIN crm_members h ON h.id = d.holder_id
         WHERE ?::boolean OR c.manager_id = ?::int OR d.claimant_id = ?::int OR d.holder_id = ?::int
         ORDER BY (d.state = 'open') DESC, d.id DESC LIMIT 100`,
        [actor.memberId, all, actor.memberId, all, actor.memberId, actor.memberId, actor.memberId],
      ),
    };
  };
