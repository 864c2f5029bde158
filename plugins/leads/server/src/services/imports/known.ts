import { many } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { leadKeys, type LeadKey } from '../../domain/identity';
import type { Create } from './row-plan';

export interface Holder {
  readonly leadId: number;
  readonly by: LeadKey['kind'];
}

const RANK: Readonly<Record<string, number>> = { external: 0, email: 1, phone: 2, wechat: 3 };
const label = (key: LeadKey): string => `${key.kind} ${key.value}`;

/** The match keys of a change, strongest first. */
export function keysOf(change: Create, country: string | null): readonly LeadKey[] {
  const { external } = change;
  const { keys } = leadKeys(change.values, {
    defaultCountry: country,
    externalId: external?.id ?? null,
    externalSource: external?.source ?? null,
  });
  return [...keys].sort((a, b) => (RANK[a.kind] ?? 9) - (RANK[b.kind] ?? 9));
}

/** Who is here already, for all changes in one statement: per change the lead that holds its strongest key. */
export async function holdersOf(db: Knex | Knex.Transaction, keys: readonly (readonly LeadKey[])[]): Promise<readonly (Holder | null)[]> {
  const wanted = [...new Map(keys.flat().map((key) => [label(key), key])).values()];
  const rows =
    wanted.length === 0
      ? []
      : await many<{ kind: LeadKey['kind']; value: string; lead_id: number }>(
          db,
          'SELECT k.kind, k.value, k.lead_id FROM crm_lead_keys k JOIN unnest(?::text[], ?::text[]) AS w(kind, value) ON w.kind = k.kind AND w.value = k.value',
          [wanted.map((key) => key.kind), wanted.map((key) => key.value)],
        );
  const holders = new Map(rows.map((row) => [`${row.kind} ${row.value}`, row.lead_id]));
  return keys.map((own) => {
    const key = own.find((one) => holders.has(label(one)));
    return key ? { leadId: holders.get(label(key)) ?? 0, by: key.kind } : null;
  });
}

/** Of these leads the ones the person may change by an import. */
export async function withinScope(
  kit: Kit,
  db: Knex | Knex.Transaction,
  actor: Actor,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const scope = kit.access.scope(actor, 'leads', 'import', 't');
  const rows = await many<{ id: number }>(db, `SELECT t.id FROM crm_leads t WHERE t.id = ANY(?::int[]) AND (${scope.sql})`, [
    [...new Set(ids)],
    ...scope.bindings,
  ]);
  return new Set(rows.map((row) => row.id));
}
