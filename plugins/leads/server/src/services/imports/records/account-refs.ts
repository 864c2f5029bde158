import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { companyKey, domainKey } from '../../../domain/identity';
import { accountOf, knownAccounts } from '../../account-ranges-import';
import { written } from '../cells';
import { refusal, type Batch, type RowRefusal } from '../entity';

export type FoundAccount = { readonly ok: true; readonly id: number | null } | RowRefusal;

const asId = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null);
/** Text with a point and no blank is a web address, all else a name. */
const asDomain = (text: string): string | null => (/^\S+\.\S+$/.test(text) ? domainKey(text) : null);

/** Accounts by id, web domain or name without its legal form; those the person does not see are as if they were not there. */
export async function findAccounts(
  { kit, actor }: Batch,
  db: Knex | Knex.Transaction,
  wanted: readonly unknown[],
): Promise<readonly FoundAccount[]> {
  const texts = wanted.map(written);
  if (texts.every((text) => text === '')) return texts.map(() => ({ ok: true, id: null }));
  const named = texts.map((text) => ({ domain: asDomain(text), company: text === '' ? null : companyKey(text) }));
  const known = await knownAccounts(db, named);
  const scope = kit.access.scope(actor, 'accounts', 'read', 't');
  const ids = texts.map((text, index) => asId(text) ?? (text === '' ? undefined : accountOf(known, named[index]!)));
  const rows = await many<{ id: number }>(db, `SELECT t.id FROM crm_accounts t WHERE t.id = ANY(?::int[]) AND (${scope.sql})`, [
    [...new Set(ids.flatMap((id) => id ?? []))],
    ...scope.bindings,
  ]);
  const visible = new Set(rows.map(({ id }) => id));
  return texts.map((text, index): FoundAccount => {
    const id = ids[index];
    if (text === '') return { ok: true, id: null };
    return id !== undefined && visible.has(id) ? { ok: true, id } : refusal('ACCOUNT_UNKNOWN', `There is no account "${text}".`, text);
  });
}
