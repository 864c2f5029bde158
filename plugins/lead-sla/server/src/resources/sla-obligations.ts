import type { LocalisedText, ResourceDefinition, ResourceField } from '@leadsea/crm-core';
import { OBLIGORS } from '../../../contracts';

const l = (zh: string, en: string): LocalisedText => ({ zh, en });
const field = (name: string, type: ResourceField['type'], label: LocalisedText, more: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type,
  label,
  ...more,
});

const STATES: Readonly<Record<string, LocalisedText>> = {
  running: l('进行中', 'Running'),
  met: l('已完成', 'Met'),
  breached: l('未完成', 'Missed'),
  cancelled: l('已取消', 'Cancelled'),
  waived: l('已豁免', 'Waived'),
};

/** `sla-obligations`: how many touches of what kind are done, and until when the rest is possible. Rows follow the lead's. */
export const obligationsResource: ResourceDefinition = {
  name: 'sla-obligations',
  table: 'crm_sla_obligations',
  rows: { via: { column: 'lead_id', resource: 'leads' } },
  defaultSort: ['windowEndsAt', 'ASC'],
  fields: [
    { name: 'id', type: 'id', nullable: false },
    field('lead', 'reference', l('线索', 'Lead'), { column: 'lead_id', reference: 'leads', nullable: false }),
    field('contract', 'reference', l('合约', 'Contract'), { column: 'contract_id', reference: 'sla-contracts', nullable: false }),
    field('version', 'number', l('合约版本', 'Version'), { column: 'version_id', nullable: false }),
    field('key', 'text', l('义务', 'Obligation'), { nullable: false }),
    field('label', 'json', l('名称', 'Name')),
    field('obligor', 'select', l('责任方', 'Obligor'), {
      nullable: false,
      options: OBLIGORS.map((value) => ({ value, label: l(value, value) })),
    }),
    field('owner', 'reference', l('负责人', 'Owner'), { column: 'owner_id', reference: 'members' }),
    field('state', 'select', l('状态', 'State'), {
      nullable: false,
      options: Object.entries(STATES).map(([value, label]) => ({ value, label })),
    }),
    field('startedAt', 'datetime', l('开始', 'Started'), { nullable: false }),
    field('windowEndsAt', 'datetime', l('截止', 'Ends'), { column: 'window_ends_at', nullable: false }),
    field('possibleUntil', 'datetime', l('最晚', 'Possible until')),
    field('done', 'number', l('已完成', 'Done'), { nullable: false }),
    field('needed', 'number', l('需要', 'Needed'), { nullable: false }),
    field('progress', 'json', l('进度', 'Progress')),
    field('endedAt', 'datetime', l('结束', 'Ended')),
    field('breachCause', 'text', l('原因', 'Cause')),
    field('latest', 'boolean', l('最新', 'Latest'), { nullable: false }),
  ],
};
