import type { NoticeType } from '@leadsea/crm-core';

/** What this plugin tells people, and by which channels unless the company or the person chooses otherwise. */
export const SLA_NOTICES: readonly NoticeType[] = [
  { type: 'sla.warn', label: { zh: '时限将至', en: 'A deadline is near' }, channels: ['inbox', 'chat'] },
  { type: 'sla.breach', label: { zh: '已超时', en: 'A deadline was missed' }, channels: ['inbox', 'mail', 'chat'], urgent: true },
  { type: 'sla.exhausted', label: { zh: '多次转派仍超时', en: 'Passed on as often as allowed' }, channels: ['inbox', 'mail'] },
  { type: 'sla.kept', label: { zh: '代管线索超时待决定', en: 'Missed while kept for somebody away' }, channels: ['inbox', 'mail'] },
  { type: 'sla.met', label: { zh: '按时完成', en: 'A deadline was met' } },
  { type: 'sla.pause-limit', label: { zh: '暂停已达上限', en: 'A pause has reached its limit' }, channels: ['inbox', 'chat'] },
  { type: 'sla.digest', label: { zh: '停机期间的时限汇总', en: 'Deadlines while the system was away' }, channels: ['inbox', 'mail'] },
  { type: 'sla.blocked', label: { zh: '时钟无法计时', en: 'A clock cannot be measured' }, channels: ['inbox', 'mail'] },
  { type: 'sla.provisional', label: { zh: '截止时间为暂定', en: 'Deadlines are provisional' } },
  { type: 'sla.holidays', label: { zh: '节假日安排缺失', en: 'Holidays are missing' }, channels: ['inbox', 'mail'] },
  { type: 'sla.sign', label: { zh: '合约待签署', en: 'A contract waits for your signature' }, channels: ['inbox', 'mail'] },
  { type: 'sla.published', label: { zh: '合约已生效', en: 'A contract is in force' }, channels: ['inbox', 'mail'] },
  { type: 'sla.review', label: { zh: '合约待复核', en: 'A contract is due for review' }, channels: ['inbox', 'mail'] },
  { type: 'sla.dispute', label: { zh: '超时争议待裁定', en: 'A disputed miss needs a decision' }, channels: ['inbox', 'mail'] },
  { type: 'sla.given-back', label: { zh: '线索已退还', en: 'A lead went back to its former owner' }, channels: ['inbox', 'chat'] },
  { type: 'sla.obligation', label: { zh: '跟进义务未完成', en: 'An obligation was not kept' }, channels: ['inbox', 'chat'] },
  { type: 'sla.period', label: { zh: '周期义务结果', en: 'Result of a period' }, channels: ['inbox', 'mail'] },
  { type: 'sla.hand-off', label: { zh: '移交超期未答复', en: 'An offer was not answered' }, channels: ['inbox', 'chat'] },
];
