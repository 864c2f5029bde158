import { AppError, many } from '@leadsea/crm-core';
import type { Condition, FactType, Kit } from '@leadsea/crm-core';
import type { Entry, WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { DecisionTable, RoutingPolicy } from '../../../contracts';
import { OWN_LOAD, ownLoadId, pausedWeightOf, type Person } from '../domain/facts';
import { compileTable, type CompiledTable, type TableValues } from '../domain/lookup';
import { hundredths, knowsPaused, PAUSED, type LoadQuery } from './counts';
import { groupKey, type LivePolicy } from './plans';
import type { Verdicts } from './lead-facts';

interface Keyed {
  readonly key: string;
  readonly condition: Condition;
}

const keyed = (key: string, condition: Condition | null | undefined): readonly Keyed[] => (condition ? [{ key, condition }] : []);

const isCounting = (body: RoutingPolicy): boolean => body.capacity.leads !== undefined && body.capacity.leads !== null;
export const standardKey = (versionId: number, key: string): string => `${versionId}:${key}`;

/** Every condition of a policy that is asked of leads, under the name its answer is read by. */
const conditionsOf = ({ versionId: v, body }: LivePolicy): readonly Keyed[] => [
  ...keyed(`${v}`, body.when),
  ...keyed(`${v}:o`, body.capacity.leads),
  ...body.capacity.weights.flatMap(({ when }, index) => keyed(`${v}:w:${index}`, when)),
  ...body.standards.flatMap(({ key, leads }) => keyed(`${v}:s:${key}`, leads)),
  ...body.rules.flatMap((rule) => [
    ...keyed(`${v}:r:${rule.key}`, rule.when),
    ...keyed(`${v}:c:${rule.key}`, rule.filters.consent?.when),
    ...rule.loadLimits.flatMap(({ leads, scope }, index) => (scope === 'group' ? [] : keyed(`${v}:l:${rule.key}:${index}`, leads))),
  ]),
];

/** Under this name a lead says that its deadlines are paused, whichever policy asks. */
const PAUSED_KEY = 'paused';

/** What a lead adds to each load that is not plain, in hundredths. */
function addsOf({ versionId: v, key, body }: LivePolicy, held: ReadonlySet<string>): ReadonlyMap<string, number> {
  const adds = new Map<string, number>();
  const own = ownLoadId({ versionId: v, body });
  const usual = held.has(PAUSED_KEY) ? pausedWeightOf(body) : 1;
  if (own === OWN_LOAD) {
    if (usual !== 1) adds.set(own, hundredths(usual));
  } else {
    const weight = body.capacity.weights.find((_, index) => held.has(`${v}:w:${index}`))?.weight ?? usual;
    adds.set(own, isCounting(body) && !held.has(`${v}:o`) ? 0 : hundredths(weight));
  }
  for (const rule of body.rules) {
    rule.loadLimits.forEach(({ leads, scope }, index) => {
      if (scope === 'group') return;
      adds.set(`limit:${groupKey(key, rule.key)}:${index}`, !leads || held.has(`${v}:l:${rule.key}:${index}`) ? 100 : 0);
    });
  }
  return adds;
}

/** The loads a policy counts beyond the plain one, as they are read from the table. */
export function loadQueriesOf({ versionId, key, body }: Pick<LivePolicy, 'versionId' | 'key' | 'body'>): readonly LoadQuery[] {
  const own = ownLoadId({ versionId, body });
  return [
    ...(own === OWN_LOAD
      ? []
      : [{ id: own, leads: body.capacity.leads ?? null, weights: body.capacity.weights, paused: pausedWeightOf(body) }]),
    ...body.rules.flatMap((rule) =>
      rule.loadLimits.map((limit, index): LoadQuery => {
        const base = groupKey(key, rule.key);
        return limit.scope === 'group'
          ? { id: `group:${base}:${index}`, leads: limit.leads ?? null, group: base }
          : { id: `limit:${base}:${index}`, leads: limit.leads ?? null };
      }),
    ),
  ];
}

const EMPTY: ReadonlySet<string> = new Set();

/** Verdicts of one policy about a lead, from the conditions that hold for it. */
export function verdictsOf(policy: LivePolicy, held: ReadonlySet<string> = EMPTY): Omit<Verdicts, 'rows'> {
  const { versionId: v, body } = policy;
  return {
    holds: new Set(body.rules.filter((rule) => !rule.when || held.has(`${v}:r:${rule.key}`)).map((rule) => rule.key)),
    unreachable: new Set(body.rules.filter((rule) => rule.filters.consent && !held.has(`${v}:c:${rule.key}`)).map((rule) => rule.key)),
    standards: body.standards
      .filter(({ key, leads }) => !leads || held.has(`${v}:s:${key}`))
      .map(({ key, label }) => ({ key: standardKey(v, key), label })),
    adds: addsOf(policy, held),
  };
}

export const policyFor = (policies: readonly LivePolicy[], held: ReadonlySet<string> | undefined): LivePolicy | undefined =>
  policies.find(({ body, versionId }) => !body.when || held?.has(`${versionId}`));

export interface Matched {
  readonly entry: Entry;
  readonly policy: LivePolicy;
  readonly verdicts: Omit<Verdicts, 'rows'>;
}

/** Which policy is for each lead and what its conditions say: one statement for all. */
export async function matchPolicies(set: WorkingSet, policies: readonly LivePolicy[], open: readonly Entry[]): Promise<readonly Matched[]> {
  // A new lead has no deadline yet: nothing of it is paused.
  const held = open.some(({ isNew }) => !isNew) && knowsPaused(set.kit) ? [{ key: PAUSED_KEY, condition: PAUSED }] : [];
  const hits = await set.matches([...policies.flatMap(conditionsOf), ...held], open);
  return open.flatMap((entry) => {
    const own = hits.get(entry.id);
    const policy = policyFor(policies, own);
    return policy ? [{ entry, policy, verdicts: verdictsOf(policy, own) }] : [];
  });
}

export const allConditions = conditionsOf;

const compiled = new WeakMap<DecisionTable, CompiledTable>();
function tableOf(table: DecisionTable): CompiledTable {
  const known = compiled.get(table) ?? compileTable(table);
  compiled.set(table, known);
  return known;
}

export interface TableColumns {
  readonly names: readonly string[];
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

const NUMBERS: ReadonlySet<string> = new Set(['number', 'count', 'duration'] satisfies FactType[]);

/** The columns of all tables as a select list of text; a fact that is gone (a custom field) has no value. */
export function tableColumns(kit: Kit, policies: readonly LivePolicy[], now: Date): TableColumns | null {
  const names = [
    ...new Set(
      policies.flatMap(({ body }) => body.rules.flatMap(({ destination }) => (destination.kind === 'table' ? destination.columns : []))),
    ),
  ];
  if (names.length === 0) return null;
  const bindings: unknown[] = [];
  const numbers = new Set(kit.conditions.describe('lead').flatMap(({ key, type }) => (NUMBERS.has(type) ? [key] : [])));
  const columns = names.map((name, index) => {
    try {
      const value = kit.conditions.value(name, 'lead', 'l', { now, actor: null });
      bindings.push(...value.bindings);
      // A sum of money is 500000 to whoever writes the table, and not 500000.00.
      return numbers.has(name) ? `trim_scale((${value.sql})::numeric)::text AS c${index}` : `(${value.sql})::text AS c${index}`;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return `NULL::text AS c${index}`;
    }
  });
  return { names, sql: columns.join(', '), bindings };
}

export const tableValues = (names: readonly string[], row: Readonly<Record<string, unknown>>): TableValues =>
  Object.fromEntries(
    names.map((name, index) => {
      const value = row[`c${index}`];
      return [name, typeof value === 'string' ? value : null];
    }),
  );

/** The row of each table that fits, for the rules that hold. */
export function tableRows(
  { body }: LivePolicy,
  holds: ReadonlySet<string>,
  values: TableValues,
): ReadonlyMap<string, number | 'none' | 'ambiguous'> {
  const rows = new Map<string, number | 'none' | 'ambiguous'>();
  for (const { key, destination } of body.rules) {
    if (destination.kind !== 'table' || !holds.has(key)) continue;
    const hit = tableOf(destination).find(values);
    rows.set(key, hit.kind === 'row' ? hit.row : hit.kind);
  }
  return rows;
}

/** Which standards each person's own record meets (考核标准): one statement, and none where no standard concerns these leads. */
export async function withStandards(
  kit: Kit,
  trx: Knex | Knex.Transaction,
  people: ReadonlyMap<number, Person>,
  policies: readonly LivePolicy[],
  concerned: ReadonlySet<string>,
  now: Date,
): Promise<ReadonlyMap<number, Person>> {
  const asked = policies.flatMap(({ versionId, body }) =>
    body.standards
      .map(({ key, people: condition }) => ({ key: standardKey(versionId, key), condition }))
      .filter(({ key }) => concerned.has(key)),
  );
  if (asked.length === 0 || people.size === 0) return people;
  const bindings: unknown[] = [];
  const columns = asked.map(({ condition }, index) => {
    const sql = kit.conditions.compile(condition, 'member', 'm', { now, actor: null });
    bindings.push(...sql.bindings);
    return `(${sql.sql}) AS s${index}`;
  });
  const rows = await many<Record<string, unknown> & { id: number }>(
    trx,
    `SELECT m.id, ${columns.join(', ')} FROM crm_members m WHERE m.id = ANY(?::int[])`,
    [...bindings, [...people.keys()]],
  );
  const meets = new Map(rows.map((row) => [row.id, new Set(asked.filter((_, index) => row[`s${index}`] === true).map(({ key }) => key))]));
  return new Map([...people].map(([id, person]) => [id, { ...person, meets: meets.get(id) ?? EMPTY }]));
}
