import type { Knex } from 'knex';
import type { NoticeInput } from '../../../contracts';

/** Writes in-app notices in the change's transaction and tells the live stream of the members concerned. */
export async function insertNotices(trx: Knex.Transaction, notices: readonly NoticeInput[], now: Date): Promise<void> {
  if (notices.length === 0) return;
  await trx.raw(
    `INSERT INTO crm_notifications (member_id, type, subject, subject_id, title, body, link, at)
     SELECT n."memberId", n.type, n.subject, n."subjectId", n.title, n.body, n.link, ?
     FROM jsonb_to_recordset(?::jsonb) AS n("memberId" int, type text, subject text, "subjectId" int, title jsonb, body jsonb, link text)`,
    [now, JSON.stringify(notices)],
  );
  const members = [...new Set(notices.map((notice) => notice.memberId))];
  await trx.raw(`SELECT pg_notify('crm_notices', ?)`, [JSON.stringify(members.slice(0, 500))]);
}
