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

const REJECTED: Condition = { combinator: 'and', rules: [{ field: 'sla.handOff', operator: '=', value: 'rejected' }] };

/**
 * A whole agreement between marketing and sales: what a qualified lead is, how it is handed over, how fast and how often sales works it,
 * how many marketing delivers and how fast it answers a rejection.
 */
export const TWO_SIDES_CONTRACT: ContractInput = {
  ...FIRST_RESPONSE_CONTRACT,
  title: { zh: '市场与销售服务等级协议', en: 'Service level agreement of marketing and sales' },
  text: {
    zh: '市场交付合格线索，销售及时跟进；双方的承诺由同一套计时衡量，任何一方都可以对结果提出异议。',
    en: 'Marketing delivers qualified leads and sales works them in time. The same clocks measure both sides, and either side may dispute what they say.',
  },
  reviewMonths: 3,
  qualified: {
    description: {
      zh: '有联系方式、来自目标市场、并表现出购买兴趣的线索。',
      en: 'A lead that can be reached, comes from a market we serve and has shown interest in buying.',
    },
    required: ['name', 'company'],
    demographic: {
      combinator: 'or',
      rules: [
        { field: 'lead.phone', operator: 'notNull' },
        { field: 'lead.email', operator: 'notNull' },
      ],
    },
    behavioural: { combinator: 'and', rules: [{ field: 'lead.label', operator: 'in', value: ['hot', 'warm'] }] },
  },
  handOff: {
    offered: 'mql',
    accepted: 'srl',
    confirmed: 'sql',
    answerSeconds: 28_800,
    reasons: [
      { key: 'wrong-territory', label: { zh: '区域不符', en: 'Wrong territory' } },
      { key: 'not-qualified', label: { zh: '不符合合格线索定义', en: 'Not qualified as agreed' } },
      { key: 'incomplete', label: { zh: '信息不完整', en: 'Information missing' } },
      { key: 'duplicate', label: { zh: '重复线索', en: 'Duplicate' } },
    ],
    bant: ['need'],
    bantStaleDays: 90,
    confirmWithinDays: 14,
  },
  clauses: [
    {
      key: 'fast-contact',
      side: 'sales',
      title: { zh: '及时联系', en: 'Contact in time' },
      text: {
        zh: '销售在接手后 30 个工作分钟内联系客户。',
        en: 'Sales contacts the customer within 30 business minutes of taking a lead over.',
      },
      measuredBy: ['first-response', 'speed-to-lead'],
    },
    {
      key: 'persistence',
      side: 'sales',
      title: { zh: '持续跟进', en: 'Persistence' },
      text: {
        zh: '14 天内至少 3 次电话和 3 封邮件，每次间隔一天。',
        en: 'At least three calls and three mails within 14 days, a day apart.',
      },
      measuredBy: ['touches'],
    },
    {
      key: 'supply',
      side: 'marketing',
      title: { zh: '线索供应', en: 'Supply of leads' },
      text: {
        zh: '市场每季度交付约定数量且信息完整的合格线索。',
        en: 'Marketing delivers the agreed number of qualified and complete leads each quarter.',
      },
      measuredBy: ['qualified-leads', 'completeness'],
    },
    {
      key: 'answers',
      side: 'marketing',
      title: { zh: '答复退回', en: 'Answer rejections' },
      text: {
        zh: '销售退回的线索，市场在两个工作日内答复。',
        en: 'Marketing answers a lead that sales has sent back within two business days.',
      },
      measuredBy: ['rejection-answer'],
    },
  ],
  metrics: [
    ...FIRST_RESPONSE_CONTRACT.metrics,
    {
      key: 'rejection-answer',
      label: { zh: '答复退回', en: 'Answer to a rejection' },
      obligor: 'marketing',
      start: REJECTED,
      stop: { when: { combinator: 'and', rules: [{ field: 'sla.handOffReplied', operator: 'isTrue' }] } },
      cycleMode: 'new_cycle',
      clockOwner: 'lead',
      targets: [{ duration: 'P2BD', meaning: 'same-time' }],
      warns: ['80%'],
      pauses: null,
    },
  ],
  obligations: [
    {
      kind: 'touch',
      key: 'touches',
      label: { zh: '14 天 6 次跟进', en: 'Six touches in 14 days' },
      obligor: 'sales',
      start: {
        combinator: 'and',
        rules: [
          { field: 'lead.owner', operator: 'notNull' },
          { field: 'lead.stage', operator: 'in', value: ['mql', 'srl'] },
        ],
      },
      closed: CLOSED_STAGE,
      allowedReasons: ['invalid', 'wrong_contact', 'competitor', 'spam'],
      windowDays: 14,
      minCounts: { call: 3, mail: 3 },
      minSpacingSeconds: 86_400,
      minChannels: 2,
    },
    {
      kind: 'period',
      key: 'qualified-leads',
      label: { zh: '每季度合格线索', en: 'Qualified leads per quarter' },
      obligor: 'marketing',
      period: 'quarter',
      measure: { kind: 'stage', stage: 'mql' },
      atLeast: 300,
    },
    {
      kind: 'period',
      key: 'completeness',
      label: { zh: '线索完整度', en: 'Completeness of leads' },
      obligor: 'marketing',
      period: 'quarter',
      measure: {
        kind: 'share',
        stage: 'mql',
        when: { combinator: 'and', rules: ['name', 'company', 'source'].map((field) => ({ field: `lead.${field}`, operator: 'notNull' })) },
      },
      atLeast: 95,
    },
  ],
};
