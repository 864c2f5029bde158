import { badRequest, many } from '@leadsea/crm-core';
import type { HostContext, Kit, VerbContext } from '@leadsea/crm-core';
import type { LeadChange, LeadRow, Leads } from '@leadsea/leads';
import { z } from 'zod';
import type { BatchPreview, RouteResult } from '../../../contracts';
import { monitored, monitoredSchema } from './monitor';

/** More are not decided at once; the first of them show how the rest would fall. */
const MOST = 5000;

const previewSchema = z.union([
  z.object({ ids: z.array(z.int().min(1)).min(1).max(MOST) }),
  z.object({ values: z.array(z.record(z.string(), z.unknown())).min(1).max(MOST) }),
  monitoredSchema,
]);
type Asked = z.infer<typeof previewSchema>;

interface Batch {
  readonly changes: readonly LeadChange[];
  readonly total: number;
}

const again = (ids: readonly number[]): readonly LeadChange[] => ids.map((id) => ({ op: 'touch', id, ask: ['route', 'route:again'] }));

/** Leads the reader may see, those of a list of the monitor, or new ones as a file would bring them. */
async function batchOf(kit: Kit, { actor }: Pick<VerbContext, 'actor'>, asked: Asked): Promise<Batch> {
  if ('values' in asked) {
    kit.access.assert(actor, 'leads', 'create');
    const changes = asked.values.map((values): LeadChange => ({ op: 'create', values, onDuplicate: 'link' }));
    return { changes, total: changes.length };
  }
  if ('ids' in asked) {
    const scope = kit.access.scope(actor, 'leads', 'assign', 'l');
    const rows = await many<{ id: number }>(
      kit.db,
      `SELECT l.id FROM crm_leads l WHERE l.id = ANY(?::int[]) AND (${scope.sql}) ORDER BY l.id`,
      [asked.ids, ...scope.bindings],
    );
    return { changes: again(rows.map(({ id }) => id)), total: rows.length };
  }
  const { ids, total } = await monitored(kit, actor, asked, MOST);
  return { changes: again(ids), total };
}

async function namesOf(kit: Kit, table: 'crm_members' | 'crm_policies', ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const rows = await many<{ id: number; name: string }>(kit.db, `SELECT id, name FROM ${table} WHERE id = ANY(?::int[])`, [[...ids]]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const tally = (rows: readonly LeadRow[], key: 'owner_id' | 'pool_id'): ReadonlyMap<number, readonly LeadRow[]> => {
  const found = new Map<number, LeadRow[]>();
  for (const row of rows) {
    const id = row[key];
    if (id !== null) found.set(id, [...(found.get(id) ?? []), row]);
  }
  return found;
};

const grades = (rows: readonly LeadRow[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { grade } of rows) counts[grade?.slice(0, 1) ?? '-'] = (counts[grade?.slice(0, 1) ?? '-'] ?? 0) + 1;
  return counts;
};

/** `POST /routing/preview`: who would get how many of a batch, of which grade, before it is done. The very pipeline decides; nothing is written. */
export const batchPreview =
  (kit: Kit, leads: Leads) =>
  async (ctx: HostContext, { actor, now, requestId }: VerbContext): Promise<void> => {
    kit.access.assert(actor, 'leads', 'assign');
    const parsed = previewSchema.safeParse(ctx.request.body ?? {});
    if (!parsed.success) throw badRequest('BATCH_INVALID', 'Name the leads, give values of new ones, or a list of the monitor.');
    const { changes, total } = await batchOf(kit, { actor }, parsed.data);
    const { rows, decisions } = await leads.simulate({ changes, actor, cause: { type: 'simulate', id: requestId }, now });
    const [people, pools] = [
      tally(rows, 'owner_id'),
      tally(
        rows.filter(({ owner_id: owner }) => owner === null),
        'pool_id',
      ),
    ];
    const [names, poolNames] = await Promise.all([
      namesOf(kit, 'crm_members', [...people.keys()]),
      namesOf(kit, 'crm_policies', [...pools.keys()]),
    ]);
    const waiting = new Set(
      decisions.flatMap(({ kind, leadId, result }) =>
        kind === 'route' && (result as Partial<RouteResult>).reason === 'HELD' ? [leadId] : [],
      ),
    );
    const free = rows.filter((row) => row.owner_id === null && row.pool_id === null);
    const held = free.filter(({ id }) => waiting.has(id)).length;
    const answer: BatchPreview = {
      leads: rows.length,
      total,
      people: [...people]
        .map(([member, own]) => ({ member, name: names.get(member) ?? `#${member}`, leads: own.length, grades: grades(own) }))
        .sort((a, b) => b.leads - a.leads || a.name.localeCompare(b.name)),
      pools: [...pools].map(([pool, own]) => ({ pool, name: poolNames.get(pool) ?? `#${pool}`, leads: own.length })),
      held,
      nobody: free.length - held,
    };
    ctx.body = answer;
  };
