import { forbidden, many } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import type { PoolDirectory } from './pools';
import { filteredFacts, REPORT_METRICS, type ReportKey, type ReportMetric } from './report-sql';

export interface ReportFilter {
  readonly from: Date;
  readonly to: Date;
  readonly by: ReportKey;
  readonly pool?: number | null;
  readonly rep?: number | null;
  readonly source?: string | null;
  readonly zone?: string | null;
}
export interface ReportRow {
  readonly key: string;
  readonly label: string;
  readonly entered: number;
  readonly claimed: number;
  readonly released: number;
  readonly recycled: number;
  readonly converted: number;
  readonly waitSeconds: number | null;
  readonly holdSeconds: number | null;
}
type Raw = Omit<ReportRow, 'label' | 'key'> & { readonly key: string | null };
type Binding = string | number | Date | string[] | number[];
const SHOWN_IDS = 10_000;

const NUMBERS = `${REPORT_METRICS.map((metric) => `count(*) FILTER (WHERE f.metric = '${metric}')::int AS ${metric}`).join(', ')},
  round(percentile_cont(0.5) WITHIN GROUP (ORDER BY f.seconds) FILTER (WHERE f.metric = 'claimed'))::float8 AS "waitSeconds",
  round(percentile_cont(0.5) WITHIN GROUP (ORDER BY f.seconds) FILTER (WHERE f.metric IN ('released', 'recycled')))::float8 AS "holdSeconds"`;

