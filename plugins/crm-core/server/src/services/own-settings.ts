import { z } from 'zod';
import { updateRow } from './rows';
import type { Actor, Kit } from '../../../contracts';

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** What a member may say about himself: whether he is there, his language and his zone. Teams, roles and capacity are not his to set. */
export const ownSettings = z
  .strictObject({
    presence: z.enum(['online', 'away', 'offline']).optional(),
    locale: z.enum(['zh', 'en']).optional(),
    timeZone: z.string().max(60).refine(isZone, 'is not a time zone').optional(),
  })
  .refine((values) => Object.keys(values).length > 0, 'must name a setting');

const COLUMNS = { presence: 'presence', locale: 'locale', timeZone: 'time_zone' } as const;

/** Changes the actor's own settings, tells the other nodes and keeps what was before. */
export async function saveOwnSettings(kit: Kit, actor: Actor, values: z.infer<typeof ownSettings>, now: Date): Promise<void> {
  const id = actor.memberId!;
  await kit.db.transaction(async (trx) => {
    const before = await trx<Record<string, unknown>>('crm_members').where({ id }).first();
    const columns = Object.fromEntries(Object.entries(values).map(([name, value]) => [COLUMNS[name as keyof typeof COLUMNS], value]));
    await updateRow(trx, 'crm_members', id, columns, now);
    const was = Object.fromEntries(Object.keys(values).map((name) => [name, before?.[COLUMNS[name as keyof typeof COLUMNS]] ?? null]));
    const told = { subject: 'member', subjectId: id, type: 'member.updated', before: was, after: values };
    await kit.events.append(trx, [told], actor, { type: 'profile' }, now);
    await trx.raw(`SELECT pg_notify('crm_members', '')`);
  });
}
