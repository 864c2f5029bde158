import { many, snake } from '@leadsea/crm-core';
import type { Condition, FactDefinition, Kit, ResourceField } from '@leadsea/crm-core';
import type { Entry, WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';
import { destinationText, type Destination, type RoutingRule } from '../../../contracts';
import { allConditions, matchPolicies, policyFor, tableColumns, tableRows, tableValues, verdictsOf } from './conditions';
import { lookUp, type Tabled } from './decide';
import type { People } from './people';
import { livePools, membersOf, type LivePolicy } from './plans';
import { fieldsOf } from './lead-facts';

/** Where the rules of a policy would send a lead by its values alone, before anybody's limits. */
interface Place {
  readonly policy: LivePolicy;
  readonly rule: RoutingRule;
  readonly to: Destination;
  /** Two places are the same when this is. */
  readonly name: string;
}

type Rows = Tabled['rows'];

/** The first rule that holds and does not only wait; null where none does. */
function placeOf(policy: LivePolicy | undefined, holds: ReadonlySet<string>, rows: Rows): Place | null {
  for (const rule of policy?.body.rules ?? []) {
    const { destination } = rule;
    if (!policy || !holds.has(rule.key) || destination.kind === 'hold') continue;
    if (destination.kind !== 'table') return { policy, rule, to: destination, name: `${policy.key}:${rule.key}` };
    const row = rows.get(rule.key);
    const to = typeof row === 'number' ? destination.rows[row]?.to : undefined;
    if (to) return { policy, rule, to, name: `${policy.key}:${rule.key}/${destinationText(to)}` };
  }
  return null;
}

const columnOf = (fact: string): string => {
  const name = fact.startsWith('lead.') ? fact.slice(5) : fact;
  if (name.startsWith('custom.')) return 'custom';
  return name === 'owner' || name === 'pool' || name === 'team' || name === 'account' ? `${name}_id` : snake(name);
};

/** Keys of the facts a condition looks at. */
export const factsIn = (condition: Condition): readonly string[] =>
  condition.rules.flatMap((rule) => (typeof rule !== 'object' || rule === null ? [] : 'rules' in rule ? factsIn(rule) : [rule.field]));

const known = new WeakMap<LivePolicy, ReadonlySet<string>>();
/** Columns of a lead that a policy looks at: only when one of them changes can another rule hold. */
function columnsOf(policy: LivePolicy): ReadonlySet<string> {
  const found =
    known.get(policy) ??
    new Set(
      [
        ...allConditions(policy).flatMap(({ condition }) => factsIn(condition).filter((fact) => fact.startsWith('lead.'))),
        ...policy.body.rules.flatMap(({ destination }) => (destination.kind === 'table' ? destination.columns : [])),
        ...fieldsOf(policy.body.rules),
      ].map(columnOf),
    );
  known.set(policy, found);
  return found;
}

/** Leads somebody owns and keeps in this change set, of which a value changed that some policy looks at. */
const touched = (set: WorkingSet, policies: readonly LivePolicy[], closed: readonly string[]): readonly Entry[] =>
  set.entries.filter(
    ({ isNew, before, row, changed, asks }) =>
      !isNew &&
      row.owner_id !== null &&
      before?.owner_id === row.owner_id &&
      row.merged_into === null &&
      !row.is_test &&
      !closed.includes(row.stage) &&
      !asks.has('route') &&
      policies.some((policy) => [...changed].some((column) => columnsOf(policy).has(column))),
  );

/** Where these leads belonged by their values before this change set: the table still has them. */
async function placesBefore(set: WorkingSet, policies: readonly LivePolicy[], ids: readonly number[]): Promise<ReadonlyMap<number, Place>> {
  const context = { now: set.now, actor: null };
  const bindings: unknown[] = [];
  const hits = policies.flatMap(allConditions).map(({ key, condition }) => {
    const sql = set.kit.conditions.compile(condition, 'lead', 'l', context);
    bindings.push(...sql.bindings, key);
    return `CASE WHEN ${sql.sql} THEN ?::text END`;
  });
  const columns = tableColumns(set.kit, policies, set.now);
  const rows = await many<Record<string, unknown> & { id: number; held: string[] | null }>(
    set.trx,
    `SELECT l.id, array_remove(ARRAY[NULL${hits.map((hit) => `, ${hit}`).join('')}]::text[], NULL) AS held ${columns ? `, ${columns.sql}` : ''}
     FROM crm_leads l WHERE l.id = ANY(?::int[])`,
    [...bindings, ...(columns?.bindings ?? []), [...ids]],
  );
  return new Map(
    rows.flatMap((row): [number, Place][] => {
      const held = new Set(row.held ?? []);
      const policy = policyFor(policies, held);
      if (!policy) return [];
      const { holds } = verdictsOf(policy, held);
      const place = placeOf(policy, holds, columns ? tableRows(policy, holds, tableValues(columns.names, row)) : new Map());
      return place ? [[row.id, place]] : [];
    }),
  );
}

/** Of these moves those that would take the lead from its owner: he is not among the people of the new place. */
async function leaving(
  { kit, people, set }: Deps,
  moves: readonly { readonly entry: Entry; readonly to: Place }[],
): Promise<readonly { readonly entry: Entry; readonly to: Place }[]> {
  const rules = [...new Map(moves.map(({ to }) => [to.name, { ...to.rule, destination: to.to, onEmpty: 'next' as const }])).values()];
  const directory = await people.load(set.trx, membersOf(rules), { lock: false, calendars: false }, set.now);
  const pools = await livePools(kit);
  return moves.filter(({ entry, to }) => {
    const destination = to.to;
    if (destination.kind === 'pool') return pools.has(destination.key);
    const named = directory.resolve(destination);
    return named.length > 0 && !named.some(({ id }) => id === entry.row.owner_id);
  });
}

interface Deps {
  readonly kit: Kit;
  readonly people: People;
  readonly set: WorkingSet;
}

interface Mark {
  readonly lead: number;
  readonly owner: number;
  readonly from: string | null;
  readonly to: string;
  readonly rule: string;
  readonly version: number;
}

const WRITE = `
  INSERT INTO crm_routing_candidates AS c (lead_id, owner_id, from_place, to_place, rule, policy_version_id, since)
  SELECT m.lead, m.owner, m."from", m."to", m.rule, m.version, ? FROM jsonb_to_recordset(?::jsonb) AS m(lead int, owner int, "from" text, "to" text, rule text, version int)
  ON CONFLICT (lead_id) DO UPDATE SET owner_id = excluded.owner_id, to_place = excluded.to_place, rule = excluded.rule,
    policy_version_id = excluded.policy_version_id, since = excluded.since,
    from_place = CASE WHEN c.owner_id = excluded.owner_id THEN c.from_place ELSE excluded.from_place END`;

/**
 * R-50: a change of values alone never takes a lead from its owner. Where another rule holds now and would give it to somebody else, the lead
 * is marked, for people to decide; where the old rule holds again, the mark goes. Nothing is asked where no policy looks at what changed.
 */
export async function markCandidates(deps: Deps, policies: readonly LivePolicy[], closed: readonly string[]): Promise<void> {
  const { set } = deps;
  if (set.dryRun) return;
  const again = set.entries.filter(({ isNew, asks }) => !isNew && asks.has('route:again')).map(({ id }) => id);
  if (again.length > 0) set.defer(async (trx) => void (await keepCandidates(trx, again)));
  const entries = touched(set, policies, closed);
  if (entries.length === 0) return;
  const before = await placesBefore(
    set,
    policies,
    entries.map(({ id }) => id),
  );
  const after = new Map(
    (await lookUp(set, await matchPolicies(set, policies, entries))).map(({ entry, policy, verdicts, rows }) => [
      entry.id,
      placeOf(policy, verdicts.holds, rows),
    ]),
  );
  const moves = entries.flatMap((entry) => {
    const to = after.get(entry.id);
    return to && to.name !== before.get(entry.id)?.name ? [{ entry, to }] : [];
  });
  if (moves.length === 0) return;
  const marks = (await leaving(deps, moves)).map(({ entry, to }): Mark => ({
    lead: entry.id,
    owner: entry.row.owner_id ?? 0,
    from: before.get(entry.id)?.name ?? null,
    to: to.name,
    rule: to.rule.key,
    version: to.policy.versionId,
  }));
  for (const { lead, rule, version } of marks) {
    const data = { rule, policy: moves.find(({ entry }) => entry.id === lead)?.to.policy.key ?? null };
    set.emit({ subject: 'lead', subjectId: lead, type: 'lead.reroute_candidate', policyVersionId: version, data });
  }
  const kept = moves.map(({ entry }) => entry.id).filter((id) => !marks.some(({ lead }) => lead === id));
  set.defer(async (trx) => {
    if (marks.length > 0) await trx.raw(WRITE, [set.now, JSON.stringify(marks)]);
    await trx.raw(
      'DELETE FROM crm_routing_candidates WHERE lead_id = ANY(?::int[]) OR (lead_id = ANY(?::int[]) AND from_place = to_place)',
      [kept, marks.map(({ lead }) => lead)],
    );
  });
}

/** The owner keeps these leads after all; their marks go. */
export async function keepCandidates(trx: Knex.Transaction, ids: readonly number[]): Promise<readonly number[]> {
  const rows = await many<{ lead_id: number }>(trx, 'DELETE FROM crm_routing_candidates WHERE lead_id = ANY(?::int[]) RETURNING lead_id', [
    [...ids],
  ]);
  return rows.map((row) => row.lead_id);
}

/** A mark of an earlier owner says nothing any more. */
export const isCandidateSql = (alias: string): string =>
  `EXISTS (SELECT 1 FROM crm_routing_candidates rc WHERE rc.lead_id = ${alias}.id AND rc.owner_id = ${alias}.owner_id)`;

const LABEL = { zh: '建议改派', en: 'Would go elsewhere now' };

/** The mark as a fact: for filters, saved views, pools and reports. */
export const candidateFact: FactDefinition = {
  subject: 'lead',
  key: 'routing.rerouteCandidate',
  label: LABEL,
  type: 'boolean',
  operators: ['=', '!='],
  sql: (alias) => ({ sql: isCandidateSql(alias), bindings: [] }),
};

/** The mark as a field of the lead. */
export const candidateField: ResourceField = {
  name: 'rerouteCandidate',
  type: 'boolean',
  label: LABEL,
  filterable: true,
  sql: (alias) => isCandidateSql(alias),
};
