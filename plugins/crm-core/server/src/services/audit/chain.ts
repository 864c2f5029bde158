import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { many, one } from '../rows';
import { forgedErasures } from './rewrite';
import { rowHash } from './row-hash';

const START = '0'.repeat(64);
const BATCH = 5000;
/** A transaction may commit a little after the instant it writes: a day is sealed an hour after its end. */
const GRACE_MS = 3_600_000;

export interface AuditDay {
  readonly day: string;
  readonly events: number;
  readonly firstId: number;
  readonly lastId: number;
  readonly previous: string;
  readonly hash: string;
  readonly sealedAt: Date;
}

type Content = Pick<AuditDay, 'events' | 'firstId' | 'lastId' | 'hash'> & { readonly erased: number };

interface HashedRow {
  readonly id: string;
  readonly hash: string;
  /** Of an event from which values were erased: its hash as it was written, and the hash it should have now. */
  readonly digest: string | null;
  readonly remains: string | null;
}

const EVENTS_OF_DAY = `
  SELECT e.id, ${rowHash('e')} AS hash, first.digest, last.remains FROM crm_events e
  LEFT JOIN LATERAL (SELECT x.digest FROM crm_event_erasures x WHERE x.event_id = e.id AND x.erasure_id <> ALL(?::int[]) ORDER BY x.erasure_id LIMIT 1) first ON true
  LEFT JOIN LATERAL (SELECT x.remains FROM crm_event_erasures x WHERE x.event_id = e.id AND x.erasure_id <> ALL(?::int[]) ORDER BY x.erasure_id DESC LIMIT 1) last ON true
  WHERE (e.at AT TIME ZONE 'UTC')::date = ?::date AND e.id > ? ORDER BY e.id LIMIT ${BATCH}`;

/**
 * The seal of one day: SHA-256 over the seal before it, the day, and the SHA-256 of each event in order. An event from which personal values
 * were erased stands with the hash it had, as long as it says exactly what the erasure left. Null for a day without events.
 * @param forged erasures that do not count
 */
export async function hashDay(
  db: Knex | Knex.Transaction,
  day: string,
  previous: string,
  forged: readonly number[] = [],
): Promise<Content | null> {
  const seal = createHash('sha256').update(`${previous}\n${day}\n`);
  let [events, firstId, lastId, erased] = [0, 0, 0, 0];
  for (;;) {
    const rows = await many<HashedRow>(db, EVENTS_OF_DAY, [[...forged], [...forged], day, lastId]);
    for (const { id, hash, digest, remains } of rows) {
      const kept = digest !== null && remains === hash;
      seal.update(kept ? digest : hash);
      if (kept) erased += 1;
      if (events === 0) firstId = Number(id);
      lastId = Number(id);
      events += 1;
    }
    if (rows.length < BATCH) break;
  }
  return events === 0 ? null : { events, firstId, lastId, erased, hash: seal.digest('hex') };
}

const lastSeal = (db: Knex | Knex.Transaction): Promise<{ day: string; hash: string } | null> =>
  one(db, 'SELECT day::text, hash FROM crm_audit_days ORDER BY day DESC LIMIT 1');

/** Seals every day that is over and has events. Two nodes that do it at once do it once. Returns the days sealed now. */
export async function sealDays(db: Knex, now: Date): Promise<string[]> {
  return db.transaction(async (trx) => {
    await trx.raw(`SELECT pg_advisory_xact_lock(hashtext('crm_audit'))`);
    const last = await lastSeal(trx);
    const today = new Date(now.getTime() - GRACE_MS).toISOString().slice(0, 10);
    const days = await many<{ day: string }>(
      trx,
      `SELECT DISTINCT (at AT TIME ZONE 'UTC')::date::text AS day FROM crm_events
       WHERE (at AT TIME ZONE 'UTC')::date < ?::date AND (?::date IS NULL OR (at AT TIME ZONE 'UTC')::date > ?::date) ORDER BY 1`,
      [today, last?.day ?? null, last?.day ?? null],
    );
    let previous = last?.hash ?? START;
    for (const { day } of days) {
      const content = await hashDay(trx, day, previous);
      if (!content) continue;
      await trx('crm_audit_days').insert({
        day,
        events: content.events,
        first_id: content.firstId,
        last_id: content.lastId,
        previous,
        hash: content.hash,
        sealed_at: now,
      });
      previous = content.hash;
    }
    return days.map(({ day }) => day);
  });
}

export interface DayVerdict {
  readonly day: string;
  readonly ok: boolean;
  /** `CHAIN_BROKEN`: not the seal that follows the day before; `EVENTS_CHANGED`: the events are not those that were sealed. */
  readonly reason: 'CHAIN_BROKEN' | 'EVENTS_CHANGED' | null;
  readonly sealed: number;
  readonly found: number;
  /** Events from which personal values were erased by right; they are whole otherwise. */
  readonly erased: number;
}

/** Computes the seals again from the first day on and compares. @param from first day to look at; the seal before it is taken as it stands */
export async function verifyDays(db: Knex, from: string | null): Promise<{ readonly days: readonly DayVerdict[]; readonly ok: boolean }> {
  const days = await many<AuditDay>(
    db,
    `SELECT day::text, events, previous, hash, first_id AS "firstId", last_id AS "lastId", sealed_at AS "sealedAt" FROM crm_audit_days
     WHERE ?::date IS NULL OR day >= ?::date ORDER BY day`,
    [from, from],
  );
  const forged = await forgedErasures(db);
  let previous = from === null ? START : (days[0]?.previous ?? START);
  const verdicts: DayVerdict[] = [];
  for (const day of days) {
    const content = await hashDay(db, day.day, day.previous, forged);
    const reason = day.previous !== previous ? 'CHAIN_BROKEN' : content?.hash !== day.hash ? 'EVENTS_CHANGED' : null;
    verdicts.push({
      day: day.day,
      ok: reason === null,
      reason,
      sealed: day.events,
      found: content?.events ?? 0,
      erased: content?.erased ?? 0,
    });
    previous = day.hash;
  }
  return { days: verdicts, ok: verdicts.every(({ ok }) => ok) };
}
