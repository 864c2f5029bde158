import { many, one } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import { callTimes, holdingsOf, isContact, triedOf, type HandEvent, type Try } from '../domain/memory';
import { triedSince } from './exhausted';

const MOST = 2000;

/** What was tried with a lead before, by whom, and when to call: for its next owner. Neither notes nor contact data are in it. */
export async function leadMemory(kit: Kit, leadId: number, actor: Actor): Promise<Record<string, unknown>> {
  const [events, tries, engagements, row, tried, revived, quiet] = await Promise.all([
    many<HandEvent>(
      kit.db,
      `SELECT at, type, (before->>'owner')::int AS "from", (after->>'owner')::int AS "to", data->>'reason' AS reason FROM crm_events
       WHERE subject = 'lead' AND subject_id = ? AND jsonb_exists(after, 'owner') ORDER BY id LIMIT ${MOST}`,
      [leadId],
    ),
    many<Try>(
      kit.db,
      `SELECT occurred_at AS at, kind, outcome, direction = 'inbound' AS inbound FROM crm_activities
       WHERE lead_id = ? AND kind <> 'note' AND NOT coalesce(automatic, false) ORDER BY occurred_at DESC LIMIT ${MOST}`,
      [leadId],
    ),
    many<{ at: Date }>(
      kit.db,
      'SELECT occurred_at AS at FROM crm_engagements WHERE lead_id = ? AND human ORDER BY occurred_at DESC LIMIT 200',
      [leadId],
    ),
    one<{ status: string; data: { owners: number; attempts: number } | null }>(
      kit.db,
      `SELECT l.status, (SELECT data FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = l.id AND e.type = 'lead.exhausted' ORDER BY id DESC LIMIT 1) AS data FROM crm_leads l WHERE l.id = ?`,
      [leadId],
    ),
    triedSince(kit.db, [leadId]),
    one<{ at: Date; name: string; data: { by: string; reason?: string | null } | null }>(
      kit.db,
      `SELECT at, actor_name AS name, data FROM crm_events WHERE subject = 'lead' AND subject_id = ? AND type = 'lead.revived' ORDER BY id DESC LIMIT 1`,
      [leadId],
    ),
    one<{ name: string; reason: string | null }>(
      kit.db,
      `SELECT actor_name AS name, data->>'reason' AS reason FROM crm_events WHERE subject = 'lead' AND subject_id = ? AND type = 'lead.do_not_contact' ORDER BY id DESC LIMIT 1`,
      [leadId],
    ),
  ]);
  const holdings = holdingsOf(events, tries);
  const names = await many<{ id: number; name: string }>(kit.db, 'SELECT id, name FROM crm_members WHERE id = ANY(?::int[])', [
    [...new Set(holdings.map((holding) => holding.member))],
  ]);
  const nameOf = new Map(names.map((member) => [member.id, member.name]));
  const contacts = tries.filter(isContact);
  return {
    owners: new Set(holdings.map((holding) => holding.member)).size,
    attempts: tries.filter((attempt) => !attempt.inbound).length,
    contacts: contacts.length,
    sinceContact: tried.get(leadId)?.attempts ?? 0,
    exhausted: row?.status === 'exhausted' && row.data ? { owners: row.data.owners, attempts: row.data.attempts } : null,
    /** Who asked last to leave the person alone, or to contact him again, and why. */
    quiet,
    /** It was exhausted once and came back: when, by a signal of its own or by whom, and why. */
    revived: revived ? { at: revived.at, by: revived.data?.by ?? 'hand', name: revived.name, reason: revived.data?.reason ?? null } : null,
    holdings: holdings.map((holding) => ({ ...holding, name: nameOf.get(holding.member) ?? null })),
    tried: triedOf(tries),
    lastContactAt: contacts.reduce<Date | null>((last, { at }) => (last === null || at.getTime() > last.getTime() ? at : last), null),
    call: callTimes(
      tries,
      engagements.map(({ at }) => at),
      actor.timeZone,
    ),
  };
}
