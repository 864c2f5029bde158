import { AppError, badRequest, conflict, many, notFound, one, updateRow } from '@leadsea/crm-core';
import type { Kit, ResourceVerb, VerbContext } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { LeadChange, Leads } from '../../../contracts';
import { UNDO_DAYS } from './undo';
import { fieldsOf, givenBack, mergedColumns, sources, valueOf, type AccountRow } from '../domain/account-merge';

const MAX_LOSERS = 20;
const BATCH = 5000;
const DAY_MS = 86_400_000;
const MERGED = 'account.merged';

const input = z.object({
  losers: z.array(z.int().min(1)).min(1).max(MAX_LOSERS),
  /** Field (or `custom.<key>`) → the account whose value stays. */
  fields: z.record(z.string(), z.int().min(1)).default({}),
});
type MergeInput = z.infer<typeof input>;

/** What takes a merge back: the row as it was, what went with it, what the survivor took. */
interface Story {
  readonly row: Record<string, unknown> & { readonly id: number };
  readonly leads: readonly number[];
  readonly opportunities: readonly number[];
  readonly ranges: readonly number[];
  readonly survivor: { readonly before: Record<string, unknown>; readonly after: Record<string, unknown> };
}

const idsOf = async (trx: Knex | Knex.Transaction, sql: string, bindings: readonly unknown[]): Promise<number[]> =>
  (await many<{ id: number }>(trx, sql, bindings)).map(({ id }) => id);

