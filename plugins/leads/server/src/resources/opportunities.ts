import { badRequest, notFound, one, updateRow } from '@leadsea/crm-core';
import type { Actor, Kit, LocalisedText, ResourceDefinition, ResourceField, ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import type { ConvertListener, Leads, OpportunitySum, StageGuard } from '../../../contracts';
import { assertFillable, customValues } from '../services/record-values';
import { customResourceFields } from './custom-fields';
import { closeOpportunity, convertLead, type ConvertInput } from '../services/opportunities';
import { liveLifecycle } from '../services/stages';

const l = (zh: string, en: string): LocalisedText => ({ zh, en });
const field = (name: string, type: ResourceField['type'], zh: string, en: string, more: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type,
  label: l(zh, en),
  ...more,
});
const w = { writable: true } as const;
const STATES = [
  { value: 'open', label: l('进行中', 'Open') },
  { value: 'won', label: l('赢单', 'Won') },
  { value: 'lost', label: l('输单', 'Lost') },
  { value: 'cancelled', label: l('已撤销', 'Taken back') },
];

const COLUMNS: Readonly<Record<string, string>> = {
  name: 'name',
  amount: 'amount',
  currency: 'currency',
  probability: 'probability',
  expectedAt: 'expected_at',
  owner: 'owner_id',
};

/** How sure a deal is, in whole per cent; null = nobody has said. */
const share = z.number().int().min(0).max(100).nullish();

function assertShare(value: unknown): void {
  if (!share.safeParse(value).success)
    throw badRequest('VALUE_INVALID', 'A probability is a whole number from 0 to 100.', { field: 'probability' });
}

interface Deps {
  readonly kit: Kit;
  readonly leads: Leads;
  guards(): readonly StageGuard[];
  converted(): readonly ConvertListener[];
}

/** Opportunities follow their lead: who sees the lead sees them, who holds one may change it. They are made by converting a lead. */
export function opportunitiesResource(deps: Deps): ResourceDefinition {
  const { kit } = deps;
  const closing = (as: 'won' | 'lost'): ResourceVerb<{ reason?: string | null; note?: string | null }> => ({
    name: as,
    target: 'record',
    input: z.object({ reason: z.string().max(60).nullish(), note: z.string().max(2000).nullish() }),
    summary: as === 'won' ? 'Close as won; the lead is won too.' : 'Close as lost, with a reason; the lead is lost too.',
    access: 'update',
    run: async (context, ids, input) => closeOpportunity(deps, context, ids[0]!, as, input, (await liveLifecycle(kit)).graph),
  });
  return {
    name: 'opportunities',
    table: 'crm_opportunities',
    rows: { owner: 'owner_id', via: { column: 'lead_id', resource: 'leads' } },
    fields: [
      { name: 'id', type: 'id' },
      field('name', 'text', '名称', 'Name', w),
      field('lead', 'reference', '线索', 'Lead', { column: 'lead_id', reference: 'leads' }),
      field('account', 'reference', '客户', 'Account', { column: 'account_id', reference: 'accounts' }),
      field('owner', 'reference', '负责人', 'Owner', { ...w, column: 'owner_id', reference: 'members' }),
      field('amount', 'money', '金额', 'Amount', w),
      field('currency', 'text', '币种', 'Currency', w),
      field('probability', 'number', '赢单概率 %', 'Probability %', w),
      field('state', 'select', '状态', 'State', { column: 'stage', options: STATES }),
      field('reason', 'text', '原因', 'Reason'),
      field('expectedAt', 'datetime', '预计成交', 'Expected', w),
      field('closedAt', 'datetime', '关闭时间', 'Closed'),
      field('createdAt', 'datetime', '创建时间', 'Created'),
    ],
    dynamicFields: customResourceFields(kit, 'opportunity'),
    subject: 'opportunity',
    search: ['name'],
    defaultSort: ['id', 'DESC'],
    update: async ({ actor, now, requestId }, id, values) => {
      const columns: Record<string, unknown> = {};
      for (const [field, value] of Object.entries(values)) if (COLUMNS[field]) columns[COLUMNS[field]] = value;
      const { name } = values;
      if (name !== undefined && (typeof name !== 'string' || name.trim() === ''))
        throw badRequest('VALUE_REQUIRED', 'An opportunity needs a name.', { field: 'name' });
      assertShare(values['probability']);
      await kit.db.transaction(async (trx) => {
        const before = await one<Record<string, unknown> & { id: number }>(trx, 'SELECT * FROM crm_opportunities WHERE id = ? FOR UPDATE', [
          id,
        ]);
        if (!before) throw notFound('Opportunity');
        const given = (values['custom'] ?? {}) as Record<string, unknown>;
        const after = { ...before, ...columns };
        const custom = await customValues(kit, trx, { actor, now }, { entity: 'opportunity', given, before, after });
        await updateRow(trx, 'crm_opportunities', id, { ...columns, custom }, now);
        const was = Object.fromEntries(
          Object.keys(values).map((name) => [name, before[name === 'custom' ? 'custom' : (COLUMNS[name] ?? '')] ?? null]),
        );
        const told = { subject: 'opportunity', subjectId: id, type: 'opportunity.updated', before: was, after: values };
        await kit.events.append(trx, [told], actor, { type: 'edit', id: requestId }, now);
      });
    },
    verbs: [closing('won'), closing('lost')],
  };
}

/** `POST /leads/:id/convert { name?, amount?, currency?, probability?, expectedAt? }` */
export function convertVerb(deps: Deps): ResourceVerb {
  const verb: ResourceVerb<ConvertInput> = {
    name: 'convert',
    target: 'record',
    input: z.object({
      name: z.string().max(300).nullish(),
      amount: z.number().min(0).max(1e15).nullish(),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/)
        .nullish(),
      expectedAt: z.iso.datetime({ offset: true }).nullish(),
      probability: share,
      custom: z.record(z.string(), z.unknown()).optional(),
    }),
    summary: 'Make an opportunity of a qualified lead.',
    access: 'update',
    run: async (context, ids, input) => {
      if (ids.length !== 1) throw badRequest('ONE_AT_A_TIME', 'Leads are converted one at a time.');
      assertFillable(deps.kit, context.actor, 'opportunities', input.custom, ['write']);
      return convertLead(deps, context, ids[0]!, input, (await liveLifecycle(deps.kit)).graph);
    },
  };
  return verb;
}

/** The part of the console's gateway that adds up what a list shows. */
export interface SumGate {
  sums(
    request: { readonly actor: Actor },
    resource: string,
    query: Readonly<Record<string, string | readonly string[] | undefined>>,
    asked: { readonly amount: string; readonly by: string; readonly weight: string },
  ): Promise<readonly OpportunitySum[] | null>;
}

/**
 * `GET /opportunities/sums?filter=…` → `{ sums }`: what the opportunities of the list add up to, by currency, and weighted by their probability. Amounts
 * the actor may not read do not enter; `sums` is null for who reads none.
 */
export function registerSums(kit: Kit, gate: SumGate): void {
  kit.addRoute('GET', '/opportunities/sums', async (ctx, { actor }) => {
    const { filter } = ctx.query;
    const asked = { amount: 'amount', by: 'currency', weight: 'probability' };
    ctx.body = { sums: await gate.sums({ actor }, 'opportunities', filter === undefined ? {} : { filter }, asked) };
  });
}
