import type { NoticeType } from '@leadsea/crm-core';

/** What routing tells people, and by which channels unless the company or the person chooses otherwise. */
export const ROUTING_NOTICES: readonly NoticeType[] = [
  { type: 'routing.offered', label: { zh: '有线索开放领取', en: 'A lead is free to claim' }, channels: ['inbox', 'chat'] },
  {
    type: 'routing.ladder',
    label: { zh: '超时升级', en: 'A missed deadline goes a step further' },
    channels: ['inbox', 'mail', 'chat'],
    urgent: true,
  },
  { type: 'routing.not-accepted', label: { zh: '线索未被接受', en: 'A lead was not accepted' }, channels: ['inbox', 'mail'] },
  { type: 'routing.reject-rate', label: { zh: '拒收率偏高', en: 'Somebody refuses many leads' }, channels: ['inbox', 'mail'] },
  { type: 'routing.dispute', label: { zh: '归属争议', en: 'It is disputed whose lead it is' }, channels: ['inbox', 'mail'] },
  {
    type: 'routing.auto-offline',
    label: { zh: '因超时被设为离线', en: 'Taken offline after missed deadlines' },
    channels: ['inbox', 'chat'],
  },
  {
    type: 'routing.leave-question',
    label: { zh: '请假结束，线索去留待定', en: 'Leads of a leave wait for a decision' },
    channels: ['inbox', 'mail'],
  },
  { type: 'routing.fairness-question', label: { zh: '对份额有疑问', en: 'A question about a share' }, channels: ['inbox', 'mail'] },
  { type: 'routing.nobody', label: { zh: '分配规则没有可用人选', en: 'A routing rule finds nobody' }, channels: ['inbox', 'mail'] },
];
