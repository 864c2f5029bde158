import { AppError, badRequest, many, one } from '@leadsea/crm-core';
import type { Actor, Kit, ResourceVerb } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { LeadChange, LeadRow, Leads, MergeListener, MergePlan, Merging } from '../../../contracts';
import { LEAD_VALUE_COLUMNS } from '../domain/values';
import { visible } from './apply/changes';
import { mergePatch } from './apply/identify';
import { lockLeads } from './apply/rows';
import { assertNotErased } from './erasure/guard';
import { moveBack, moveRows, type MovedRows } from './merge-rows';

const MAX_LOSERS = 100;
/** Values that only make sense together with the key made of them. */
const WITH_KEY: Readonly<Record<string, readonly string[]>> = {
  email: ['email_key'],
  phone: ['phone_key'],
  company: ['company_key'],
  website: ['domain_key'],
};

interface LoserStory extends MovedRows {
  readonly into: number;
  readonly row: Record<string, unknown>;
  readonly survivor: { readonly before: Record<string, unknown>; readonly after: Record<string, unknown> };
}

const mergeInput = z.object({
  into: z.number().int().positive().optional(),
  ids: z.array(z.number().int().positive()).max(MAX_LOSERS).optional(),
  losers: z.array(z.number().int().positive()).max(MAX_LOSERS).optional(),
  /** Field (or `custom.<key>`) → the lead whose value stays. */
  fields: z.record(z.string(), z.number().int().positive()).optional(),
});
type MergeInput = z.infer<typeof mergeInput>;

/** `POST /leads/7/merge { losers: [8, 9] }`, `POST /leads/8/merge { into: 7 }`, `POST /leads/merge { ids: [7, 8, 9], into?: 7 }`. */
function planOf(ids: readonly number[], input: MergeInput): MergePlan {
  const named = [...new Set([...ids, ...(input.losers ?? []), ...(input.ids ?? []), ...(input.into === undefined ? [] : [input.into])])];
  const survivor = input.into ?? (ids.length === 1 ? ids[0]! : Math.min(...named));
  const losers = named.filter((id) => id !== survivor);
  if (losers.length === 0) throw badRequest('MERGE_NOTHING', 'Name at least one other lead to merge.', { field: 'ids' });
  if (losers.length > MAX_LOSERS)
    throw badRequest('MERGE_TOO_MANY', `At most ${MAX_LOSERS} leads can be merged into one at once.`, { limit: MAX_LOSERS });
  return { survivor, losers };
}

async function assertReach(kit: Kit, actor: Actor, ids: readonly number[]): Promise<void> {
  const scope = kit.access.scope(actor, 'leads', 'merge', 't');
  const rows = await many<{ id: number }>(kit.db, `SELECT t.id FROM crm_leads t WHERE t.id = ANY(?::int[]) AND (${scope.sql})`, [
    [...ids],
    ...scope.bindings,
  ]);
  const reached = new Set(rows.map((row) => row.id));
  const missing = ids.filter((id) => !reached.has(id));
  if (missing.length > 0)
    throw new AppError('NOT_FOUND', 404, 'Some of these leads were not found, or your role does not allow merging them.', { ids: missing });
}

/** What the survivor takes: blanks are filled by the losers in turn, then the values chosen by hand. */
function survivorPatch(survivor: LeadRow, losers: readonly LeadRow[], fields: Readonly<Record<string, number>>): Record<string, unknown> {
  const working: LeadRow = { ...survivor, custom: { ...survivor.custom } };
  for (const loser of losers) Object.assign(working, mergePatch(working, valuesOnly(loser), 'merge'));
  const byId = new Map([survivor, ...losers].map((row) => [row.id, row]));
  for (const [field, id] of Object.entries(fields)) {
    const row = byId.get(id);
    if (!row) throw badRequest('MERGE_FIELD_INVALID', `"${field}" is to come from lead ${id}, which is not part of this merge.`, { field });
    if (field.startsWith('custom.')) {
      working.custom = { ...working.custom, [field.slice(7)]: row.custom[field.slice(7)] ?? null };
      continue;
    }
    const column = LEAD_VALUE_COLUMNS[field]?.column;
    if (!column) throw badRequest('MERGE_FIELD_INVALID', `"${field}" is not a field that can be chosen.`, { field });
    for (const one of [column, ...(WITH_KEY[column] ?? [])]) working[one] = row[one];
  }
  return Object.fromEntries(
    Object.entries(working).filter(([column, value]) => JSON.stringify(value ?? null) !== JSON.stringify(survivor[column] ?? null)),
  );
}

