import { camel, many, snake } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { ApplyInput, LeadChange, LeadRow, Outcome } from '../../../../contracts';
import { leadKeys, mergeValues, type LeadKey } from '../../domain/identity';
import { LEAD_VALUE_COLUMNS } from '../../domain/values';

type Create = Extract<LeadChange, { op: 'create' }>;

/** A create with its row as given, before it is known whether somebody like it is already here. */
export interface Candidate {
  readonly index: number;
  readonly change: Create;
  readonly row: LeadRow;
  readonly keys: readonly LeadKey[];
}

/** What became of a candidate: a lead of its own, a link to a likely double, or a part of the lead it repeats. */
export type Identity =
  | { readonly kind: 'new' }
  | { readonly kind: 'linked'; readonly to: number; readonly by: LeadKey }
  | { readonly kind: 'same'; readonly as: number; readonly by: LeadKey };

/** Normalised key columns and match keys of a row; the row is changed in place (it is not shared yet). */
export function keyRow(row: LeadRow, defaultCountry: string | null, external?: { source: string; id: string }): readonly LeadKey[] {
  const { name, email, phone, wechat, company, website, country } = row;
  const found = leadKeys({ name, email, phone, wechat, company, website, country } as Record<string, unknown>, {
    defaultCountry,
    externalId: external?.id ?? null,
    externalSource: external?.source ?? null,
  });
  row.email_key = found.emailKey;
  row.phone_key = found.phoneKey;
  row.domain_key = found.domainKey;
  row.company_key = found.companyKey;
  if (found.clean.email) row.email = found.clean.email;
  if (found.clean.phone) row.phone = found.clean.phone;
  if (external) row.external_id = `${external.source}:${external.id}`;
  if (row.country === null && found.phoneCountry) row.country = found.phoneCountry;
  return found.keys;
}

const ORDER: Readonly<Record<string, number>> = { external: 0, email: 1, phone: 2, wechat: 3 };
const label = (key: LeadKey): string => `${key.kind} ${key.value}`;

interface Held {
  kind: string;
  value: string;
  lead_id: number;
}

/**
 * Takes the keys of all candidates in one statement, in key order. The primary key on (kind, value) decides: a key somebody else is
 * inserting at this moment makes us wait for him, so two simultaneous arrivals of one person do collide.
 */
async function takeKeys(
  trx: Knex.Transaction,
  candidates: readonly { readonly row: Pick<LeadRow, 'id'>; readonly keys: readonly LeadKey[] }[],
): Promise<Map<string, number>> {
  const wanted = candidates.flatMap(({ row, keys }) => keys.map((key) => ({ kind: key.kind, value: key.value, lead_id: row.id })));
  if (wanted.length === 0) return new Map();
  wanted.sort((a, b) =>
    a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.value < b.value ? -1 : a.value > b.value ? 1 : a.lead_id - b.lead_id,
  );
  // Nearly all are free: the answer names the others, by their place.
  const lost = await many<{ place: number }>(
    trx,
    `WITH wanted AS MATERIALIZED (SELECT w.kind, w.value, w.lead_id, w.place FROM unnest(?::text[], ?::text[], ?::int[]) WITH ORDINALITY AS w(kind, value, lead_id, place)),
     taken AS (INSERT INTO crm_lead_keys (kind, value, lead_id) SELECT kind, value, lead_id FROM wanted ORDER BY place
       ON CONFLICT DO NOTHING RETURNING kind, value, lead_id)
     SELECT w.place::int - 1 AS place FROM wanted w
     WHERE NOT EXISTS (SELECT 1 FROM taken t WHERE t.kind = w.kind AND t.value = w.value AND t.lead_id = w.lead_id)`,
    [wanted.map((key) => key.kind), wanted.map((key) => key.value), wanted.map((key) => key.lead_id)],
  );
  const places = new Set(lost.map(({ place }) => place));
  const holders = new Map<string, number>();
  wanted.forEach((key, index) => {
    if (!places.has(index)) holders.set(`${key.kind} ${key.value}`, key.lead_id);
  });
  const taken = wanted.filter((key) => !holders.has(`${key.kind} ${key.value}`));
  if (taken.length === 0) return holders;
  const rows = await many<Held>(
    trx,
    `SELECT k.kind, k.value, k.lead_id FROM crm_lead_keys k JOIN unnest(?::text[], ?::text[]) AS w(kind, value) ON w.kind = k.kind AND w.value = k.value`,
    [taken.map((key) => key.kind), taken.map((key) => key.value)],
  );
  for (const row of rows) holders.set(`${row.kind} ${row.value}`, row.lead_id);
  return holders;
}

/** Both have a key of this kind and they differ: the shared key of another kind may be a switchboard or a family's mail box. */
const contradicts = (a: LeadRow, b: LeadRow, by: LeadKey): boolean =>
  by.kind === 'phone' && a.email_key !== null && b.email_key !== null && a.email_key !== b.email_key;

