import { randomUUID } from 'node:crypto';
import { badRequest, inTransaction, many, notFound, one } from '@leadsea/crm-core';
import type { Host, Kit, ResourceVerb } from '@leadsea/crm-core';
import type { LeadChange, Leads } from '@leadsea/leads';
import { z } from 'zod';
import type { OwnerExplanation, RouteResult } from '../../contracts';
import { keepCandidates } from './services/candidates';
import { describeDecision, fromInput } from './services/explain';
import { policyOf } from './services/asked-policy';
import { runBackTest } from './services/back-test';
import { backTestInput, startBackTest } from './services/back-test-runs';
import type { People } from './services/people';
import type { LivePolicy } from './services/plans';
import { webhookSecret } from './services/webhook';

const verb = <Input>(definition: ResourceVerb<Input>): ResourceVerb => definition;

const LATEST = `SELECT DISTINCT ON (subject_id) subject_id AS id, result FROM crm_decisions
  WHERE subject = 'lead' AND kind = 'route' AND subject_id = ANY(?::int[]) AND at >= ? ORDER BY subject_id, id DESC`;

/** `route`: runs the policies again over leads, those that somebody holds or that lie in a pool included; `keep-owner`: leaves marked ones where they are. */
export function leadVerbs(kit: Kit, leads: Leads): readonly ResourceVerb[] {
  return [
    verb({
      name: 'route',
      target: 'record',
      input: z.object({}),
      access: 'assign',
      summary: 'Decide again who gets these leads.',
      run: async ({ actor, now, requestId }, ids) => {
        const changes = ids.map((id): LeadChange => ({ op: 'touch', id, ask: ['route', 'route:again'] }));
        const { outcomes } = await leads.apply({ changes, actor, cause: { type: 'route', id: requestId }, now });
        const decided = new Map(
          (await many<{ id: number; result: RouteResult }>(kit.db, LATEST, [[...ids], now])).map((row) => [row.id, row.result]),
        );
        return {
          results: ids.map((id, index) => {
            const outcome = outcomes[index];
            if (outcome && !outcome.ok) return { id, ok: false, code: outcome.code, message: outcome.message };
            const result = decided.get(id);
            return result
              ? { id, ok: true, owner: result.owner, pool: result.pool, reason: result.reason }
              : { id, ok: false, code: 'NO_POLICY', message: 'No live routing policy is for this lead.' };
          }),
        };
      },
    }),
    verb({
      name: 'keep-owner',
      target: 'record',
      input: z.object({}),
      access: 'assign',
      summary: 'Leave these leads with their owner although other rules hold for them now.',
      run: async ({ actor, now, requestId }, ids) => {
        await inTransaction(kit.db, async (trx) => {
          const kept = await keepCandidates(trx, ids);
          const events = kept.map((id) => ({ subject: 'lead' as const, subjectId: id, type: 'lead.reroute_declined' }));
          await kit.events.append(trx, events, actor, { type: 'keep-owner', id: requestId }, now);
        });
        return { results: ids.map((id) => ({ id, ok: true })) };
      },
    }),
  ];
}

export interface SimulateAnswer {
  readonly decision: OwnerExplanation | null;
  readonly before: { readonly owner: number | null; readonly pool: number | null } | null;
}

/** `simulate` of a routing policy: where its draft would send one lead, with changed values, without writing anything. */
export function policyVerbs(host: Host, kit: Kit, leads: Leads, people: People, drafts: Map<string, LivePolicy>): readonly ResourceVerb[] {
  return [
    verb({
      name: 'backtest',
      target: 'record',
      input: backTestInput,
      access: 'read',
      summary: 'Who would have got the leads of the last days by this policy; nothing is written.',
      run: async ({ now }, ids, input) => runBackTest(kit, people, await policyOf(kit, ids[0]!, input.version, now), input.days, now),
    }),
    startBackTest(kit),
    verb({
      name: 'webhook-secret',
      target: 'record',
      input: z.object({ rule: z.string().min(1).max(100) }),
      access: 'update',
      summary: 'The secret with which requests of one rule are signed.',
      run: async (_context, ids, { rule }) => {
        const row = await one<{ key: string }>(kit.db, 'SELECT key FROM crm_policies WHERE id = ?', [ids[0]]);
        if (!row) throw notFound('Policy');
        return { secret: webhookSecret(host, row.key, rule) };
      },
    }),
    verb({
      name: 'simulate',
      target: 'record',
      input: z.object({
        lead: z.int().min(1).optional(),
        values: z.record(z.string(), z.unknown()).default({}),
        version: z.enum(['draft', 'live']).default('draft'),
        /** A moment other than now, for shifts and leave. */
        at: z.iso.datetime({ offset: true }).optional(),
      }),
      access: 'read',
      summary: 'Where one lead would go, and why; nothing is written.',
      run: async ({ actor, now }, ids, input): Promise<SimulateAnswer> => {
        const policy = await policyOf(kit, ids[0]!, input.version, now);
        let before: SimulateAnswer['before'] = null;
        if (input.lead !== undefined) {
          const scope = kit.access.scope(actor, 'leads', 'read', 'l');
          const lead = await one<{ owner_id: number | null; pool_id: number | null }>(
            kit.db,
            `SELECT l.owner_id, l.pool_id FROM crm_leads l WHERE l.id = ? AND l.merged_into IS NULL AND ${scope.sql}`,
            [input.lead, ...scope.bindings],
          );
          if (!lead) throw notFound('Lead');
          before = { owner: lead.owner_id, pool: lead.pool_id };
        }
        const hasValues = Object.keys(input.values).length > 0;
        if (input.lead === undefined && !hasValues)
          throw badRequest('LEAD_MISSING', 'Choose a lead or give values of one.', { field: 'lead' });
        const changes: LeadChange[] =
          input.lead === undefined
            ? [{ op: 'create', values: input.values, onDuplicate: 'link' }]
            : [
                ...(hasValues ? [{ op: 'update' as const, id: input.lead, values: input.values }] : []),
                { op: 'touch', id: input.lead, ask: ['route', 'route:again'] },
              ];
        const token = randomUUID();
        drafts.set(token, policy);
        try {
          const at = input.at ? new Date(input.at) : now;
          const { decisions } = await leads.simulate({ changes, actor, cause: { type: 'simulate', id: token }, now: at });
          const decision = decisions.find((one) => one.kind === 'route');
          return { decision: decision ? await describeDecision(kit, fromInput(decision, at), policy, actor) : null, before };
        } finally {
          drafts.delete(token);
        }
      },
    }),
  ];
}
