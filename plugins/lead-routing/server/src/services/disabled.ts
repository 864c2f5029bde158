import { many } from '@leadsea/crm-core';
import type { JobHandler, Kit } from '@leadsea/crm-core';
import type { LeadChange, Leads } from '@leadsea/leads';
import type { RoutingPolicy } from '../../../contracts';
import { OWNER_DISABLED } from './asks';
import { closedStages } from './lead-facts';

const JOB = 'routing.owner-disabled';
const STEP = 500;

/** Versions published before this could be asked for do not. */
const wants = ({ body: { triggers } }: { readonly body: { readonly triggers?: Partial<RoutingPolicy['triggers']> } }): boolean =>
  triggers?.ownerDisabled ?? false;

/** R-50 `owner disabled`: looks for leads of disabled people where a policy asks for that. */
export async function askForDisabled(kit: Kit): Promise<void> {
  if (!(await kit.policies.live<RoutingPolicy>('routing-policy')).some(wants)) return;
  await kit.db.transaction((trx) => kit.jobs.enqueue(trx, [{ kind: JOB, key: JOB, payload: {} }]));
}

/** `routing.owner-disabled`: open leads of disabled people go through the policies that want them, in steps. */
export const disabledJob =
  (kit: Kit, leads: Leads): JobHandler =>
  async (job) => {
    const now = kit.clock.now();
    const policies = (await kit.policies.live<RoutingPolicy>('routing-policy')).filter(wants);
    if (policies.length === 0) return;
    const closed = await closedStages(kit);
    const scopes = policies.map(({ body }) =>
      body.when ? kit.conditions.compile(body.when, 'lead', 'l', { now, actor: null }) : { sql: 'TRUE', bindings: [] },
    );
    for (let after = 0; ;) {
      const rows = await many<{ id: number }>(
        kit.db,
        `SELECT l.id FROM crm_leads l JOIN crm_members m ON m.id = l.owner_id AND m.active IS FALSE
         WHERE l.id > ? AND l.merged_into IS NULL AND l.is_test IS NOT TRUE AND l.quarantine IS NULL AND l.stage <> ALL(?::text[])
           AND coalesce(l.do_not_contact_until <= ?, true) AND (${scopes.map(({ sql }) => sql).join(' OR ')}) ORDER BY l.id LIMIT ${STEP}`,
        [after, [...closed], now, ...scopes.flatMap(({ bindings }) => [...bindings])],
      );
      const last = rows.at(-1);
      if (!last) return;
      after = last.id;
      const changes = rows.map(({ id }): LeadChange => ({ op: 'touch', id, ask: [OWNER_DISABLED] }));
      await leads.apply({ changes, actor: kit.actors.system('Routing'), cause: { type: 'owner-disabled', id: String(job.id) }, now });
      if (job.shouldStop()) return;
    }
  };