const VALUE_COLUMNS = new Set([
  ...Object.values(LEAD_VALUE_COLUMNS).map(({ column }) => column),
  ...Object.values(WITH_KEY).flat(),
  'custom',
  'account_id',
  'last_follow_up_at',
  'external_id',
]);
/** What a lead is, without where it stands and who holds it. */
const valuesOnly = (row: LeadRow): LeadRow =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, VALUE_COLUMNS.has(column) ? value : null])) as LeadRow;

/** Merging keeps everything: losers become tombstones that point to the survivor, and the event of each holds what takes it back. */
export function createMerges(kit: Kit, leads: Pick<Leads, 'apply'> & { readonly mergeListeners: readonly MergeListener[] }): Merging {
  const listeners = leads.mergeListeners;
  const within = <Result>(trx: Knex.Transaction | undefined, work: (trx: Knex.Transaction) => Promise<Result>): Promise<Result> =>
    trx ? work(trx) : kit.db.transaction(work);

  const merge: Merging['merge'] = ({ survivor: survivorId, losers: loserIds }, fields, { actor, now, requestId, trx: outer }) =>
    within(outer, async (trx) => {
      const rows = await lockLeads(trx, [survivorId, ...loserIds]);
      const gone = [survivorId, ...loserIds].find((id) => rows.get(id)?.merged_into !== null);
      if (gone !== undefined)
        throw new AppError(
          rows.has(gone) ? 'LEAD_MERGED' : 'NOT_FOUND',
          rows.has(gone) ? 409 : 404,
          `Lead ${gone} is gone or was merged already.`,
          { id: gone },
        );
      assertNotErased(rows, [survivorId, ...loserIds]);
      const survivor = rows.get(survivorId)!;
      const losers = loserIds.map((id) => rows.get(id)!);
      const patch = survivorPatch(survivor, losers, fields);
      const columns = Object.keys(patch);
      const told = { before: Object.fromEntries(columns.map((column) => [column, survivor[column] ?? null])), after: patch };
      const changes: LeadChange[] = [];
      for (const loser of losers) {
        const story: LoserStory = { into: survivorId, row: { ...loser }, survivor: told, ...(await moveRows(trx, loser.id, survivorId)) };
        changes.push({
          op: 'patch',
          id: loser.id,
          columns: { merged_into: survivorId, owner_id: null, pool_id: null, next_action_at: null, recycle_at: null },
          event: 'lead.merged',
          data: { ...story },
        });
      }
      changes.push({
        op: 'patch',
        id: survivorId,
        columns: {
          ...patch,
          ...(survivor.duplicate_of !== null && loserIds.includes(survivor.duplicate_of) ? { duplicate_of: null } : {}),
        },
        event: 'lead.absorbed',
        data: { losers: loserIds },
      });
      // What both did is one history now.
      changes.push({ op: 'touch', id: survivorId, ask: ['regrade'] });
      for (const listener of listeners) await listener(trx, { survivorId, loserIds, undone: false }, now);
      await leads.apply({ trx, changes, actor, cause: { type: 'merge', id: requestId }, now });
      return { id: survivorId, merged: loserIds };
    });

  const unmerge: Merging['unmerge'] = (id, { actor, now, requestId, trx: outer }) =>
    within(outer, async (trx) => {
      const event = await one<{ data: LoserStory }>(
        trx,
        `SELECT data FROM crm_events WHERE subject = 'lead' AND subject_id = ? AND type = 'lead.merged' ORDER BY id DESC LIMIT 1`,
        [id],
      );
      const rows = await lockLeads(trx, [id]);
      const into = rows.get(id)?.merged_into ?? null;
      if (into === null || !event) throw new AppError('NOT_MERGED', 409, 'This lead is not merged into another one.', { id });
      assertNotErased(rows, [id]);
      const story = event.data;
      const survivor = (await lockLeads(trx, [into])).get(into);
      if (!survivor) throw badRequest('MERGE_LOST', 'The lead it was merged into is gone.', { id: into });
      await moveBack(trx, story, id, into);
      await trx.raw('UPDATE crm_leads SET merged_into = NULL WHERE id = ?', [id]);
      // What ran for the lead goes on before it has an owner again: nothing is begun anew beside it.
      for (const listener of listeners) await listener(trx, { survivorId: into, loserIds: [id], undone: true }, now);
      const { columns, conflicts } = into === story.into ? undo(survivor, story) : { columns: {}, conflicts: [] };
      const changes: LeadChange[] = [{ op: 'patch', id, columns: restorable(story.row), event: 'lead.unmerged', data: { from: into } }];
      changes.push({ op: 'patch', id: into, columns, event: 'lead.separated', data: { lead: id, conflicts } });
      for (const one of [id, into]) changes.push({ op: 'touch', id: one, ask: ['regrade'] });
      await leads.apply({ trx, changes, actor, cause: { type: 'unmerge', id: requestId }, now });
      if (story.cancelledTasks.length > 0)
        await trx.raw(
          `UPDATE crm_tasks SET state = 'open', closed_at = NULL WHERE id = ANY(?::int[]) AND NOT EXISTS (SELECT 1 FROM crm_tasks o WHERE o.lead_id = ? AND o.state = 'open' AND o.key = crm_tasks.key)`,
          [[...story.cancelledTasks], id],
        );
      return { id, from: into, conflicts };
    });

  return { merge, unmerge };
}

