import type { Kit, TimerHandler } from '@leadsea/crm-core';
import type { LeadChange, Leads } from '@leadsea/leads';
import { webhookAsk } from './asks';

/** The hold queue: leads that wait are routed again, best first; each remembers since when it waits at which rule. */
export const retryHandler =
  (kit: Kit, leads: Leads): TimerHandler =>
  async (trx, due, now) => {
    const changes = due.map((timer): LeadChange => {
      const { rule, since, webhook } = timer.payload as { rule?: string; since?: string; webhook?: boolean };
      const waiting = rule && since ? [`waiting:${rule}:${new Date(since).getTime()}`] : [];
      // Another system that has not answered by now will not.
      const answer = rule && webhook ? [webhookAsk(rule, { kind: 'failed' })] : [];
      return { op: 'touch', id: timer.subjectId, ask: ['route', ...waiting, ...answer] };
    });
    await leads.apply({
      trx,
      changes,
      actor: { ...kit.actors.system('Routing'), kind: 'timer' },
      cause: { type: 'timer', id: 'routing.retry' },
      now,
    });
  };
