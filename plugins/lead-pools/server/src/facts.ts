import { calendarTime, facts } from '@leadsea/crm-core';
import type { Kit, LocalisedText } from '@leadsea/crm-core';

const l = (zh: string, en: string): LocalisedText => ({ zh, en });

/** What pools know of a lead, for conditions, lists and reports. */
export function registerPoolFacts(kit: Kit): void {
  kit.conditions.addFacts([
    ...facts.factsFromColumns('lead', [
      { name: 'homePool', type: 'reference', label: l('归属公海', 'Home pool'), column: 'home_pool_id', reference: 'pools' },
      { name: 'poolEnteredAt', type: 'date', label: l('进入公海时间', 'In pool since') },
      { name: 'recycleAt', type: 'date', label: l('回收时间', 'Recycled on') },
      { name: 'protectedUntil', type: 'date', label: l('保护至', 'Protected until') },
      { name: 'effectiveFollowUpAt', type: 'date', label: l('最近有效跟进', 'Last effective follow-up') },
    ]),
    facts.sinceFact({
      subject: 'lead',
      key: 'since.effectiveFollowUp',
      label: l('距上次有效跟进', 'Time since effective follow-up'),
      column: 'effective_follow_up_at',
    }),
    facts.sinceFact({ subject: 'lead', key: 'since.poolEntered', label: l('在公海时长', 'Time in the pool'), column: 'pool_entered_at' }),
  ]);
  kit.resources.extend('leads', {
    fields: [
      {
        name: 'effectiveFollowUpAt',
        type: 'datetime',
        label: l('最近有效跟进', 'Last effective follow-up'),
        sortable: true,
        filterable: true,
      },
    ],
    decorate: async ({ now }, rows) => {
      const calendar = await kit.calendar(null);
      for (const row of rows) {
        if (typeof row['recycleAt'] !== 'string') continue;
        const at = new Date(row['recycleAt']);
        const seconds = Math.max(0, Math.floor((at.getTime() - now.getTime()) / 1000));
        row['recycleIn'] = { seconds, businessSeconds: calendar ? calendarTime.elapsed(calendar, now, at) : seconds };
      }
    },
  });
}
