import { many } from '@leadsea/crm-core';
import type { Condition, Kit } from '@leadsea/crm-core';
import type { WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';

export interface KeyedCondition {
  readonly key: string;
  readonly condition: Condition;
}

/** Which of the conditions hold for which leads; one statement, none when nothing is asked. */
export type Matcher = (
  conditions: readonly KeyedCondition[],
  leadIds: readonly number[],
) => Promise<ReadonlyMap<number, ReadonlySet<string>>>;

/** Over the leads as they are in memory in a change set. */
export const setMatcher =
  (set: WorkingSet): Matcher =>
  (conditions, ids) =>
    set.matches(
      conditions,
      [...new Set(ids)].map((id) => set.entry(id)),
    );

/** Over the leads as they are in the table. */
export const tableMatcher =
  (kit: Kit, db: Knex | Knex.Transaction, now: Date): Matcher =>
  async (conditions, ids) => {
    const result = new Map<number, Set<string>>(ids.map((id) => [id, new Set<string>()]));
    if (conditions.length === 0 || ids.length === 0) return result;
    const compiled = conditions.map(({ condition }) => kit.conditions.compile(condition, 'lead', 'l', { now, actor: null }));
    const rows = await many<{ id: number; hits: boolean[] }>(
      db,
      `SELECT l.id, ARRAY[${compiled.map((one) => `(${one.sql})`).join(', ')}]::boolean[] AS hits FROM crm_leads l WHERE l.id = ANY(?::int[])`,
      [...compiled.flatMap((one) => [...one.bindings]), [...ids]],
    );
    for (const row of rows)
      row.hits.forEach((hit, index) => {
        if (hit) result.get(row.id)?.add(conditions[index]!.key);
      });
    return result;
  };
