import { calendarTime } from '@leadsea/crm-core';
import type { Reactor } from '../../../../contracts';
import { isFollowUp } from '../apply/changes';

const FIRST_CONTACT_SECONDS = 4 * 3600;
const CLOSED_STAGES = new Set(['won', 'lost', 'disqualified']);

/** Work for the owner: a first contact after every new owner, the next action he has promised, nothing left open when the lead leaves him. */
export const tasksReactor: Reactor = {
  stage: 'tasks',
  name: 'tasks',
  run: async (set) => {
    const calendar = await set.kit.calendar(null);
    const due = calendar ? calendarTime.add(calendar, set.now, FIRST_CONTACT_SECONDS) : null;
    const firstContactBy = due?.ok ? due.at : new Date(set.now.getTime() + FIRST_CONTACT_SECONDS * 1000);
    for (const { id, row, before, changed, activities } of set.entries) {
      const owner = row.owner_id;
      const newOwner = owner !== null && owner !== (before?.owner_id ?? null);
      if (owner === null || CLOSED_STAGES.has(row.stage)) {
        if ((before?.owner_id ?? null) !== null) set.closeTasks(id, CLOSED_STAGES.has(row.stage) ? 'done' : 'cancelled');
        continue;
      }
      if (newOwner) {
        if (before !== null) set.closeTasks(id, 'cancelled');
        set.task(id, { kind: 'call', key: 'first-contact', ownerId: owner, dueAt: firstContactBy, title: { zh: '首次联系', en: 'First contact' } });
        if (set.actor.memberId !== owner) {
          set.notify({
            memberId: owner,
            type: 'lead.assigned',
            subject: 'lead',
            subjectId: id,
            title: { zh: `新线索：${row.name ?? row.company ?? `#${id}`}`, en: `New lead: ${row.name ?? row.company ?? `#${id}`}` },
            link: `/leads/${id}`,
          });
        }
      }
      if (activities.some((activity) => isFollowUp({ kind: activity.kind, direction: activity.direction, automatic: activity.automatic, bulk: activity.bulk }))) {
        set.closeTasks(id, 'done', ['first-contact', 'next-action']);
      }
      if (changed.has('next_action_at') && row.next_action_at !== null) {
        set.task(id, { kind: 'call', key: 'next-action', ownerId: owner, dueAt: row.next_action_at, title: { zh: '约定的下一步', en: 'Agreed next step' } });
      }
    }
  },
};