/** The loser's columns as they were; its version goes on, its machine dates are the product's. */
const restorable = (row: Record<string, unknown>): Record<string, unknown> => {
  const keep = new Set([
    'id',
    'document_id',
    'version',
    'created_at',
    'updated_at',
    'published_at',
    'created_by_id',
    'updated_by_id',
    'locale',
    'merged_into',
  ]);
  return Object.fromEntries(
    Object.entries(row)
      .filter(([column]) => !keep.has(column))
      .map(([column, value]) => [column, INSTANT.test(String(value)) && column.endsWith('_at') ? new Date(String(value)) : value]),
  );
};
const INSTANT = /^\d{4}-\d{2}-\d{2}T/;

/** What the survivor gives back: values it took and still has; what was edited since stays and is named. */
function undo(survivor: LeadRow, story: LoserStory): { columns: Record<string, unknown>; conflicts: string[] } {
  const columns: Record<string, unknown> = {};
  const conflicts: string[] = [];
  for (const [column, taken] of Object.entries(story.survivor.after)) {
    if (JSON.stringify(survivor[column] ?? null) === JSON.stringify(taken ?? null)) columns[column] = story.survivor.before[column] ?? null;
    else conflicts.push(...Object.keys(visible(survivor, [column])));
  }
  return { columns, conflicts };
}

const verb = <Input>(definition: ResourceVerb<Input>): ResourceVerb => definition;

export function mergeVerbs(kit: Kit, merges: Merging): readonly ResourceVerb[] {
  return [
    verb({
      name: 'merge',
      target: 'record',
      input: mergeInput,
      summary: 'Make one lead of several; the others become tombstones that lead to it. Can be undone.',
      run: async (context, ids, input) => {
        const plan = planOf(ids, input);
        await assertReach(kit, context.actor, [plan.survivor, ...plan.losers]);
        for (const field of Object.keys(input.fields ?? {})) {
          if (kit.access.field(context.actor, 'leads', field) !== 'write')
            throw new AppError('FIELD_NOT_WRITABLE', 403, `Your role does not allow changing "${field}".`, { field });
        }
        return merges.merge(plan, input.fields ?? {}, context);
      },
    }),
    verb({
      name: 'unmerge',
      target: 'record',
      access: 'merge',
      ignoreBase: true,
      input: z.object({}),
      summary: 'Make a merged lead a lead of its own again, with what it brought.',
      run: (context, ids) => merges.unmerge(ids[0]!, context),
    }),
  ];
}
