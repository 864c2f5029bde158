import { z } from 'zod';
import { forbidden, type Kit, type LeaverHandler, type ResourceVerb } from '../../../contracts';
import type { Invitations } from '../services/invitations';
import { updateRow } from '../services/rows';
import { assertAdministered, keepAdministered } from './administered';

/** Verbs on members: an invitation by mail, and leaving with a hand-over in one go. */
export function peopleVerbs(kit: Kit, invitations: Invitations, leavers: readonly LeaverHandler[]): readonly ResourceVerb[] {
  const invite: ResourceVerb<Record<string, never>> = {
    name: 'invite',
    target: 'record',
    input: z.object({}),
    summary: 'Mail a link by which the member chooses a password; it works once, for three days.',
    access: 'update',
    run: (context, ids) => invitations.invite(context, ids[0]!),
  };
  const deactivate: ResourceVerb<{ handover?: Record<string, unknown> | null }> = {
    name: 'deactivate',
    target: 'record',
    input: z.object({ handover: z.record(z.string(), z.unknown()).nullish() }),
    summary: 'Hand over what the member holds, then close the account.',
    access: 'update',
    run: async (context, ids, { handover }) => {
      const id = ids[0]!;
      const { actor, now } = context;
      if (id === actor.memberId) throw forbidden('Nobody closes his own account.', { field: 'member' });
      // Looked at before anything is handed over, and again below, where nothing can come between.
      await assertAdministered(kit.db, id);
      const done: Record<string, unknown> = {};
      if (handover) for (const leaver of leavers) done[leaver.key] = await leaver.run(context, id, handover);
      await kit.db.transaction(async (trx) => {
        await updateRow(trx, 'crm_members', id, { active: false, presence: 'offline' }, now);
        await keepAdministered(trx);
        const told = { subject: 'member', subjectId: id, type: 'member.updated', before: { active: true }, after: { active: false } };
        await kit.events.append(trx, [told], actor, { type: 'deactivate' }, now);
        await trx.raw(`DELETE FROM crm_invitations WHERE member_id = ? AND accepted_at IS NULL`, [id]);
        await trx.raw(`SELECT pg_notify('crm_members', ?)`, [String(id)]);
      });
      return { id, active: false, ...done };
    },
  };
  return [invite, deactivate];
}
