import { AppError, badRequest } from '@leadsea/crm-core';
import type { Actor, Kit, ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import type { LeadChange, Leads } from '../../../contracts';
import { recentChanges, undoRequest } from '../services/undo';
import { LEAD_FIELDS } from './lead-fields';
import { answer } from './leads';

/** Who somebody is cannot be one value for many. */
const IDENTITY = new Set(['name', 'email', 'phone', 'wechat']);

const editInput = z.object({
  values: z.record(z.string(), z.unknown()).refine((values) => Object.keys(values).length > 0, 'must name a field'),
});
type EditInput = z.infer<typeof editInput>;

function assertWritable(kit: Kit, actor: Actor, name: string, bulk: boolean): void {
  const known = name.startsWith('custom.')
    ? kit.custom.fields('lead').some((field) => !field.retired && `custom.${field.key}` === name)
    : LEAD_FIELDS.some((field) => field.name === name && field.writable);
  if (!known || (bulk && IDENTITY.has(name)))
    throw badRequest('FIELD_NOT_WRITABLE', `"${name}" cannot be set for several leads at once.`, { field: name });
  if (kit.access.field(actor, 'leads', name) !== 'write')
    throw new AppError('FIELD_NOT_WRITABLE', 403, `Your role does not allow changing "${name}".`, { field: name });
}

/** `{ industry: 'x', 'custom.budget': 5 }` as the door takes it. */
function asValues(kit: Kit, actor: Actor, values: EditInput['values'], bulk: boolean): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    assertWritable(kit, actor, name, bulk);
    if (name.startsWith('custom.')) custom[name.slice('custom.'.length)] = value;
    else plain[name] = value;
  }
  return Object.keys(custom).length > 0 ? { ...plain, custom } : plain;
}

/** Bulk edit and undo: `POST /leads/edit { ids, values }`, `POST /leads/undo { request }`, `GET /leads/recent-changes`. */
export function editVerbs(kit: Kit, leads: Leads): readonly ResourceVerb[] {
  const edit: ResourceVerb<EditInput> = {
    name: 'edit',
    target: 'record',
    input: editInput,
    summary: 'Give many leads the same values; the answer names the request by which it can be taken back.',
    access: 'update',
    run: async ({ actor, now, requestId }, ids, input) => {
      const values = asValues(kit, actor, input.values, ids.length > 1);
      const changes = ids.map((id): LeadChange => ({ op: 'update', id, values }));
      const { outcomes } = await leads.apply({ changes, actor, cause: { type: 'bulk-edit', id: requestId }, now });
      return { ...answer(ids, outcomes), request: requestId };
    },
  };
  const undo: ResourceVerb<{ request: string }> = {
    name: 'undo',
    target: 'collection',
    input: z.object({ request: z.string().min(8).max(100) }),
    summary: 'Take back what you did with one request, where nothing has changed it since.',
    access: 'update',
    run: (context, _ids, input) => undoRequest(kit, leads, context, input.request),
  };
  const recent: ResourceVerb = {
    name: 'recent-changes',
    target: 'collection',
    method: 'GET',
    input: z.object({}).loose(),
    summary: 'What you did last that can be taken back.',
    access: 'update',
    run: (context) => recentChanges(kit, context),
  };
  return [edit, undo, recent];
}
