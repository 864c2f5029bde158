import {
  AppError,
  badRequest,
  type LocalisedText,
  type ResourceDefinition,
  type ResourceField,
  type ResourceVerb,
} from '@leadsea/crm-core';
import { z } from 'zod';
import { eraseLead, ERASURE_REASONS, type ErasureDeps } from '../services/erasure/erase';
import { previewErasure } from '../services/erasure/preview';
import type { VerbResult } from './leads';

/** Leads of one call: each is a transaction that reads its whole history. */
export const MOST_ERASED = 50;

const l = (zh: string, en: string): LocalisedText => ({ zh, en });

const REASONS: Readonly<Record<(typeof ERASURE_REASONS)[number], LocalisedText>> = {
  request: l('本人要求删除', 'Asked for by the person'),
  'consent-withdrawn': l('本人撤回同意', 'Consent withdrawn'),
  'retention-ended': l('保存期限届满', 'Retention period over'),
  unlawful: l('收集不合法', 'Collected without a basis'),
  other: l('其他', 'Other'),
};

const eraseInput = z.object({
  reason: z.enum(ERASURE_REASONS),
  reference: z.string().trim().max(120).nullish(),
  suppress: z.boolean().default(true),
});

const verb = <Input>(definition: ResourceVerb<Input>): ResourceVerb => definition;

async function eraseMany(
  deps: ErasureDeps,
  context: Parameters<ResourceVerb['run']>[0],
  ids: readonly number[],
  input: z.infer<typeof eraseInput>,
): Promise<{ results: VerbResult[] }> {
  if (ids.length > MOST_ERASED)
    throw badRequest('ERASE_TOO_MANY', `At most ${MOST_ERASED} leads can be erased at once.`, { limit: MOST_ERASED });
  const order = { reason: input.reason, reference: input.reference || null, suppress: input.suppress };
  const results: VerbResult[] = [];
  for (const id of ids) {
    try {
      await eraseLead(deps, context, id, order);
      results.push({ id, ok: true });
    } catch (error) {
      if (!(error instanceof AppError) || ids.length === 1) throw error;
      results.push({ id, ok: false, code: error.code, message: error.message });
    }
  }
  return { results };
}

/** `POST /leads/7/erase { reason, reference?, suppress? }`, `POST /leads/erase { ids, … }`, `GET /leads/7/erasure`: what it would take away. */
export function eraseVerbs(deps: ErasureDeps): readonly ResourceVerb[] {
  return [
    verb({
      name: 'erase',
      target: 'record',
      input: eraseInput,
      summary: 'Erase what is known of the person; the lead stays for the counts. Cannot be undone.',
      run: (context, ids, input) => eraseMany(deps, context, ids, input),
    }),
    verb({
      name: 'erasure',
      target: 'record',
      method: 'GET',
      access: 'erase',
      input: z.object({}),
      summary: 'What erasing this lead would take away, and what would stay.',
      run: (_context, ids) => previewErasure(deps.kit, ids[0]!),
    }),
  ];
}

const field = (name: string, type: ResourceField['type'], label: LocalisedText, more: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type,
  label,
  ...more,
});

/** `erasures`: the register. Who erased whose lead, when and why; nothing of the person. */
export const erasuresResource: ResourceDefinition = {
  name: 'erasures',
  table: 'crm_erasures',
  defaultSort: ['id', 'DESC'],
  fields: [
    { name: 'id', type: 'id', nullable: false },
    field('lead', 'number', l('线索', 'Lead'), { column: 'lead_id', nullable: false }),
    field('reason', 'select', l('原因', 'Reason'), {
      nullable: false,
      options: ERASURE_REASONS.map((value) => ({ value, label: REASONS[value] })),
    }),
    field('reference', 'text', l('编号', 'Reference')),
    field('member', 'reference', l('操作人', 'By'), { column: 'member_id', reference: 'members' }),
    field('suppressed', 'boolean', l('禁止再次导入', 'Kept out of imports'), { nullable: false }),
    field('counts', 'json', l('处理的记录', 'Records')),
    field('at', 'datetime', l('时间', 'At'), { nullable: false }),
  ],
};
