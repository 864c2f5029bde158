import type { FairPlay, FairPlayPattern } from '../../../contracts';

export interface FairPlayQuestion {
  readonly from: Date;
  readonly to: Date;
  /** Home pools that are looked at. */
  readonly pools: readonly number[];
  readonly settings: FairPlay;
}
interface Statement {
  readonly sql: string;
  readonly bindings: Readonly<Record<string, unknown>>;
}

/** An outbound piece of work of a person on one lead, as against bulk edits and what the product sends. */
const WORK = `a.direction = 'outbound' AND a.member_id IS NOT NULL AND a.kind <> 'note' AND NOT coalesce(a.automatic, false) AND NOT coalesce(a.bulk, false)`;
const IN_POOLS = (lead: string): string =>
  `EXISTS (SELECT 1 FROM crm_leads l WHERE l.id = ${lead} AND (l.home_pool_id = ANY(:pools::int[]) OR l.pool_id = ANY(:pools::int[])))`;
const EVIDENCE = (id: string, lead: string, at: string, text: string): string =>
  `jsonb_build_object('event', ${id}, 'lead', ${lead}, 'at', ${at}, 'text', ${text})`;

/** What each kind of follow-up looks like that is none. The same text is used to show it and to leave it out of what counts. */
export const emptyWork = (settings: FairPlay): string =>
  `(coalesce(a.outcome, '') = '' AND coalesce(a.duration_seconds, 0) = 0 AND length(trim(coalesce(a.note, ''))) < ${settings.minNote})`;
export const shortCall = (settings: FairPlay): string =>
  `(a.kind = 'call' AND a.outcome = 'connected' AND a.duration_seconds IS NOT NULL AND a.duration_seconds < ${settings.minCallSeconds})`;
const TEXT = `lower(regexp_replace(coalesce(a.note, ''), '\\s+', '', 'g'))`;
/** The same words by the same person on so many leads within a day of this one. */
export const copiedWork = (settings: FairPlay): string =>
  `(length(trim(coalesce(a.note, ''))) >= ${Math.max(1, settings.minNote)} AND ${settings.copies} <= (
     SELECT count(DISTINCT x.lead_id) FROM crm_activities x WHERE x.member_id = a.member_id AND x.occurred_at BETWEEN a.occurred_at - interval '1 day' AND a.occurred_at + interval '1 day'
       AND x.note = a.note AND NOT coalesce(x.automatic, false)))`;

const grouped = (which: string, least: number): string => `
  SELECT a.member_id AS member, '{}'::int[] AS others, array_agg(DISTINCT a.lead_id) AS leads, max(a.occurred_at) AS at, count(*)::int AS count,
         jsonb_agg(${EVIDENCE('a.id', 'a.lead_id', 'a.occurred_at', 'a.note')} ORDER BY a.id) AS evidence
  FROM crm_activities a WHERE a.occurred_at >= :from AND a.occurred_at < :to AND ${WORK} AND ${which} AND ${IN_POOLS('a.lead_id')}
  GROUP BY a.member_id, date_trunc('day', a.occurred_at) HAVING count(*) >= ${least}`;

/** Leads kept for somebody who is away, by a hand-over or by his leave: no game. */
const NO_LEAVE = `e.data->>'handover' IS NULL AND e.data->>'leave' IS NULL`;

/** A piece of history in which somebody holds the lead; hand-overs for leave are no game. */
const HANDS = `
  SELECT e.id, e.subject_id AS lead, e.at, e.type, (e.after->>'owner')::int AS owner FROM crm_events e
  WHERE e.subject = 'lead' AND e.type = ANY(:hands::text[]) AND e.at >= :since AND e.at < :to AND e.after->>'owner' IS NOT NULL
    AND e.after->>'owner' IS DISTINCT FROM e.before->>'owner' AND ${NO_LEAVE} AND ${IN_POOLS('e.subject_id')}`;

