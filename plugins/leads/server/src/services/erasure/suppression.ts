import { createHmac } from 'node:crypto';
import { many, one } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { LeadKey } from '../../domain/identity';

/** Keys by which an erased person would be recognised; an id of a source is the source's and not kept. */
const KINDS = ['email', 'phone', 'wechat'];

/** Keyed with a secret of the installation, so that the list alone does not tell whether somebody is on it. */
const hashOf = (secret: string, { kind, value }: Pick<LeadKey, 'kind' | 'value'>): string =>
  createHmac('sha256', secret).update(`leads suppression ${kind} ${value}`).digest('hex');

/** Keeps the hashes of the leads' match keys, so that no list that is imported later brings the person back. Before the keys are deleted. */
export async function suppress(
  trx: Knex.Transaction,
  secret: string,
  leads: readonly number[],
  erasureId: number,
  now: Date,
): Promise<number> {
  const keys = await many<{ kind: LeadKey['kind']; value: string }>(
    trx,
    'SELECT kind, value FROM crm_lead_keys WHERE lead_id = ANY(?::int[]) AND kind = ANY(?::text[])',
    [[...leads], KINDS],
  );
  if (keys.length === 0) return 0;
  await trx.raw(
    'INSERT INTO crm_suppressions (kind, hash, erasure_id, at) SELECT kind, hash, ?, ? FROM unnest(?::text[], ?::text[]) AS k(kind, hash) ON CONFLICT DO NOTHING',
    [erasureId, now, keys.map(({ kind }) => kind), keys.map((key) => hashOf(secret, key))] as Knex.RawBinding[],
  );
  return keys.length;
}

/** Tells which of these sets of keys belong to somebody who was erased. */
export type Suppressed = (db: Knex | Knex.Transaction, keys: readonly (readonly LeadKey[])[]) => Promise<readonly boolean[]>;

/** Two statements for any number of keys, one where nobody was ever erased. */
export async function suppressed(
  db: Knex | Knex.Transaction,
  secret: string,
  keys: readonly (readonly LeadKey[])[],
): Promise<readonly boolean[]> {
  const none = keys.map(() => false);
  if (!(await one(db, 'SELECT 1 FROM crm_suppressions LIMIT 1', []))) return none;
  const flat = keys.flatMap((own, index) =>
    own.filter(({ kind }) => KINDS.includes(kind)).map((key) => ({ index, kind: key.kind, hash: hashOf(secret, key) })),
  );
  if (flat.length === 0) return none;
  const rows = await many<{ kind: string; hash: string }>(
    db,
    'SELECT s.kind, s.hash FROM crm_suppressions s JOIN unnest(?::text[], ?::text[]) AS w(kind, hash) ON w.kind = s.kind AND w.hash = s.hash',
    [flat.map(({ kind }) => kind), flat.map(({ hash }) => hash)],
  );
  const found = new Set(rows.map(({ kind, hash }) => `${kind} ${hash}`));
  const hit = new Set(flat.filter(({ kind, hash }) => found.has(`${kind} ${hash}`)).map(({ index }) => index));
  return keys.map((_, index) => hit.has(index));
}
