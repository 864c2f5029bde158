import { many, one, type Actor, type Kit, type NoticeType } from '@leadsea/crm-core';
import type { Knex } from 'knex';

export const UNUSUAL_REVEALS: NoticeType = {
  type: 'reveal.unusual',
  label: { zh: '联系方式查看次数异常', en: 'Unusually many contacts shown' },
  channels: ['inbox', 'mail'],
  urgent: true,
};

const DAYS = 30;
/** A person's own habit is the measure, but nobody is told of a handful. */
const TIMES = 5;
const LEAST = 30;

/** From how many reveals in 24 hours on it is unusual for somebody who made `before` of them in the thirty days before that. */
export const unusualFrom = (before: number): number => Math.max(LEAST, Math.ceil((before / DAYS) * TIMES));

/**
 * Tells those who may read the audit when somebody has more contact data shown within 24 hours than five times what is usual for him (15.5). Told
 * once, by the reveal that passes the mark, in its transaction; nothing is kept back by it, the quota of the role does that.
 * @param count reveals that are being made now, their events written
 */
export async function watchReveals(kit: Kit, trx: Knex.Transaction, actor: Actor, count: number, now: Date): Promise<void> {
  if (actor.kind !== 'member' || actor.memberId === null || count === 0) return;
  const row = await one<{ lately: number; before: number }>(
    trx,
    `SELECT count(*) FILTER (WHERE at > ?::timestamptz - interval '24 hours')::int AS lately, count(*) FILTER (WHERE at <= ?::timestamptz - interval '24 hours')::int AS before
     FROM crm_events WHERE actor_id = ? AND type = 'lead.revealed' AND at > ?::timestamptz - interval '31 days'`,
    [now, now, actor.memberId, now],
  );
  const [lately, mark] = [row?.lately ?? 0, unusualFrom(row?.before ?? 0)];
  if (lately < mark || lately - count >= mark) return;
  const readers = await many<{ id: number }>(
    trx,
    `SELECT m.id FROM crm_members m WHERE m.active AND m.id <> ? AND EXISTS (
       SELECT 1 FROM crm_roles r WHERE jsonb_exists(coalesce(m.roles, '[]'), r.key) AND jsonb_exists(coalesce(r.resources -> 'audit' -> 'read', '[]'), 'all')) ORDER BY m.id`,
    [actor.memberId],
  );
  const data = { count: lately, usual: Math.round(((row?.before ?? 0) / DAYS) * 10) / 10 };
  await kit.events.append(
    trx,
    [{ subject: 'member', subjectId: actor.memberId, type: 'member.reveals_unusual', data }],
    actor,
    { type: 'reveal' },
    now,
  );
  await kit.notify(
    trx,
    readers.map(({ id }) => ({
      memberId: id,
      type: UNUSUAL_REVEALS.type,
      title: {
        zh: `${actor.name} 24 小时内查看了 ${lately} 条联系方式，平时每天 ${data.usual} 条`,
        en: `${actor.name} had ${lately} contacts shown in 24 hours; usual are ${data.usual} a day`,
      },
      link: `/setup/audit?type=lead.revealed&actor=${actor.memberId}`,
    })),
    now,
  );
}