const QUERIES: Readonly<Record<FairPlayPattern, (settings: FairPlay) => string>> = {
  swap: () => `
    WITH h AS (${HANDS}), s AS (
      SELECT *, lag(owner, 1) OVER w AS mid, lag(owner, 2) OVER w AS first, lag(at, 2) OVER w AS first_at, lag(at, 1) OVER w AS mid_at,
             lag(id, 1) OVER w AS mid_id, lag(id, 2) OVER w AS first_id FROM h WINDOW w AS (PARTITION BY lead ORDER BY id))
    SELECT owner AS member, ARRAY[mid] AS others, ARRAY[lead] AS leads, at, 1 AS count,
           jsonb_build_array(${EVIDENCE('first_id', 'lead', 'first_at', 'NULL::text')}, ${EVIDENCE('mid_id', 'lead', 'mid_at', 'NULL::text')}, ${EVIDENCE('id', 'lead', 'at', 'type')}) AS evidence
    FROM s WHERE owner = first AND mid <> owner AND at >= :from AND at - first_at <= make_interval(days => 30)
      AND NOT EXISTS (SELECT 1 FROM crm_activities a WHERE a.lead_id = s.lead AND a.member_id = s.mid AND a.occurred_at BETWEEN s.mid_at AND s.at AND a.outcome = ANY(:contacts::text[]))`,
  reclaim: (settings) => `
    SELECT (c.after->>'owner')::int AS member, '{}'::int[] AS others, ARRAY[c.subject_id] AS leads, c.at, 1 AS count,
           jsonb_build_array(${EVIDENCE('r.id', 'c.subject_id', 'r.at', "r.data->>'reason'")}, ${EVIDENCE('c.id', 'c.subject_id', 'c.at', 'c.type')}) AS evidence
    FROM crm_events c JOIN LATERAL (
      SELECT e.id, e.at, e.type, e.before, e.data FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = c.subject_id AND e.id < c.id AND jsonb_exists(e.after, 'owner')
      ORDER BY e.id DESC LIMIT 1) r ON r.type = 'lead.released' AND r.before->>'owner' = c.after->>'owner' AND r.data->>'via' IS NULL
    WHERE c.subject = 'lead' AND c.type = 'lead.claimed' AND c.at >= :from AND c.at < :to
      AND c.at - r.at <= make_interval(days => ${Math.max(1, settings.sameHoldingDays)}) AND ${IN_POOLS('c.subject_id')}`,
  'empty-follow-up': (settings) => grouped(emptyWork(settings), 2),
  'copied-follow-up': (settings) => `
    SELECT a.member_id AS member, '{}'::int[] AS others, array_agg(DISTINCT a.lead_id) AS leads, max(a.occurred_at) AS at, count(*)::int AS count,
           jsonb_agg(${EVIDENCE('a.id', 'a.lead_id', 'a.occurred_at', 'a.note')} ORDER BY a.id) AS evidence
    FROM crm_activities a WHERE a.occurred_at >= :from AND a.occurred_at < :to AND ${WORK} AND length(trim(coalesce(a.note, ''))) >= ${Math.max(1, settings.minNote)} AND ${IN_POOLS('a.lead_id')}
    GROUP BY a.member_id, date_trunc('day', a.occurred_at), ${TEXT} HAVING count(DISTINCT a.lead_id) >= ${settings.copies}`,
  'short-call': (settings) => grouped(shortCall(settings), 2),
  'transfer-before-recycle': (settings) => `
    SELECT (e.before->>'owner')::int AS member, ARRAY[(e.after->>'owner')::int] AS others, ARRAY[e.subject_id] AS leads, e.at, 1 AS count,
           jsonb_build_array(${EVIDENCE('e.id', 'e.subject_id', 'e.at', "e.before->>'recycleAt'")}) AS evidence
    FROM crm_events e WHERE e.subject = 'lead' AND e.type = 'lead.transferred' AND e.at >= :from AND e.at < :to AND ${NO_LEAVE}
      AND e.before->>'recycleAt' IS NOT NULL AND e.before->>'owner' IS NOT NULL
      AND (e.before->>'recycleAt')::timestamptz - e.at <= make_interval(hours => ${settings.beforeRecycleHours}) AND ${IN_POOLS('e.subject_id')}`,
  'midnight-hoard': (settings) => `
    SELECT e.actor_id AS member, '{}'::int[] AS others, array_agg(DISTINCT e.subject_id) AS leads, max(e.at) AS at, count(*)::int AS count,
           jsonb_agg(${EVIDENCE('e.id', 'e.subject_id', 'e.at', 'NULL::text')} ORDER BY e.id) AS evidence
    FROM crm_events e JOIN crm_members m ON m.id = e.actor_id WHERE e.subject = 'lead' AND e.type = 'lead.claimed' AND e.at >= :from AND e.at < :to
      AND (e.at AT TIME ZONE coalesce(m.time_zone, 'Asia/Shanghai'))::time >= '23:30' AND ${IN_POOLS('e.subject_id')}
    GROUP BY e.actor_id, (e.at AT TIME ZONE coalesce(m.time_zone, 'Asia/Shanghai'))::date HAVING count(*) >= ${settings.hoard}`,
  // Judged to be somebody else, or gone meanwhile: nothing is told. Both leads are named, and why they are thought to be one.
  'pool-duplicate': () => `
    SELECT c.member_id AS member, '{}'::int[] AS others, ARRAY[c.lead_id, c.original_id] AS leads, c.at, 1 AS count, c.state = 'suspected' AS open,
           jsonb_build_array(${EVIDENCE('NULL::bigint', 'c.lead_id', 'c.at', "'created'")}, ${EVIDENCE('NULL::bigint', 'c.original_id', 'c.at', "'in the pool'")}) AS evidence
    FROM crm_pool_copies c WHERE c.pool_id = ANY(:pools::int[]) AND c.state IN ('suspected', 'confirmed') AND c.at >= :from AND c.at < :to`,
};

const HAND_EVENTS = ['lead.claimed', 'lead.assigned', 'lead.transferred', 'lead.routed', 'lead.rerouted'];
const CONTACTS = ['connected', 'replied', 'held', 'met'];
const LOOK_BACK_MS = 30 * 86_400_000;
const MOST = 500;

/** One set-based statement per pattern over a window of events; named bindings. */
export const fairPlayStatement = (pattern: FairPlayPattern, { from, to, pools, settings }: FairPlayQuestion): Statement => ({
  sql: `SELECT * FROM (${QUERIES[pattern](settings)}) f WHERE f.member IS NOT NULL ORDER BY f.at DESC LIMIT ${MOST}`,
  bindings: { from, to, since: new Date(from.getTime() - LOOK_BACK_MS), pools: [...pools], hands: HAND_EVENTS, contacts: CONTACTS },
});
