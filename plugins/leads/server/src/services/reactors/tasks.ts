import { calendarTime } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import type { Entry, Reactor, WorkingSet } from '../../../../contracts';
import { isFollowUp } from '../apply/changes';
import { ownersOf } from '../apply/owners';
import { closedStages } from '../stages';

const FIRST_CONTACT_SECONDS = 4 * 3600;
type Calendar = NonNullable<Awaited<ReturnType<Kit['calendar']>>>;

/** By the working time of the new owner: his calendar, else his team's, else the company's. No statement of its own where the owners were asked for before. */
async function firstContactDates(set: WorkingSet, owners: readonly number[]): Promise<(owner: number) => Date> {
  const plain = new Date(set.now.getTime() + FIRST_CONTACT_SECONDS * 1000);
  if (owners.length === 0) return () => plain;
  const known = await ownersOf(set, owners);
  const dueIn = (calendar: Calendar | null): Date => {
    const due = calendar ? calendarTime.add(calendar, set.now, FIRST_CONTACT_SECONDS) : null;
    return due?.ok ? due.at : plain;
  };
  const company = await set.kit.calendar(null);
  const byKey = new Map<string | null, Date>([[null, dueIn(company)]]);
  for (const { calendarKey: key } of known.values()) if (!byKey.has(key)) byKey.set(key, dueIn((await set.kit.calendar(key)) ?? company));
  return (owner) => {
    const one = known.get(owner);
    return one ? (byKey.get(one.calendarKey) ?? plain) : plain;
  };
}

const isNewOwner = ({ row, before }: Entry): boolean => row.owner_id !== null && row.owner_id !== (before?.owner_id ?? null);

/** Up to so many leads given to a person at once he is told of each; of more he is told once. */
const TOLD_ONE_BY_ONE = 20;

/** Tells people of the leads somebody else gave them. */
function tellOwners(set: WorkingSet, given: ReadonlyMap<number, readonly Entry[]>): void {
  for (const [memberId, entries] of given) {
    const notice = { memberId, type: 'lead.assigned' };
    if (entries.length > TOLD_ONE_BY_ONE) {
      const title = { zh: `收到 ${entries.length} 条新线索`, en: `${entries.length} new leads` };
      set.notify({ ...notice, title, link: `/leads?filter=${encodeURIComponent(JSON.stringify({ owner: memberId }))}&page=1` });
      continue;
    }
    for (const { id, row } of entries) {
      const name = row.name ?? row.company ?? `#${id}`;
      set.notify({
        ...notice,
        subject: 'lead',
        subjectId: id,
        title: { zh: `新线索：${name}`, en: `New lead: ${name}` },
        link: `/leads/${id}`,
      });
    }
  }
}

/** Work for the owner: a first contact after every new owner, the next action that was promised, nothing left open when the lead leaves him. */
export const tasksReactor: Reactor = {
  stage: 'tasks',
  name: 'tasks',
  run: async (set) => {
    const closed = await closedStages(set.kit);
    const firstContactBy = await firstContactDates(
      set,
      set.entries.flatMap((entry) => (isNewOwner(entry) && entry.row.owner_id !== null ? [entry.row.owner_id] : [])),
    );
    const given = new Map<number, Entry[]>();
    for (const entry of set.entries) {
      const { id, row, before, changed, activities } = entry;
      const owner = row.owner_id;
      const newOwner = isNewOwner(entry);
      // A plugin that has a rule of its own for open tasks (the pools) says so.
      const keeps = entry.asks.has('tasks:keep');
      if (owner === null || closed.includes(row.stage)) {
        if ((before?.owner_id ?? null) !== null && !(keeps && owner === null))
          set.closeTasks(id, closed.includes(row.stage) ? 'done' : 'cancelled');
        continue;
      }
      if (newOwner) {
        if (before !== null && !keeps) set.closeTasks(id, 'cancelled');
        set.task(id, {
          kind: 'call',
          key: 'first-contact',
          ownerId: owner,
          dueAt: firstContactBy(owner),
          title: { zh: '首次联系', en: 'First contact' },
        });
        if (set.actorOf(id).memberId !== owner) {
          const known = given.get(owner);
          if (known) known.push(entry);
          else given.set(owner, [entry]);
        }
      }
      if (
        activities.some((activity) =>
          isFollowUp({ kind: activity.kind, direction: activity.direction, automatic: activity.automatic, bulk: activity.bulk }),
        )
      ) {
        set.closeTasks(id, 'done', ['first-contact', 'next-action']);
      }
      const next = row.next_action_at;
      if (next !== null && (changed.has('next_action_at') || (newOwner && next.getTime() > set.now.getTime()))) {
        set.task(id, {
          kind: 'call',
          key: 'next-action',
          ownerId: owner,
          dueAt: next,
          title: { zh: '约定的下一步', en: 'Agreed next step' },
        });
      } else if (next === null && changed.has('next_action_at') && before !== null) {
        set.closeTasks(id, 'cancelled', ['next-action']);
      }
    }
    tellOwners(set, given);
  },
};
