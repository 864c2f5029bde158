import { calendarTime, many, type CalendarSpec, type Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';

const KEY = 'sla-holidays';

/** on 1 November the notice of the coming year should be out; from then on administrators hear every week that it is not. */
function nextCheck(now: Date): Date {
  const november = new Date(Date.UTC(now.getUTCFullYear(), 10, 1, 1));
  return now < november ? november : new Date(now.getTime() + 7 * 86_400_000);
}

/** Calendars by law whose coming year is not announced. */
export async function unannounced(kit: Kit, now: Date): Promise<readonly { readonly key: string; readonly year: number }[]> {
  const year = now.getUTCFullYear() + 1;
  const live = await kit.policies.live<CalendarSpec>('calendar');
  const calendars = await Promise.all(live.map((version) => kit.calendar(version.key)));
  const from = new Date(Date.UTC(year, 5, 1));
  return calendars.flatMap((calendar) =>
    calendar?.feed && calendarTime.isProvisional(calendar, from, from) ? [{ key: calendar.key, year }] : [],
  );
}

/** Tells administrators which calendars lack the coming year, and arms the next check. */
export async function checkHolidays(kit: Kit, trx: Knex.Transaction, now: Date): Promise<void> {
  const missing = now.getUTCMonth() >= 10 ? await unannounced(kit, now) : [];
  const [first] = missing;
  if (first) {
    const admins = await many<{ id: number }>(
      trx,
      `SELECT id FROM crm_members WHERE active AND jsonb_exists(coalesce(roles, '[]')::jsonb, 'crm-admin')`,
      [],
    );
    const names = missing.map(({ key }) => key).join(', ');
    await kit.notify(
      trx,
      admins.map(({ id }) => ({
        memberId: id,
        type: 'sla.holidays',
        title: { zh: `${first.year} 年节假日安排尚未录入`, en: `The holidays of ${first.year} are missing` },
        body: {
          zh: `日历：${names}。涉及该年的截止时间按周历暂定。`,
          en: `Calendars: ${names}. Deadlines that reach that year are provisional.`,
        },
        link: '/setup/calendars',
      })),
      now,
    );
  }
  await kit.timers.arm(trx, [{ kind: 'sla.holidays', key: KEY, subject: 'sla', subjectId: 0, dueAt: nextCheck(now) }], now);
}

/** Arms the check once per installation; a restart does not tell anybody again. */
export async function watchHolidays(kit: Kit, now: Date): Promise<void> {
  await kit.db.transaction(async (trx) => {
    const armed = await many<{ id: number }>(trx, `SELECT id FROM crm_timers WHERE key = ? AND state = 'armed' LIMIT 1`, [KEY]);
    if (armed.length === 0) await checkHolidays(kit, trx, now);
  });
}
