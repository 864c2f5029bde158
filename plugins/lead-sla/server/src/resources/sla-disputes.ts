import {
  badRequest,
  type Kit,
  type LocalisedText,
  type ResourceDefinition,
  type ResourceField,
  type ResourceVerb,
} from '@leadsea/crm-core';
import type { Leads } from '@leadsea/leads';
import { z } from 'zod';
import { OBLIGORS } from '../../../contracts';
import { decideDispute, withdrawDispute } from '../services/disputes';

const l = (zh: string, en: string): LocalisedText => ({ zh, en });
const field = (name: string, type: ResourceField['type'], label: LocalisedText, more: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type,
  label,
  ...more,
});

const STATES = {
  open: l('待裁定', 'Open'),
  accepted: l('成立', 'Accepted'),
  rejected: l('不成立', 'Rejected'),
  withdrawn: l('已撤回', 'Withdrawn'),
};

const FIELDS: readonly ResourceField[] = [
  { name: 'id', type: 'id', nullable: false },
  field('lead', 'reference', l('线索', 'Lead'), { column: 'lead_id', reference: 'leads', nullable: false }),
  field('clock', 'reference', l('时限', 'Deadline'), { column: 'clock_id', reference: 'sla-clocks', nullable: false }),
  field('metric', 'text', l('指标', 'Metric'), { nullable: false }),
  field('label', 'json', l('名称', 'Name')),
  field('obligor', 'select', l('责任方', 'Obligor'), {
    nullable: false,
    options: OBLIGORS.map((value) => ({ value, label: l(value, value) })),
  }),
  field('owner', 'reference', l('超时时负责人', 'Held at the breach by'), { column: 'owner_id', reference: 'members' }),
  field('state', 'select', l('状态', 'State'), {
    nullable: false,
    options: Object.entries(STATES).map(([value, label]) => ({ value, label })),
  }),
  field('reason', 'text', l('理由', 'Reason'), { nullable: false }),
  field('note', 'text', l('说明', 'Note')),
  field('automatic', 'boolean', l('系统提出', 'By the product'), { nullable: false }),
  field('openedBy', 'reference', l('提出人', 'Opened by'), { column: 'opened_by', reference: 'members' }),
  field('openedAt', 'datetime', l('提出时间', 'Opened'), { nullable: false }),
  field('decidedBy', 'reference', l('裁定人', 'Decided by'), { column: 'decided_by', reference: 'members' }),
  field('decidedAt', 'datetime', l('裁定时间', 'Decided')),
  field('decisionNote', 'text', l('裁定说明', 'Why')),
];

/** `sla-disputes`: the log of misses that somebody does not accept. Rows follow the lead's. */
export function disputesResource(kit: Kit, leads: Leads): ResourceDefinition {
  const decide: ResourceVerb<{ accept: boolean; note: string }> = {
    name: 'decide',
    target: 'record',
    input: z.object({ accept: z.boolean(), note: z.string().trim().min(1).max(2000) }),
    summary: 'Accept a dispute, which waives the miss and gives a lead back that was passed on for it, or reject it.',
    run: (context, ids, input) => {
      if (ids.length !== 1) throw badRequest('ONE_AT_A_TIME', 'One dispute at a time.');
      return decideDispute({ kit, leads }, context, ids[0]!, input);
    },
  };
  const withdraw: ResourceVerb<Record<string, never>> = {
    name: 'withdraw',
    target: 'record',
    input: z.object({}).transform(() => ({})),
    summary: 'Take back a dispute of your own.',
    access: 'read',
    run: async (context, ids) => {
      await withdrawDispute(kit, context, ids[0]!);
      return { id: ids[0] };
    },
  };
  return {
    name: 'sla-disputes',
    table: 'crm_sla_disputes',
    rows: { via: { column: 'lead_id', resource: 'leads' } },
    fields: FIELDS,
    defaultSort: ['openedAt', 'DESC'],
    verbs: [decide, withdraw],
  };
}
