import { many } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import type { Told } from '../domain/story';

/** What a back-test wants to know of the past of leads and accounts: who held them, and what their values were. */
export interface Stories {
  of(subject: 'lead' | 'account', id: number): readonly Told[];
}

const TOLD = `
  SELECT e.id, e.subject, e.subject_id, e.type, e.at, e.before, e.after FROM crm_events e
  WHERE ((e.subject = 'lead' AND e.subject_id = ANY(?::int[])) OR (e.subject = 'account' AND e.subject_id = ANY(?::int[])))
    AND (e.before IS NOT NULL OR e.after IS NOT NULL)
  ORDER BY e.id`;

interface ToldRow {
  id: string | number;
  subject: string;
  subject_id: number;
  type: string;
  at: Date;
  before: Told['before'] | null;
  after: Told['after'] | null;
}

/** Histories of leads and accounts, in one statement. */
export async function loadStories(kit: Kit, leads: readonly number[], accounts: readonly number[]): Promise<Stories> {
  const rows = await many<ToldRow>(kit.db, TOLD, [[...new Set(leads)], [...new Set(accounts)]]);
  const stories = new Map<string, Told[]>();
  for (const { id, subject, subject_id: about, type, at, before, after } of rows) {
    const story = stories.get(`${subject}:${about}`) ?? [];
    story.push({ id: Number(id), at, type, before: before ?? {}, after: after ?? {} });
    stories.set(`${subject}:${about}`, story);
  }
  return { of: (subject, id) => stories.get(`${subject}:${id}`) ?? [] };
}

/** A decision by which a lead that somebody had held, or that lay in a pool, was routed once more. */
export interface Again {
  readonly lead: number;
  /** Its number. */
  readonly decision: number;
  readonly at: Date;
  /** Number of the event by which it was given then, if it was. */
  readonly event: number | null;
  readonly owner: number | null;
}

const AGAIN = `
  SELECT d.subject_id AS lead, d.id AS decision, d.at, (d.result->>'owner')::int AS owner,
    (SELECT max(e.id) FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = d.subject_id AND e.type = 'lead.routed' AND e.at = d.at
      AND (e.after->>'owner')::int IS NOT DISTINCT FROM (d.result->>'owner')::int) AS event
  FROM crm_decisions d JOIN crm_leads l ON l.id = d.subject_id AND l.merged_into IS NULL AND l.is_test IS NOT TRUE AND l.quarantine IS NULL
  WHERE d.kind = 'route' AND d.subject = 'lead' AND d.at >= ? AND d.at <= ? AND d.policy_version_id IS NOT NULL
    AND NOT jsonb_exists(d.result, 'previousOwner')
    AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements_text(coalesce(d.inputs->'asks', '[]')) a WHERE a LIKE 'waiting:%')
    AND (l.captured_at < ? OR EXISTS (SELECT 1 FROM crm_decisions p WHERE p.subject = 'lead' AND p.subject_id = d.subject_id AND p.kind = 'route' AND p.id < d.id))
  ORDER BY d.id DESC LIMIT ?`;

/** The newest decisions of the span, in their order, about leads that had come before; not re-routes, whose cause a draft might have avoided, and not the tries of one wait. */
export async function decidedAgain(kit: Kit, since: Date, now: Date, most: number): Promise<readonly Again[]> {
  const rows = await many<Omit<Again, 'event' | 'decision'> & { event: string | null; decision: string }>(kit.db, AGAIN, [
    since,
    now,
    since,
    most,
  ]);
  return rows.map((row) => ({ ...row, decision: Number(row.decision), event: row.event === null ? null : Number(row.event) })).reverse();
}

/** Who refused these leads, and when. */
export type Refusals = ReadonlyMap<number, readonly { readonly member: number; readonly reason: string | null; readonly at: Date }[]>;

export async function loadRefusals(kit: Kit, leads: readonly number[]): Promise<Refusals> {
  const refusals = new Map<number, { member: number; reason: string | null; at: Date }[]>();
  if (leads.length === 0) return refusals;
  const rows = await many<{ lead: number; member: number; reason: string | null; at: Date }>(
    kit.db,
    `SELECT lead_id AS lead, member_id AS member, reason, coalesce(answered_at, at) AS at FROM crm_routing_offers
     WHERE lead_id = ANY(?::int[]) AND state = 'rejected' ORDER BY id`,
    [[...new Set(leads)]],
  );
  for (const { lead, ...refusal } of rows) refusals.set(lead, [...(refusals.get(lead) ?? []), refusal]);
  return refusals;
}