/** Keys a candidate took but does not keep: they go to the lead it became a part of, or are given up when that lead was to be left alone. */
async function settleKeys(trx: Knex.Transaction, candidates: readonly Candidate[], identities: readonly Identity[]): Promise<void> {
  const same = candidates.flatMap(({ row, change }, index) => {
    const identity = identities[index]!;
    return identity.kind === 'same' ? [{ from: row.id, to: identity.as, kept: change.onDuplicate !== 'skip' }] : [];
  });
  const given = same.filter(({ kept }) => !kept).map(({ from }) => from);
  if (given.length > 0) await trx.raw('DELETE FROM crm_lead_keys WHERE lead_id = ANY(?::int[])', [given]);
  const moved = same.filter(({ kept }) => kept);
  if (moved.length === 0) return;
  await trx.raw(
    `UPDATE crm_lead_keys k SET lead_id = m."to" FROM jsonb_to_recordset(?::jsonb) AS m("from" int, "to" int) WHERE k.lead_id = m."from"`,
    [JSON.stringify(moved)],
  );
}

/**
 * Decides for every candidate whether it is new, the same person as a lead that is here (or earlier in this set), or only linked to one.
 * `load` reads and locks the leads that hold keys.
 */
export async function identify(
  trx: Knex.Transaction,
  candidates: readonly Candidate[],
  load: (ids: readonly number[]) => Promise<ReadonlyMap<number, LeadRow>>,
): Promise<readonly Identity[]> {
  const holders = await takeKeys(trx, candidates);
  const own = new Map(candidates.map((candidate) => [candidate.row.id, candidate.row]));
  const others = [...new Set(holders.values())].filter((id) => !own.has(id));
  const loaded = await load(others);
  const resolved = new Map<number, number>();
  const identities = candidates.map((candidate): Identity => {
    const keys = [...candidate.keys].sort((a, b) => (ORDER[a.kind] ?? 9) - (ORDER[b.kind] ?? 9));
    let link: Identity = { kind: 'new' };
    for (const key of keys) {
      const holder = holders.get(label(key));
      if (holder === undefined || holder === candidate.row.id) continue;
      const id = resolved.get(holder) ?? holder;
      if (id === candidate.row.id) continue;
      const row = loaded.get(id) ?? own.get(id);
      if (!row) continue;
      if (candidate.change.onDuplicate === 'link' || contradicts(candidate.row, row, key)) {
        if (link.kind === 'new') link = { kind: 'linked', to: id, by: key };
        continue;
      }
      resolved.set(candidate.row.id, id);
      return { kind: 'same', as: id, by: key };
    }
    return link;
  });
  await settleKeys(trx, candidates, identities);
  return identities;
}

/** What a repeated arrival may tell about a lead that is here: its values and match keys; where it stands and who holds it is not theirs to say. */
const TOLD: ReadonlySet<string> = new Set([
  ...Object.values(LEAD_VALUE_COLUMNS)
    .map(({ column }) => column)
    .filter((column) => column !== 'captured_at' && column !== 'is_test'),
  ...['custom', 'external_id', 'email_key', 'phone_key', 'domain_key', 'company_key'],
]);

/** An address that makes no key is no address: it fills no blank; a number that makes none does not replace one that does. */
const isDoubtful = (column: string, survivor: LeadRow, incoming: LeadRow): boolean =>
  (column === 'email' && incoming.email_key === null) || (column === 'phone' && incoming.phone_key === null && survivor.phone_key !== null);

/** The columns by which a repeated arrival changes the lead that is here: blanks filled (`merge`) or values replaced (`overwrite`). */
export function mergePatch(survivor: LeadRow, incoming: LeadRow, mode: 'merge' | 'overwrite'): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  const mine: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(incoming)) {
    if (value === null || !TOLD.has(column) || isDoubtful(column, survivor, incoming)) continue;
    given[camel(column)] = value;
    mine[camel(column)] = survivor[column];
  }
  const patch = mergeValues(mine, given, {
    policy: { default: mode === 'overwrite' ? 'incoming' : 'survivor', fields: mode === 'overwrite' ? {} : { externalId: 'survivor' } },
  });
  return Object.fromEntries(Object.entries(patch).map(([field, value]) => [snake(field), value]));
}

/**
 * Keys of leads whose mail, phone or WeChat id was edited: old ones are given up, new ones taken when free. Returns per lead the keys that
 * belong to somebody else.
 */
export async function rekey(
  trx: Knex.Transaction,
  wanted: ReadonlyMap<number, readonly LeadKey[]>,
): Promise<ReadonlyMap<number, readonly LeadKey[]>> {
  if (wanted.size === 0) return new Map();
  const rows = [...wanted].flatMap(([id, keys]) => keys.map((key) => ({ kind: key.kind, value: key.value, lead_id: id })));
  await trx.raw(
    `DELETE FROM crm_lead_keys k WHERE k.lead_id = ANY(?::int[]) AND k.kind <> 'external'
       AND NOT EXISTS (SELECT 1 FROM jsonb_populate_recordset(NULL::crm_lead_keys, ?::jsonb) w WHERE w.kind = k.kind AND w.value = k.value AND w.lead_id = k.lead_id)`,
    [[...wanted.keys()], JSON.stringify(rows)],
  );
  const holders = await takeKeys(
    trx,
    [...wanted].map(([id, keys]) => ({ row: { id }, keys })),
  );
  return new Map([...wanted].map(([id, keys]) => [id, keys.filter((key) => holders.get(label(key)) !== id)]));
}

export const outcomeOf = (status: Extract<Outcome, { ok: true }>['status'], id: number, change: LeadChange): Outcome => ({
  ok: true,
  status,
  id,
  ...(change.op === 'create' && change.ref !== undefined ? { ref: change.ref } : {}),
});

export type { ApplyInput };
