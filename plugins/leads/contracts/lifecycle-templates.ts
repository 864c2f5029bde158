import type { LocalisedText } from '@leadsea/crm-core';
import { DISQUALIFY_REASONS, move, reason, stage, STANDARD_LIFECYCLE, type Lifecycle } from './lifecycle';

const LOST = [reason('price', '价格', 'Price'), reason('competitor', '竞争对手', 'Competitor'), reason('other', '其他', 'Other')];
const NOT_NOW = [reason('not_now', '暂无计划', 'Not now'), reason('no_answer', '联系不上', 'Cannot be reached')];

/** Five stages, from inquiry to win: for teams that begin. */
const FIVE_STAGES: Lifecycle = {
  initial: 'inquiry',
  stages: [
    {
      ...stage('inquiry', '询盘', 'Inquiry', 'inventory', '#64748b'),
      definition: { zh: '表示过兴趣、尚未核实的人。', en: 'Somebody who showed interest and has not been looked at.' },
    },
    {
      ...stage('contacted', '已联系', 'Contacted', 'sla', '#0ea5e9'),
      definition: { zh: '已经有过双向沟通。', en: 'There has been an exchange in both directions.' },
    },
    {
      ...stage('qualified', '合格', 'Qualified', 'gate', '#8b5cf6'),
      definition: { zh: '需求、预算与决策人已确认。', en: 'Need, budget and who decides are confirmed.' },
    },
    {
      ...stage('proposal', '方案', 'Proposal', 'gate', '#d97706'),
      opportunity: true,
      definition: { zh: '已提交报价或方案。', en: 'An offer has been made.' },
    },
    { ...stage('won', '赢单', 'Won', 'won', '#059669'), definition: { zh: '合同已签订。', en: 'The contract is signed.' } },
    stage('lost', '输单', 'Lost', 'lost', '#dc2626'),
    stage('nurture', '培育', 'Nurture', 'inventory', '#94a3b8'),
    stage('disqualified', '无效', 'Disqualified', 'lost', '#a8a29e'),
  ],
  transitions: [
    move('inquiry', 'contacted', '已联系上', 'Contacted'),
    move('contacted', 'qualified', '确认合格', 'Qualify', { requires: ['name'] }),
    move('qualified', 'proposal', '转为商机', 'Make an offer', { requires: ['name', 'company'] }),
    move('proposal', 'won', '赢单', 'Won'),
    move('proposal', 'lost', '输单', 'Lost', { reasons: LOST }),
    move('*', 'nurture', '转入培育', 'Nurture', { reasons: NOT_NOW }),
    move('nurture', 'contacted', '重新激活', 'Re-activate'),
    move('*', 'disqualified', '判为无效', 'Disqualify', { reasons: DISQUALIFY_REASONS }),
    move('disqualified', 'inquiry', '恢复', 'Restore'),
  ],
};

/** The status model of Chinese sales teams: unassigned, pending, in progress, converted, invalid, voided. */
const CHINESE_STATUS: Lifecycle = {
  initial: 'unassigned',
  stages: [
    {
      ...stage('unassigned', '未分配', 'Unassigned', 'inventory', '#64748b'),
      definition: { zh: '尚无负责人。', en: 'Nobody is responsible yet.' },
    },
    {
      ...stage('pending', '待处理', 'Pending', 'sla', '#0ea5e9'),
      definition: { zh: '已分配，负责人尚未跟进。', en: 'Given to somebody who has not followed up yet.' },
    },
    {
      ...stage('in_progress', '跟进中', 'In progress', 'sla', '#6366f1'),
      definition: { zh: '负责人已有跟进记录。', en: 'The owner has followed up.' },
    },
    {
      ...stage('opportunity', '商机', 'Opportunity', 'gate', '#d97706'),
      opportunity: true,
      definition: { zh: '已确认需求并转为商机。', en: 'The need is confirmed; an opportunity was made.' },
    },
    { ...stage('converted', '已转换', 'Converted', 'won', '#059669'), definition: { zh: '已成交并转为客户。', en: 'Became a customer.' } },
    stage('invalid', '无效', 'Invalid', 'lost', '#dc2626'),
    stage('voided', '已作废', 'Voided', 'lost', '#a8a29e'),
    stage('disqualified', '已判无效', 'Disqualified', 'lost', '#a8a29e'),
  ],
  transitions: [
    move('unassigned', 'pending', '分配', 'Assign', {
      auto: { combinator: 'and', rules: [{ field: 'lead.owner', operator: 'notNull' }] },
    }),
    move('pending', 'unassigned', '退回', 'Give back', {
      manual: false,
      auto: { combinator: 'and', rules: [{ field: 'lead.owner', operator: 'null' }] },
    }),
    move('pending', 'in_progress', '开始跟进', 'Start', {
      auto: {
        combinator: 'and',
        rules: [
          { field: 'lead.lastFollowUpAt', operator: 'notNull' },
          { field: 'lead.owner', operator: 'notNull' },
        ],
      },
    }),
    move('in_progress', 'unassigned', '退回', 'Give back', {
      manual: false,
      auto: { combinator: 'and', rules: [{ field: 'lead.owner', operator: 'null' }] },
    }),
    move('in_progress', 'opportunity', '转为商机', 'Make an opportunity', { requires: ['name', 'company'] }),
    move('opportunity', 'converted', '转换', 'Convert'),
    move('opportunity', 'invalid', '输单', 'Lost', { reasons: LOST }),
    move('*', 'invalid', '标记无效', 'Mark invalid', { reasons: DISQUALIFY_REASONS }),
    move('*', 'voided', '作废', 'Void', { reasons: [reason('duplicate', '重复', 'Duplicate'), reason('other', '其他', 'Other')] }),
    move('*', 'disqualified', '判为无效', 'Disqualify', { reasons: DISQUALIFY_REASONS }),
    move('invalid', 'unassigned', '恢复', 'Restore'),
    move('disqualified', 'unassigned', '恢复', 'Restore'),
  ],
};

export interface LifecycleTemplate {
  readonly key: string;
  readonly name: LocalisedText;
  readonly description: LocalisedText;
  readonly body: Lifecycle;
}

/** What a new stage graph may start from. */
export const LIFECYCLE_TEMPLATES: readonly LifecycleTemplate[] = [
  {
    key: 'standard',
    name: { zh: 'MQL – SRL – SQL', en: 'MQL – SRL – SQL' },
    description: { zh: '市场与销售之间有明确交接的团队。', en: 'For teams with a hand-over between marketing and sales.' },
    body: STANDARD_LIFECYCLE,
  },
  {
    key: 'five-stages',
    name: { zh: '五阶段', en: 'Five stages' },
    description: { zh: '询盘、已联系、合格、方案、赢单。', en: 'Inquiry, contacted, qualified, proposal, won.' },
    body: FIVE_STAGES,
  },
  {
    key: 'chinese-status',
    name: { zh: '线索状态模型', en: 'Chinese status model' },
    description: {
      zh: '未分配、待处理、跟进中、商机、已转换、无效、作废；按负责人与跟进自动变更。',
      en: 'Unassigned, pending, in progress, converted, invalid, voided; follows owner and follow-up by itself.',
    },
    body: CHINESE_STATUS,
  },
];
