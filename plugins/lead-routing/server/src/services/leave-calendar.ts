import { badRequest, many } from '@leadsea/crm-core';
import type { HostContext, Kit, VerbContext } from '@leadsea/crm-core';
import { z } from 'zod';
import type { LeaveCalendar, LeaveEntry } from '../../../contracts';

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 120;
const querySchema = z.object({ from: z.iso.date(), to: z.iso.date() });

interface PersonRow {
  id: number;
  name: string;
  team: string | null;
  manager_id: number | null;
}

/** Everybody for those who keep members; else himself, his team and those below, and the people he manages. */
const PEOPLE = `SELECT m.id, m.name, t.name AS team, m.manager_id FROM crm_members m LEFT JOIN crm_teams t ON t.id = m.team_id
  WHERE coalesce(m.active, true) AND (?::boolean OR m.id = ? OR m.manager_id = ? OR m.team_id = ANY(?::int[])) ORDER BY t.name NULLS LAST, m.name, m.id`;

interface LeaveRow {
  id: number;
  member_id: number;
  starts_at: Date;
  ends_at: Date;
  delegate_id: number | null;
  delegate: string | null;
  mode: LeaveEntry['mode'];
  returns: LeaveEntry['returns'];
  note: string | null;
  editable: boolean;
  lent: number;
  returned: number;
}

/**
 * `GET /routing/leave-calendar`: who of the reader's people is away when, and who stands in. Why somebody is away is told only to those who
 * may change the entry.
 */
export const leaveCalendar =
  (kit: Kit) =>
  async (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    kit.access.assert(actor, 'leaves', 'read');
    const { from, to } = querySchema.parse(ctx.query);
    const [start, end] = [new Date(`${from}T00:00:00Z`), new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS)];
    if (end <= start || end.getTime() - start.getTime() > LONGEST_DAYS * DAY_MS)
      throw badRequest('SPAN_TOO_LONG', `Ask for 1 to ${LONGEST_DAYS} days.`, { field: 'to' });
    const all = actor.kind !== 'member' || kit.access.can(actor, 'members', 'update');
    const people = await many<PersonRow>(kit.db, PEOPLE, [all, actor.memberId, actor.memberId, [...actor.teamIds]]);
    const scope = kit.access.scope(actor, 'leaves', 'update', 'v');
    // A day longer at both ends: the reader's days are not those of UTC.
    const rows = await many<LeaveRow>(
      kit.db,
      `SELECT v.id, v.member_id, v.starts_at, v.ends_at, v.delegate_id, d.name AS delegate, v.mode, v.returns, v.note, coalesce(${scope.sql}, false) AS editable,
         (SELECT count(*)::int FROM crm_leave_loans b WHERE b.leave_id = v.id) AS lent,
         (SELECT count(*)::int FROM crm_leave_loans b WHERE b.leave_id = v.id AND b.outcome = 'returned') AS returned
       FROM crm_leaves v LEFT JOIN crm_members d ON d.id = v.delegate_id
       WHERE v.member_id = ANY(?::int[]) AND v.ends_at > ? AND v.starts_at < ? ORDER BY v.starts_at, v.id`,
      [...scope.bindings, people.map(({ id }) => id), new Date(start.getTime() - DAY_MS), new Date(end.getTime() + DAY_MS)],
    );
    const answer: LeaveCalendar = {
      from,
      to,
      people: people.map(({ id, name, team }) => ({ id, name, team, you: id === actor.memberId })),
      mayEnterFor: people
        .filter(({ id, manager_id: manager }) => all || id === actor.memberId || manager === actor.memberId)
        .map(({ id }) => id),
      leaves: rows.map((row) => ({
        id: row.id,
        member: row.member_id,
        startsAt: row.starts_at.toISOString(),
        endsAt: row.ends_at.toISOString(),
        delegate: row.delegate_id,
        delegateName: row.delegate,
        mode: row.mode,
        returns: row.returns,
        note: row.editable ? row.note : null,
        canEdit: row.editable,
        lent: row.lent,
        returned: row.returned,
      })),
    };
    ctx.body = answer;
  };
