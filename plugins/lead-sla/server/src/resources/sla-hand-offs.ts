import type { Kit, LocalisedText, ResourceDefinition, ResourceField, ResourceVerb, VerbContext } from '@leadsea/crm-core';
import { badRequest } from '@leadsea/crm-core';
import type { Leads } from '@leadsea/leads';
import { z } from 'zod';
import { acceptHandOff, rejectHandOff, replyHandOff } from '../services/hand-off-answers';

const l = (zh: string, en: string): LocalisedText => ({ zh, en });
const field = (name: string, type: ResourceField['type'], label: LocalisedText, more: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type,
  label,
  ...more,
});

export const HAND_OFF_LABELS: Readonly<Record<string, LocalisedText>> = {
  offered: l('待接收', 'Offered'),
  accepted: l('已接收', 'Accepted'),
  rejected: l('已退回', 'Sent back'),
  expired: l('超期未答复', 'Expired'),
  confirmed: l('已确认', 'Confirmed'),
  withdrawn: l('已撤回', 'Withdrawn'),
};

const FIELDS: readonly ResourceField[] = [
  { name: 'id', type: 'id', nullable: false },
  field('lead', 'reference', l('线索', 'Lead'), { column: 'lead_id', reference: 'leads', nullable: false }),
  field('number', 'number', l('第几次', 'Number'), { nullable: false }),
  field('latest', 'boolean', l('最新', 'Latest'), { nullable: false }),
  field('contract', 'reference', l('合约', 'Contract'), { column: 'contract_id', reference: 'sla-contracts', nullable: false }),
  field('state', 'select', l('状态', 'State'), {
    nullable: false,
    options: Object.entries(HAND_OFF_LABELS).map(([value, label]) => ({ value, label })),
  }),
  field('offeredAt', 'datetime', l('移交时间', 'Offered'), { nullable: false }),
  field('offeredTo', 'reference', l('移交给', 'Offered to'), { column: 'offered_to', reference: 'members' }),
  field('expiresAt', 'datetime', l('答复期限', 'Answer by')),
  field('answeredAt', 'datetime', l('答复时间', 'Answered')),
  field('answeredBy', 'reference', l('答复人', 'Answered by'), { column: 'answered_by', reference: 'members' }),
  field('reason', 'text', l('退回理由', 'Reason')),
  field('note', 'text', l('说明', 'Note')),
  field('confirmBy', 'datetime', l('确认期限', 'Confirm by')),
  field('confirmedAt', 'datetime', l('确认时间', 'Confirmed')),
  field('repliedAt', 'datetime', l('市场答复时间', 'Marketing replied')),
  field('repliedBy', 'reference', l('市场答复人', 'Replied by'), { column: 'replied_by', reference: 'members' }),
  field('reply', 'text', l('市场答复', 'Reply')),
];

/** `sla-hand-offs`: leads between marketing and sales. Rows follow the lead's. */
export function handOffsResource(kit: Kit, leads: Leads): ResourceDefinition {
  const verb = <Input>(
    name: string,
    input: z.ZodType<Input>,
    summary: string,
    run: (context: VerbContext, id: number, input: Input) => Promise<void>,
  ): ResourceVerb => ({
    name,
    target: 'record',
    input,
    summary,
    run: async (context: VerbContext, ids: readonly number[], values: Input) => {
      if (ids.length !== 1) throw badRequest('ONE_AT_A_TIME', 'One hand-off at a time.');
      await run(context, ids[0]!, values);
      return { id: ids[0] };
    },
  });
  return {
    name: 'sla-hand-offs',
    table: 'crm_sla_hand_offs',
    rows: { via: { column: 'lead_id', resource: 'leads' } },
    fields: FIELDS,
    defaultSort: ['offeredAt', 'DESC'],
    verbs: [
      verb('accept', z.object({}), 'Take an offered lead over.', (context, id) => acceptHandOff(kit, leads, context, id)),
      verb(
        'reject',
        z.object({ reason: z.string().min(1).max(60), note: z.string().max(2000).nullish() }),
        'Send a lead back to marketing, with a reason.',
        (context, id, input) => rejectHandOff(kit, leads, context, id, input),
      ),
      verb(
        'reply',
        z.object({ reply: z.string().trim().min(1).max(2000) }),
        'Say what marketing has done about a rejection.',
        (context, id, { reply }) => replyHandOff(kit, leads, context, id, reply),
      ),
    ],
  };
}
