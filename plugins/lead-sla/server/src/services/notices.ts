import { many, type LocalisedText, type NoticeInput } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Clock } from '../domain/clock';
import { clockInWords, minutesInWords } from '../domain/words';

/** A lead as a notice names it, with the people it concerns. */
export interface Concerned {
  readonly id: number;
  readonly name: string | null;
  readonly company: string | null;
  readonly owner_id: number | null;
  /** Whose lead it is, when its owner only keeps it for a leave. */
  readonly kept_for_id: number | null;
  readonly version: number;
  readonly team_id: number | null;
  /** a meeting is agreed for later. */
  readonly meeting: boolean;
  /** a miss of it is in dispute. */
  readonly disputed: boolean;
}

/** Locks the leads of due clocks in id order, before their clocks: as every change set does. */
export const lockConcerned = (trx: Knex.Transaction, ids: readonly number[], now: Date): Promise<Concerned[]> =>
  many<Concerned>(
    trx,
    `SELECT id, name, company, owner_id, kept_for_id, team_id, version,
       EXISTS (SELECT 1 FROM crm_tasks t WHERE t.lead_id = l.id AND t.state = 'open' AND t.kind IN ('meeting', 'visit')) AS meeting,
       EXISTS (SELECT 1 FROM crm_sla_disputes d WHERE d.lead_id = l.id AND d.frozen_until > ?) AS disputed
     FROM crm_leads l WHERE id = ANY(?::int[]) ORDER BY id FOR NO KEY UPDATE OF l`,
    [now, [...new Set(ids)].sort((a, b) => a - b)],
  );

export interface People {
  readonly managerOf: ReadonlyMap<number, number>;
  /** Everybody of the member's team. */
  readonly teamOf: ReadonlyMap<number, readonly number[]>;
}

type Actions = readonly { readonly kind: string }[];

/** Managers and teams of owners, as far as the actions ask for them; one statement. */
export async function peopleOf(
  trx: Knex.Transaction,
  asked: readonly { readonly owner: number | null; readonly actions: Actions }[],
): Promise<People> {
  const owners = [...new Set(asked.flatMap(({ owner }) => owner ?? []))];
  const rows =
    owners.length === 0 || asked.every(({ actions }) => actions.every((action) => action.kind === 'notify-owner'))
      ? []
      : await many<{ id: number; manager_id: number | null; mates: number[] | null }>(
          trx,
          `SELECT m.id, m.manager_id, (SELECT array_agg(o.id) FROM crm_members o WHERE o.team_id = m.team_id AND o.active) AS mates
           FROM crm_members m WHERE m.id = ANY(?::int[])`,
          [owners],
        );
  return {
    managerOf: new Map(rows.flatMap((row) => (row.manager_id === null ? [] : [[row.id, row.manager_id] as const]))),
    teamOf: new Map(rows.map((row) => [row.id, row.mates ?? []])),
  };
}

/** Whom the actions of a metric tell. */
export function recipients(actions: Actions, ownerId: number | null, people: People): (number | null | undefined)[] {
  if (ownerId === null) return [];
  return actions.flatMap((action) => {
    if (action.kind === 'notify-owner') return [ownerId];
    if (action.kind === 'notify-manager') return [people.managerOf.get(ownerId)];
    return action.kind === 'notify-team' ? [...(people.teamOf.get(ownerId) ?? [])] : [];
  });
}

/** Something to tell, to whom, and whether it is so old that a digest does. */
export interface Told {
  readonly telling: Telling;
  readonly to: readonly (number | null | undefined)[];
  readonly stale: boolean;
}

/** one notice per person for everything that should have been told long ago. */
export function digestsOf(told: readonly Told[]): NoticeInput[] {
  const byMember = new Map<number, Telling[]>();
  for (const { telling, to } of told) {
    for (const id of new Set(to)) {
      if (typeof id !== 'number') continue;
      const known = byMember.get(id);
      if (known) known.push(telling);
      else byMember.set(id, [telling]);
    }
  }
  return [...byMember].map(([memberId, tellings]): NoticeInput => {
    const missed = tellings.filter(({ type }) => type !== 'sla.warn').length;
    const names = [...new Set(tellings.map(({ lead }) => nameOf(lead)))].slice(0, 5).join('、');
    return {
      memberId,
      type: 'sla.digest',
      title: {
        zh: `系统停机期间：${missed} 个时限超时，${tellings.length - missed} 个即将超时`,
        en: `While the system was away: ${missed} missed, ${tellings.length - missed} close to the deadline`,
      },
      body: { zh: names, en: names.replaceAll('、', ', ') },
      link: '/sla/clocks',
    };
  });
}

const nameOf = (lead: Pick<Concerned, 'id' | 'name' | 'company'>): string => lead.name ?? lead.company ?? `#${lead.id}`;

export interface Telling {
  readonly clock: Clock;
  readonly lead: Pick<Concerned, 'id' | 'name' | 'company'>;
  readonly type: 'sla.warn' | 'sla.breach' | 'sla.kept' | 'sla.exhausted' | 'sla.pause-limit' | 'sla.met';
  /** Business seconds left, for a warning. */
  readonly remainingSeconds: number;
}

function words({ clock, lead, type, remainingSeconds }: Telling): { readonly title: LocalisedText; readonly body?: LocalisedText } {
  const name = nameOf(lead);
  const { label } = clock;
  switch (type) {
    case 'sla.warn': {
      if (remainingSeconds < 0)
        return {
          title: { zh: `${name}：${clockInWords(label, remainingSeconds).zh}`, en: `${name}: ${clockInWords(label, remainingSeconds).en}` },
        };
      const left = minutesInWords(Math.max(0, Math.ceil(remainingSeconds / 60)));
      return { title: { zh: `${name}：${label.zh}还剩 ${left.zh}`, en: `${name}: ${label.en}, ${left.en} left` } };
    }
    case 'sla.breach':
      return { title: { zh: `${name}：${label.zh}已超时`, en: `${name}: ${label.en} missed its deadline` } };
    case 'sla.kept':
      return {
        title: { zh: `${name}：代管期间超时，请决定如何处理`, en: `${name}: missed while it is kept for somebody away, please decide` },
        body: {
          zh: `${label.zh}已超时。负责人休假、线索由他人代管，不会自动改派。`,
          en: `${label.en} missed its deadline. The lead is kept for its owner, who is away, and is not passed on by itself.`,
        },
      };
    case 'sla.met':
      return { title: { zh: `${name}：${label.zh}按时完成`, en: `${name}: ${label.en} was met` } };
    case 'sla.pause-limit':
      return {
        title: {
          zh: `${name}：${label.zh}暂停已达上限，计时恢复`,
          en: `${name}: ${label.en} may not be paused any longer, the clock goes on`,
        },
      };
    case 'sla.exhausted':
      return {
        title: { zh: `${name}：多次超时，请处理`, en: `${name}: missed again and again, please take care of it` },
        body: {
          zh: `${label.zh}已改派 ${clock.hops} 次仍超时，不再自动改派。`,
          en: `${label.en}: passed on ${clock.hops} times and still missed. It is not passed on any more.`,
        },
      };
  }
}

/** One notice per person and clock. */
export function noticesFor(telling: Telling, recipients: readonly (number | null | undefined)[]): NoticeInput[] {
  const members = [...new Set(recipients.filter((id): id is number => typeof id === 'number'))];
  return members.map((memberId) => ({
    memberId,
    type: telling.type,
    subject: 'lead',
    subjectId: telling.lead.id,
    ...words(telling),
    link: `/leads/${telling.lead.id}`,
  }));
}
