import { many, type LocalisedText, type NoticeInput } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Clock } from '../domain/clock';
import { minutesInWords } from '../domain/words';

/** A lead as a notice names it, with the people it concerns. */
export interface Concerned {
  readonly id: number;
  readonly name: string | null;
  readonly company: string | null;
  readonly owner_id: number | null;
  readonly version: number;
}

/** Locks the leads of due clocks in id order, before their clocks: as every change set does. */
export const lockConcerned = (trx: Knex.Transaction, ids: readonly number[]): Promise<Concerned[]> =>
  many<Concerned>(
    trx,
    'SELECT id, name, company, owner_id, version FROM crm_leads WHERE id = ANY(?::int[]) ORDER BY id FOR NO KEY UPDATE',
    [[...new Set(ids)].sort((a, b) => a - b)],
  );

export async function managersOf(trx: Knex.Transaction, memberIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (memberIds.length === 0) return new Map();
  const rows = await many<{ id: number; manager_id: number }>(
    trx,
    'SELECT id, manager_id FROM crm_members WHERE id = ANY(?::int[]) AND manager_id IS NOT NULL',
    [[...new Set(memberIds)]],
  );
  return new Map(rows.map((row) => [row.id, row.manager_id]));
}

const nameOf = (lead: Concerned): string => lead.name ?? lead.company ?? `#${lead.id}`;

export interface Telling {
  readonly clock: Clock;
  readonly lead: Concerned;
  readonly type: 'sla.warn' | 'sla.breach' | 'sla.exhausted';
  /** Business seconds left, for a warning. */
  readonly remainingSeconds: number;
}

function words({ clock, lead, type, remainingSeconds }: Telling): { readonly title: LocalisedText; readonly body?: LocalisedText } {
  const name = nameOf(lead);
  const { label } = clock;
  switch (type) {
    case 'sla.warn': {
      const left = minutesInWords(Math.max(0, Math.ceil(remainingSeconds / 60)));
      return { title: { zh: `${name}：${label.zh}还剩 ${left.zh}`, en: `${name}: ${label.en}, ${left.en} left` } };
    }
    case 'sla.breach':
      return { title: { zh: `${name}：${label.zh}已超时`, en: `${name}: ${label.en} missed its deadline` } };
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