/** Reports on pools, all of them computed from events, and the rows behind every number. */
export function createReports(kit: Kit, pools: PoolDirectory) {
  /** Pools in sight; whose numbers: those of all people only for who manages or assigns there, else his own. */
  const reach = async (
    actor: Actor,
    pool: number | null,
  ): Promise<{ pools: number[]; everybody: boolean; live: ReadonlyMap<number, string> }> => {
    const all = kit.access.can(actor, 'pools', 'update');
    const live = await pools.all();
    const seen: number[] = [];
    let everybody = true;
    for (const one of live) {
      if (pool !== null && one.policyId !== pool) continue;
      const rights = await pools.rightsOf(one, actor);
      if (!all && rights.size === 0) continue;
      seen.push(one.policyId);
      if (!all && !rights.has('manage') && !rights.has('assign')) everybody = false;
    }
    if (seen.length === 0) throw forbidden('You see no such pool.');
    return { pools: seen, everybody, live: new Map(live.map((one) => [one.policyId, one.name])) };
  };

  /** Stages that count as a conversion: what the graph calls a gate that follows qualification, and won. */
  const wonStages = async (): Promise<readonly string[]> => {
    const [version] = await kit.policies.live<{ stages: readonly { key: string; type: string }[] }>('lifecycle');
    const stages = version?.body.stages ?? [];
    const won = stages.filter((stage) => stage.type === 'won' || stage.key === 'opportunity').map((stage) => stage.key);
    return won.length > 0 ? won : ['opportunity', 'won'];
  };

  const bindingsOf = async (
    filter: ReportFilter,
    actor: Actor,
    known: { pools: number[]; everybody: boolean },
  ): Promise<{ bindings: Readonly<Record<string, Binding>>; rep: number | null }> => {
    const rep = known.everybody ? (filter.rep ?? null) : actor.memberId;
    if (!known.everybody && filter.rep && filter.rep !== actor.memberId) throw forbidden('You see your own numbers only.');
    const bindings = {
      from: filter.from,
      to: filter.to,
      pools: known.pools,
      won: [...(await wonStages())],
      zone: filter.zone ?? actor.timeZone,
      rep: rep ?? 0,
      source: filter.source ?? '',
    };
    return { bindings, rep };
  };

  const labelsOf = async (by: ReportKey, keys: readonly string[], live: ReadonlyMap<number, string>): Promise<(key: string) => string> => {
    if (by === 'pool') return (key) => live.get(Number(key)) ?? `#${key}`;
    if (by !== 'rep') return (key) => key;
    const rows = await many<{ id: number; name: string }>(kit.db, 'SELECT id, name FROM crm_members WHERE id = ANY(?::int[])', [
      keys.map(Number),
    ]);
    const names = new Map(rows.map((row) => [String(row.id), row.name]));
    return (key) => names.get(key) ?? `#${key}`;
  };

  return {
    report: async (actor: Actor, filter: ReportFilter, now: Date): Promise<Record<string, unknown>> => {
      const known = await reach(actor, filter.pool ?? null);
      const { bindings, rep } = await bindingsOf(filter, actor, known);
      const facts = filteredFacts({ by: filter.by, rep: rep !== null, source: Boolean(filter.source) });
      const { rows } = await kit.db.raw<{ rows: (Raw & { total: boolean })[] }>(
        `SELECT f.key, GROUPING(f.key) = 1 AS total, ${NUMBERS} FROM (${facts}) f GROUP BY GROUPING SETS ((f.key), ()) ORDER BY f.key`,
        bindings,
      );
      const labelled = rows.filter((row) => !row.total && row.key !== null).map((row) => ({ ...row, key: row.key! }));
      const label = await labelsOf(
        filter.by,
        labelled.map((row) => row.key),
        known.live,
      );
      const inside = await many<{ pool: number; available: number; oldestSeconds: number | null; medianSeconds: number | null }>(
        kit.db,
        `SELECT pool_id AS pool, count(*)::int AS available, round(extract(epoch FROM ?::timestamptz - min(pool_entered_at)))::float8 AS "oldestSeconds",
                round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ?::timestamptz - pool_entered_at)))::float8 AS "medianSeconds"
         FROM crm_leads WHERE pool_id = ANY(?::int[]) AND owner_id IS NULL AND merged_into IS NULL AND stage <> ALL(?::text[]) GROUP BY pool_id ORDER BY pool_id`,
        [now, now, known.pools, [...(await closedStages(kit))]],
      );
      const { total: _flag, key: _key, ...total } = rows.find((row) => row.total) ?? { total: true, key: null };
      return {
        from: filter.from,
        to: filter.to,
        by: filter.by,
        own: !known.everybody,
        rows: labelled.map(({ total: _total, ...row }) => ({ ...row, label: label(row.key) })),
        total,
        now: inside.map((row) => ({ ...row, name: known.live.get(row.pool) ?? null })),
      };
    },
    /** The leads behind a number, as far as the person may see them; `total` is the number itself. */
    leads: async (
      actor: Actor,
      filter: ReportFilter & { readonly metric: ReportMetric; readonly key?: string | null },
    ): Promise<{ ids: readonly number[]; total: number }> => {
      const known = await reach(actor, filter.pool ?? null);
      const { bindings, rep } = await bindingsOf(filter, actor, known);
      const facts = filteredFacts({ by: filter.by, rep: rep !== null, source: Boolean(filter.source) });
      const { rows } = await kit.db.raw<{ rows: { lead: number }[] }>(
        `SELECT f.lead FROM (${facts}) f WHERE f.metric = :metric${filter.key ? ' AND f.key = :key' : ''}`,
        { ...bindings, metric: filter.metric, key: filter.key ?? '' },
      );
      const scope = kit.access.scope(actor, 'leads', 'read', 'l');
      const seen = await many<{ id: number }>(
        kit.db,
        `SELECT l.id FROM crm_leads l WHERE l.id = ANY(?::int[]) AND l.merged_into IS NULL AND ${scope.sql} ORDER BY l.id LIMIT ${SHOWN_IDS}`,
        [[...new Set(rows.map((row) => row.lead))], ...scope.bindings],
      );
      return { ids: seen.map((row) => row.id), total: rows.length };
    },
  };
}

export type Reports = ReturnType<typeof createReports>;
