import type { Condition } from '@leadsea/crm-core';
import type { ContractInput } from './contract';

const OPEN_STAGE: Condition = {
  combinator: 'and',
  rules: [{ field: 'lead.stage', operator: 'notIn', value: ['won', 'lost', 'disqualified', 'recycled'] }],
};
const CLOSED_STAGE: Condition = {
  combinator: 'and',
  rules: [{ field: 'lead.stage', operator: 'in', value: ['won', 'lost', 'disqualified', 'recycled'] }],
};
const HAS_OWNER: Condition = { combinator: 'and', rules: [{ field: 'lead.owner', operator: 'notNull' }, ...OPEN_STAGE.rules] };

const CONTACT = {
  kinds: ['call', 'mail', 'message', 'meeting', 'visit'],
  outcomes: ['connected', 'sent', 'replied', 'held', 'met'],
  direction: 'outbound',
} as const;

/**
 * First response within 30 business minutes: each owner has the full time, a miss passes the lead on. Beside it a clock of the lead
 * itself, which no change of owner restarts, so that passing a lead around cannot hide delay.
 */
export const FIRST_RESPONSE_CONTRACT: ContractInput = {
  title: { zh: '首次响应 30 个工作分钟', en: 'First response within 30 business minutes' },
  text: {
    zh: '销售在接手线索后 30 个工作分钟内与客户取得联系：接通电话、发出邮件或消息、见面。超时则通知负责人和主管，并改派给他人。',
    en: 'Sales reaches out within 30 business minutes of taking a lead over: a connected call, a mail or message sent, a meeting. After that the owner and the manager are told and the lead goes to somebody else.',
  },
  calendar: null,
  metrics: [
    {
      key: 'first-response',
      label: { zh: '首次响应', en: 'First response' },
      obligor: 'sales',
      start: HAS_OWNER,
      stop: { activities: { ...CONTACT, kinds: [...CONTACT.kinds], outcomes: [...CONTACT.outcomes], authors: 'owner' } },
      cancel: CLOSED_STAGE,
      cycleMode: 'first_only',
      clockOwner: 'owner',
      targets: [{ duration: 'PT30M' }],
      warns: ['80%'],
      onWarn: [{ kind: 'notify-owner' }],
      onBreach: [{ kind: 'notify-owner' }, { kind: 'notify-manager' }, { kind: 'reroute' }],
      maxHops: 3,
    },
    {
      key: 'speed-to-lead',
      label: { zh: '从进入到首次联系', en: 'Arrival to first contact' },
      obligor: 'sales',
      start: OPEN_STAGE,
      stop: { activities: { ...CONTACT, kinds: [...CONTACT.kinds], outcomes: [...CONTACT.outcomes], authors: 'any' } },
      cancel: CLOSED_STAGE,
      cycleMode: 'first_only',
      clockOwner: 'lead',
      targets: [{ duration: 'PT4H' }],
      startAt: 'captured',
    },
  ],
};
