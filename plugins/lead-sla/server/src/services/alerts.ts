import { many, type LocalisedText } from '@leadsea/crm-core';
import type { WorkingSet } from '@leadsea/leads';

const ALERTS = {
  'sla.blocked': {
    title: { zh: '有时钟无法计时：日历没有工作时间', en: 'A clock cannot be measured: its calendar has no working time' },
    body: { zh: '请检查合约所用的日历。', en: 'Check the calendar that the contract uses.' },
  },
  'sla.provisional': {
    title: { zh: '截止时间为暂定：节假日数据缺失', en: 'Deadlines are provisional: holiday data is missing' },
    body: {
      zh: '下一年的节假日安排尚未公布，暂按周历计算。',
      en: 'The holidays of a coming year are not announced yet; weekdays were used.',
    },
  },
} as const satisfies Record<string, { title: LocalisedText; body: LocalisedText }>;

/** tells the administrators once, until they have read it. */
export async function alertAdministrators(set: WorkingSet, type: keyof typeof ALERTS): Promise<void> {
  const members = await many<{ id: number }>(
    set.trx,
    `SELECT m.id FROM crm_members m WHERE m.active AND jsonb_exists(m.roles::jsonb, 'crm-admin')
       AND NOT EXISTS (SELECT 1 FROM crm_notifications n WHERE n.member_id = m.id AND n.type = ? AND n.read_at IS NULL)`,
    [type],
  );
  for (const { id } of members) set.notify({ memberId: id, type, ...ALERTS[type], link: '/sla-contracts' });
}
