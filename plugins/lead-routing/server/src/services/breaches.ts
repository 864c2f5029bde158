import { many, one } from '@leadsea/crm-core';
import type { Kit, NoticeInput, TimerHandler } from '@leadsea/crm-core';
import type { WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { People } from './people';

const DAY_MS = 86_400_000;

export interface Missed {
  readonly member: number;
  readonly lead: number;
  /** so many in a rolling day take him offline; null = never. */
  readonly most: number | null;
  /** Who else could take leads of that policy. */
  readonly others: readonly number[];
}

const AVAILABLE = `SELECT count(*)::int AS n FROM crm_members m WHERE m.id = ANY(?::int[]) AND m.id <> ? AND coalesce(m.active, true)
  AND coalesce(m.presence, 'online') = 'online' AND NOT coalesce(m.leave_from <= ? AND m.leave_to > ?, false)
  AND NOT EXISTS (SELECT 1 FROM crm_leaves v WHERE v.member_id = m.id AND v.starts_at <= ? AND v.ends_at > ?)`;

/** The end of the local day, so that `next shift` is not the rest of the one in which he was taken offline. */
function nextDay(now: Date, zone: string): Date {
  const hour = Number(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hour12: false }).format(now)) % 24;
  return new Date(now.getTime() + (24 - hour) * 3_600_000);
}

async function takeOffline(kit: Kit, people: People, trx: Knex.Transaction, set: WorkingSet, missed: Missed): Promise<void> {
  const { now } = set;
  const row = await one<{ time_zone: string | null; manager_id: number | null; name: string }>(
    trx,
    `UPDATE crm_members SET presence = 'offline' WHERE id = ? AND coalesce(presence, 'online') = 'online' RETURNING time_zone, manager_id, name`,
    [missed.member],
  );
  if (!row) return;
  const backAt = await people.nextShift(trx, missed.member, nextDay(now, row.time_zone ?? 'Asia/Shanghai'));
  await trx.raw(
    `INSERT INTO crm_routing_presence (member_id, since, back_at) VALUES (?, ?, ?)
     ON CONFLICT (member_id) DO UPDATE SET since = excluded.since, back_at = excluded.back_at`,
    [missed.member, now, backAt],
  );
  if (backAt) {
    const subject = { kind: 'routing.back-online', key: `routing-back:${missed.member}`, subject: 'member', subjectId: missed.member };
    await kit.timers.arm(trx, [{ ...subject, dueAt: backAt, payload: { since: now.toISOString() } }], now);
  }
  const data = { breaches: missed.most, backAt };
  const event = { subject: 'member', subjectId: missed.member, type: 'member.auto_offline', after: { presence: 'offline' }, data };
  await kit.events.append(trx, [event], kit.actors.system('Routing'), { type: 'auto-offline' }, now);
  const told = { type: 'routing.auto-offline', subject: 'member', subjectId: missed.member };
  const notices: NoticeInput[] = [
    {
      ...told,
      memberId: missed.member,
      title: { zh: '多次超时，您已被设为离线', en: 'After several missed deadlines you were taken offline' },
      body: { zh: '可自行恢复在线，否则下个班次自动恢复。', en: 'Come back by your own switch, or with your next shift.' },
    },
    ...(row.manager_id === null
      ? []
      : [
          {
            ...told,
            memberId: row.manager_id,
            title: { zh: `${row.name} 因多次超时已离线`, en: `${row.name} was taken offline after missed deadlines` },
          },
        ]),
  ];
  await kit.notify(trx, notices, now);
}

/** notes missed deadlines; n of them in a rolling day take a person offline, never the last one who could take leads. */
export async function noteBreaches(
  kit: Kit,
  people: People,
  trx: Knex.Transaction,
  set: WorkingSet,
  missed: readonly Missed[],
): Promise<void> {
  if (missed.length === 0) return;
  const { now } = set;
  const counts = await many<{ member_id: number; n: number }>(
    trx,
    `WITH noted AS (INSERT INTO crm_routing_breaches (member_id, lead_id, at) SELECT b.member, b.lead, ? FROM jsonb_to_recordset(?::jsonb) AS b(member int, lead int) RETURNING member_id)
     SELECT m.member_id, (m.fresh + (SELECT count(*) FROM crm_routing_breaches b WHERE b.member_id = m.member_id AND b.at > ?))::int AS n
     FROM (SELECT member_id, count(*) AS fresh FROM noted GROUP BY 1) m`,
    [now, JSON.stringify(missed), new Date(now.getTime() - DAY_MS)],
  );
  const byMember = new Map(counts.map((row) => [row.member_id, row.n]));
  const done = new Set<number>();
  for (const one_ of missed) {
    if (one_.most === null || done.has(one_.member) || (byMember.get(one_.member) ?? 0) < one_.most) continue;
    done.add(one_.member);
    const left = await one<{ n: number }>(trx, AVAILABLE, [[...one_.others], one_.member, now, now, now, now]);
    if ((left?.n ?? 0) > 0) await takeOffline(kit, people, trx, set, one_);
  }
}

/** `routing.back-online`: the next shift of a person whom missed deadlines took offline begins. */
export const backOnline =
  (kit: Kit): TimerHandler =>
  async (trx, due, now) => {
    for (const timer of due) {
      const { since } = timer.payload as { since?: string };
      const row = await one<{ member_id: number }>(
        trx,
        'DELETE FROM crm_routing_presence WHERE member_id = ? AND since = ?::timestamptz RETURNING member_id',
        [timer.subjectId, since ?? now],
      );
      if (!row) continue;
      await trx.raw(`UPDATE crm_members SET presence = 'online' WHERE id = ? AND presence = 'offline'`, [row.member_id]);
      const event = { subject: 'member', subjectId: row.member_id, type: 'member.back_online', after: { presence: 'online' } };
      await kit.events.append(trx, [event], kit.actors.system('Routing'), { type: 'timer', id: 'routing.back-online' }, now);
    }
  };