async function rowsOf(
  kit: Kit,
  db: Knex | Knex.Transaction,
  context: VerbContext,
  survivor: number,
  losers: readonly number[],
  lock: boolean,
) {
  const ids = [...new Set([survivor, ...losers])];
  if (ids.length < 2) throw badRequest('MERGE_NOTHING', 'Name at least one other account to merge.', { field: 'losers' });
  const scope = kit.access.scope(context.actor, 'accounts', 'merge', 't');
  const rows = await many<AccountRow>(
    db,
    `SELECT t.* FROM crm_accounts t WHERE t.id = ANY(?::int[]) AND (${scope.sql}) ORDER BY t.id${lock ? ' FOR UPDATE' : ''}`,
    [ids, ...scope.bindings],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const missing = ids.filter((id) => !byId.has(id));
  if (missing.length > 0)
    throw new AppError('NOT_FOUND', 404, 'Some of these accounts were not found, or your role does not allow merging them.', {
      ids: missing,
    });
  return { survivor: byId.get(survivor)!, losers: ids.filter((id) => id !== survivor).map((id) => byId.get(id)!) };
}

/** Leads change their account through the door, in batches. */
async function moveLeads(
  leads: Leads,
  trx: Knex.Transaction,
  ids: readonly number[],
  account: number,
  context: VerbContext,
  why: Record<string, unknown>,
) {
  for (let from = 0; from < ids.length; from += BATCH) {
    const changes = ids
      .slice(from, from + BATCH)
      .map((id): LeadChange => ({ op: 'patch', id, columns: { account_id: account }, event: 'lead.account_matched', data: why }));
    await leads.apply({ trx, changes, actor: context.actor, cause: { type: 'account-merge', id: context.requestId }, now: context.now });
  }
}

const undoneUntil = (mergedAt: Date): Date => new Date(mergedAt.getTime() + UNDO_DAYS * DAY_MS);

/** @throws AppError MERGE_TOO_OLD */
function assertFresh(account: number, mergedAt: Date, now: Date): void {
  const until = undoneUntil(mergedAt);
  if (now > until)
    throw conflict(
      'MERGE_TOO_OLD',
      `A merge of accounts can be taken back for ${UNDO_DAYS} days. Make the account anew and move its leads.`,
      {
        account,
        mergedAt,
        until,
        days: UNDO_DAYS,
      },
    );
}

/** Merging accounts and taking it back: nothing is lost, the history of the survivor holds the row of each that went into it. */
export function accountMergeVerbs(kit: Kit, leads: Leads): readonly ResourceVerb[] {
  const preview = async (context: VerbContext, id: number, { losers: ids, fields }: MergeInput): Promise<Record<string, unknown>> => {
    const { survivor, losers } = await rowsOf(kit, kit.db, context, id, ids, false);
    const rows = [survivor, ...losers];
    const from = sources(survivor, losers, fields);
    const count = (sql: string) => one<{ n: number }>(kit.db, sql, [losers.map((row) => row.id)]);
    const [moving, deals, ranges] = await Promise.all([
      count('SELECT count(*)::int AS n FROM crm_leads WHERE account_id = ANY(?::int[])'),
      count('SELECT count(*)::int AS n FROM crm_opportunities WHERE account_id = ANY(?::int[])'),
      count('SELECT count(*)::int AS n FROM crm_account_ranges WHERE account_id = ANY(?::int[])'),
    ]);
    const readable = (field: string): boolean => ['read', 'write'].includes(kit.access.field(context.actor, 'accounts', field));
    return {
      leads: moving?.n ?? 0,
      opportunities: deals?.n ?? 0,
      networks: ranges?.n ?? 0,
      fields: fieldsOf(rows)
        .filter(readable)
        .map((field) => ({
          field,
          from: from.get(field)?.id ?? id,
          values: rows.map((row) => ({ account: row.id, value: valueOf(row, field) })),
        })),
    };
  };

  const merge = async (context: VerbContext, id: number, { losers: ids, fields }: MergeInput): Promise<Record<string, unknown>> => {
    for (const field of Object.keys(fields))
      if (kit.access.field(context.actor, 'accounts', field) !== 'write')
        throw new AppError('FIELD_NOT_WRITABLE', 403, `Your role does not allow changing "${field}".`, { field });
    return kit.db.transaction(async (trx) => {
      const { survivor, losers } = await rowsOf(kit, trx, context, id, ids, true);
      const after = mergedColumns(survivor, losers, fields);
      const before = Object.fromEntries(Object.keys(after).map((column) => [column, survivor[column] ?? null]));
      const stories: Story[] = [];
      for (const loser of losers) {
        const moved = await idsOf(trx, 'SELECT id FROM crm_leads WHERE account_id = ? ORDER BY id', [loser.id]);
        await moveLeads(leads, trx, moved, id, context, { mergedFrom: loser.id });
        const deals = await idsOf(trx, 'UPDATE crm_opportunities SET account_id = ? WHERE account_id = ? RETURNING id', [id, loser.id]);
        const ranges = await idsOf(trx, 'UPDATE crm_account_ranges SET account_id = ? WHERE account_id = ? RETURNING id', [id, loser.id]);
        await trx.raw('UPDATE crm_account_suggestions SET account_id = ? WHERE account_id = ?', [id, loser.id]);
        stories.push({ row: { ...loser }, leads: moved, opportunities: deals, ranges, survivor: { before, after } });
      }
      await trx.raw('DELETE FROM crm_accounts WHERE id = ANY(?::int[])', [losers.map((row) => row.id)]);
      await updateRow(trx, 'crm_accounts', id, { ...after, version: Number(survivor['version'] ?? 1) + 1 }, context.now);
      await kit.events.append(
        trx,
        stories.map((story) => ({
          subject: 'account',
          subjectId: id,
          type: MERGED,
          data: { ...story, account: story.row.id, name: story.row['name'] ?? null },
        })),
        context.actor,
        { type: 'account-merge', id: context.requestId },
        context.now,
      );
      return { id, merged: losers.map((row) => row.id) };
    });
  };

  const unmerge = async (context: VerbContext, id: number, account: number): Promise<Record<string, unknown>> =>
    kit.db.transaction(async (trx) => {
      const survivor = await one<AccountRow>(trx, 'SELECT * FROM crm_accounts WHERE id = ? FOR UPDATE', [id]);
      const event = await one<{ data: Story; at: Date }>(
        trx,
        `SELECT data, at FROM crm_events WHERE subject = 'account' AND subject_id = ? AND type = '${MERGED}' AND (data->>'account')::int = ? ORDER BY id DESC LIMIT 1`,
        [id, account],
      );
      if (!survivor) throw notFound('Account');
      if (!event || (await one(trx, 'SELECT 1 FROM crm_accounts WHERE id = ?', [account])))
        throw conflict('NOT_MERGED', 'This account is not merged into this one, or was taken out again.', { id: account });
      assertFresh(account, event.at, context.now);
      const { row, leads: moved, opportunities, ranges, survivor: told } = event.data;
      const { columns, conflicts } = givenBack(survivor, told.before, told.after);
      await updateRow(trx, 'crm_accounts', id, { ...columns, version: Number(survivor['version'] ?? 1) + 1 }, context.now);
      // A web domain belongs to one account: where the survivor keeps it, the other one comes back without.
      const domain = conflicts.includes('domain_key') ? { domain_key: null } : {};
      await trx.raw('INSERT INTO crm_accounts SELECT * FROM jsonb_populate_record(NULL::crm_accounts, ?::jsonb)', [
        JSON.stringify({ ...row, ...domain }),
      ]);
      const still = await idsOf(trx, 'SELECT id FROM crm_leads WHERE account_id = ? AND id = ANY(?::int[]) ORDER BY id', [id, moved]);
      await moveLeads(leads, trx, still, account, context, { separatedFrom: id });
      await trx.raw('UPDATE crm_opportunities SET account_id = ? WHERE account_id = ? AND id = ANY(?::int[])', [
        account,
        id,
        opportunities,
      ]);
      await trx.raw('UPDATE crm_account_ranges SET account_id = ? WHERE account_id = ? AND id = ANY(?::int[])', [account, id, ranges]);
      const data = { account, name: row['name'] ?? null, leads: still.length, conflicts };
      await kit.events.append(
        trx,
        [{ subject: 'account', subjectId: id, type: 'account.separated', data }],
        context.actor,
        { type: 'account-unmerge', id: context.requestId },
        context.now,
      );
      return { id: account, from: id, leads: still.length, conflicts };
    });

  /** Accounts that went into this one and are not out again, newest first. */
  const merged = async (id: number, now: Date): Promise<Record<string, unknown>[]> => {
    const rows = await many<{ at: Date }>(
      kit.db,
      `SELECT DISTINCT ON (account) * FROM (
         SELECT (e.data->>'account')::int AS account, e.data->>'name' AS name, e.at, jsonb_array_length(e.data->'leads') AS leads
         FROM crm_events e WHERE e.subject = 'account' AND e.subject_id = ? AND e.type = '${MERGED}') m
       WHERE NOT EXISTS (SELECT 1 FROM crm_accounts a WHERE a.id = m.account) ORDER BY account, at DESC`,
      [id],
    );
    return rows
      .map((row) => ({ ...row, until: undoneUntil(row.at), canUndo: now <= undoneUntil(row.at) }))
      .sort((a, b) => b.at.getTime() - a.at.getTime());
  };
  const verb = <Input>(definition: Omit<ResourceVerb<Input>, 'target' | 'access'>): ResourceVerb => ({
    ...definition,
    target: 'record',
    access: 'merge',
  });
  return [
    verb({
      name: 'merge',
      input,
      summary: 'Make one account of several; leads, deals and networks go with it. Can be undone.',
      run: (context, ids, given) => merge(context, ids[0]!, input.parse(given)),
    }),
    verb({
      name: 'merge-preview',
      input,
      summary: 'What a merge would move, and which value of each field would stay.',
      run: (context, ids, given) => preview(context, ids[0]!, input.parse(given)),
    }),
    verb({
      name: 'unmerge',
      input: z.object({ account: z.int().min(1) }),
      summary: 'Make an account that was merged into this one an account of its own again, for seven days.',
      run: (context, ids, { account }) => unmerge(context, ids[0]!, account),
    }),
    verb({
      name: 'merged',
      method: 'GET',
      input: z.object({}),
      summary: 'Accounts that were merged into this one.',
      run: ({ now }, ids) => merged(ids[0]!, now),
    }),
  ];
}
