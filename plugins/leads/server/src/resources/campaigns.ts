import { badRequest, notFound, one } from '@leadsea/crm-core';
import type { Kit, ResourceDefinition, ResourceField, ResourceVerb, VerbContext } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { z } from 'zod';
import { campaignNumbers, NO_NUMBERS, withoutCampaign } from '../services/campaign-numbers';

const w = { writable: true } as const;
const STATES = ['planned', 'running', 'ended'] as const;
const FIELDS: readonly ResourceField[] = [
  { name: 'id', type: 'id' },
  { name: 'key', type: 'text', ...w },
  { name: 'name', type: 'text', ...w },
  { name: 'channel', type: 'text', ...w },
  { name: 'source', type: 'text', ...w },
  { name: 'state', type: 'select', ...w },
  { name: 'startsOn', type: 'date', column: 'starts_on', ...w },
  { name: 'endsOn', type: 'date', column: 'ends_on', ...w },
  { name: 'budget', type: 'money', ...w },
  { name: 'cost', type: 'money', ...w },
  { name: 'currency', type: 'text', ...w },
  { name: 'owner', type: 'reference', reference: 'members', column: 'owner_id', ...w },
  { name: 'note', type: 'text', ...w },
];
const COLUMNS: Readonly<Record<string, string>> = { startsOn: 'starts_on', endsOn: 'ends_on', owner: 'owner_id' };

const text = (most: number) => z.string().trim().max(most).nullable();
const money = z.coerce.number().min(0).max(1e12).nullable();
const day = z.iso.date().nullable();
const edit = z.strictObject({
  key: z.string().trim().min(1).max(200).optional(),
  name: z.string().trim().min(1).max(200).optional(),
  channel: text(80).optional(),
  source: text(200).optional(),
  state: z.enum(STATES).optional(),
  startsOn: day.optional(),
  endsOn: day.optional(),
  budget: money.optional(),
  cost: money.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable()
    .optional(),
  owner: z.number().int().positive().nullable().optional(),
  note: text(5000).optional(),
});
type Values = z.infer<typeof edit>;

const columnsOf = (values: Values): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [COLUMNS[name] ?? name, value]));

/** @throws AppError VALUE_INVALID, VALUE_REQUIRED, CAMPAIGN_TWICE */
async function check(trx: Knex.Transaction, given: Record<string, unknown>, id: number | null): Promise<Values> {
  const parsed = edit.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badRequest('VALUE_INVALID', issue?.message ?? 'Not valid.', { field: issue?.path.join('.') ?? '', issues: parsed.error.issues });
  }
  const values = parsed.data;
  if (id === null && !values.name) throw badRequest('VALUE_REQUIRED', 'A campaign needs a name.', { field: 'name' });
  if (id === null && !values.key) throw badRequest('VALUE_REQUIRED', 'A campaign needs the key its leads carry.', { field: 'key' });
  if (values.key !== undefined) {
    const other = await one(trx, 'SELECT 1 FROM crm_campaigns WHERE lower(key) = lower(?) AND id IS DISTINCT FROM ?', [values.key, id]);
    if (other) throw badRequest('CAMPAIGN_TWICE', 'Another campaign already has this key.', { field: 'key' });
  }
  return values;
}

/**
 * Asked of the row as it was written: only one of its days may have been sent.
 *
 * @throws AppError CAMPAIGN_DATES
 */
async function checkDays(trx: Knex.Transaction, id: number): Promise<void> {
  if (await one(trx, 'SELECT 1 FROM crm_campaigns WHERE id = ? AND ends_on < starts_on', [id]))
    throw badRequest('CAMPAIGN_DATES', 'It cannot end before it begins.', { field: 'endsOn' });
}

/** Campaigns: what was planned and spent, and what came of it. A lead belongs to the campaign whose key it carries. */
export function campaignsResource(kit: Kit): ResourceDefinition {
  const note = (
    trx: Knex.Transaction,
    id: number,
    type: string,
    before: object | null,
    after: object | null,
    { actor, now }: VerbContext,
  ) =>
    kit.events.append(
      trx,
      [{ subject: 'campaign', subjectId: id, type: `campaign.${type}`, before: before as never, after: after as never }],
      actor,
      { type: 'edit' },
      now,
    );
  const locked = async (trx: Knex.Transaction, id: number): Promise<Record<string, unknown>> => {
    const row = await one<Record<string, unknown>>(trx, 'SELECT * FROM crm_campaigns WHERE id = ? FOR UPDATE', [id]);
    if (!row) throw notFound('Campaign');
    return row;
  };
  const unassigned: ResourceVerb<Record<string, never>> = {
    name: 'unassigned',
    target: 'collection',
    method: 'GET',
    input: z.object({}),
    summary: 'Leads without a campaign, and names of campaigns that are not here.',
    access: 'read',
    run: ({ actor }) => withoutCampaign(kit, actor),
  };
  return {
    name: 'campaigns',
    table: 'crm_campaigns',
    rows: { owner: 'owner_id', team: null, pool: null },
    fields: FIELDS,
    search: ['name', 'key', 'channel'],
    defaultSort: ['id', 'DESC'],
    create: (context, given) =>
      kit.db.transaction(async (trx) => {
        const values = await check(trx, given, null);
        const stamps = { created_at: context.now, updated_at: context.now };
        const [row] = await trx('crm_campaigns')
          .insert({ ...columnsOf(values), ...stamps })
          .returning<{ id: number }[]>('id');
        await checkDays(trx, row!.id);
        await note(trx, row!.id, 'created', null, values, context);
        return row!.id;
      }),
    update: (context, id, given) =>
      kit.db.transaction(async (trx) => {
        const before = await locked(trx, id);
        const values = await check(trx, given, id);
        await trx('crm_campaigns')
          .where({ id })
          .update({ ...columnsOf(values), updated_at: context.now });
        await checkDays(trx, id);
        const was = Object.fromEntries(Object.keys(values).map((name) => [name, before[COLUMNS[name] ?? name] ?? null]));
        await note(trx, id, 'updated', was, values, context);
      }),
    remove: (context, id) =>
      kit.db.transaction(async (trx) => {
        const { key, name } = await locked(trx, id);
        await trx('crm_campaigns').where({ id }).delete();
        await note(trx, id, 'deleted', { key, name }, null, context);
      }),
    decorate: async ({ actor }, rows) => {
      const numbers = await campaignNumbers(
        kit,
        actor,
        rows.map((row) => Number(row['id'])),
      );
      for (const row of rows) row['results'] = numbers.get(Number(row['id'])) ?? NO_NUMBERS;
    },
    verbs: [unassigned],
  };
}
