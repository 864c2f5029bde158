import type { Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { flamesOf, starsOf } from '../domain/standing';
import type { ValueCount } from '../domain/standing';
import { bind, raw, sql } from '../sql/fragments';
import { rowsOf } from './evaluate';
import { ACCOUNTS_JOB } from './accounts';

/** Stars and flames of all leads, and the scores of companies that changed meanwhile. */
export const STANDING_JOB = 'grading.standing';
export const STANDING_TIMER = 'grading.standing';
const HOUR_MS = 3_600_000;
const RANGE = 20_000;

/** Leads that are worked or may be: graded, neither merged nor closed. A segment is one model version. */
const ACTIVE = `l.merged_into IS NULL AND l.score IS NOT NULL AND l.status = 'open'`;

interface Counted extends ValueCount {
  readonly segment: number;
}

const bySegment = (rows: readonly Counted[]): ReadonlyMap<number, readonly Counted[]> =>
  rows.reduce((map, row) => map.set(row.segment, [...(map.get(row.segment) ?? []), row]), new Map<number, Counted[]>());

/** Per segment and value its stars or flames, as rows of a lookup. */
function lookup(
  rows: readonly Counted[],
  of: (counts: readonly ValueCount[]) => ReadonlyMap<number, number>,
): { s: number; v: number; n: number }[] {
  return [...bySegment(rows)].flatMap(([segment, counts]) => [...of(counts)].map(([value, n]) => ({ s: segment, v: value, n })));
}

/** Each lead's score a week ago, where it changed since: what the first decision of the week says it held before. A new lead held 0. */
const weekAgo = (now: Date) =>
  sql`SELECT DISTINCT ON (subject_id) subject_id AS lead_id, coalesce((inputs->'before'->>'score')::int, 0) AS score FROM crm_decisions
    WHERE subject = 'lead' AND kind = 'grade' AND at > ${bind('timestamptz', now)} - interval '7 days' ORDER BY subject_id, id`;

/** Measures how scores and their changes are spread, and writes the stars and flames that changed, range by range. */
export async function placeLeads(kit: Kit, shouldStop: () => boolean): Promise<number> {
  const now = kit.clock.now();
  const scores = await rowsOf<Counted>(
    kit.db,
    sql`SELECT l.grade_version_id AS segment, l.score AS value, count(*)::int AS leads FROM crm_leads l WHERE ${raw(ACTIVE)} GROUP BY 1, 2`,
  );
  const rises = await rowsOf<Counted>(
    kit.db,
    sql`SELECT l.grade_version_id AS segment, l.score - w.score AS value, count(*)::int AS leads FROM crm_leads l JOIN (${weekAgo(now)}) w ON w.lead_id = l.id WHERE ${raw(ACTIVE)} GROUP BY 1, 2`,
  );
  const [stars, flames] = [lookup(scores, starsOf), lookup(rises, flamesOf)];
  const [ends] = await rowsOf<{ first: number | null; last: number | null }>(
    kit.db,
    sql`SELECT min(id) AS first, max(id) AS last FROM crm_leads`,
  );
  let changed = 0;
  for (let from = ends?.first ?? 1; from <= (ends?.last ?? 0) && !shouldStop(); from += RANGE) {
    const { rowCount } = await kit.db.raw<{ rowCount: number }>(
      ...statement(sql`UPDATE crm_leads t SET stars = p.stars, flames = p.flames FROM (
          SELECT l.id, s.n AS stars, coalesce(f.n, 0) AS flames FROM crm_leads l
          LEFT JOIN jsonb_to_recordset(${bind('jsonb', JSON.stringify(stars))}) s(s int, v int, n int) ON s.s = l.grade_version_id AND s.v = l.score
          LEFT JOIN (${weekAgo(now)}) w ON w.lead_id = l.id
          LEFT JOIN jsonb_to_recordset(${bind('jsonb', JSON.stringify(flames))}) f(s int, v int, n int) ON f.s = l.grade_version_id AND f.v = l.score - w.score
          WHERE l.id BETWEEN ${from} AND ${from + RANGE - 1} AND ${raw(ACTIVE)}) p
        WHERE t.id = p.id AND (t.stars, t.flames) IS DISTINCT FROM (p.stars, p.flames)`),
    );
    changed += rowCount;
  }
  return changed;
}

const statement = (query: { readonly sql: string; readonly bindings: readonly unknown[] }): [string, Knex.RawBinding[]] => [
  query.sql,
  query.bindings as Knex.RawBinding[],
];

/** Once an hour, from the moment the product starts. */
export async function armStanding(kit: Kit, trx: Knex.Transaction, now: Date): Promise<void> {
  const dueAt = new Date((Math.floor(now.getTime() / HOUR_MS) + 1) * HOUR_MS);
  await kit.timers.arm(trx, [{ kind: STANDING_TIMER, key: 'grading:standing', subject: 'grading', subjectId: 0, dueAt }], now);
}

export function handleStanding(kit: Kit): void {
  kit.jobs.handle(STANDING_JOB, async (job) => {
    await placeLeads(kit, () => job.shouldStop());
  });
  kit.timers.handle(STANDING_TIMER, async (trx, _due, now) => {
    await kit.jobs.enqueue(trx, [
      { kind: STANDING_JOB, payload: {}, key: STANDING_JOB },
      { kind: ACCOUNTS_JOB, payload: {}, key: ACCOUNTS_JOB },
    ]);
    await armStanding(kit, trx, now);
  });
  kit.onReady('lead-grading', () => kit.db.transaction((trx) => armStanding(kit, trx, kit.clock.now())));
}
