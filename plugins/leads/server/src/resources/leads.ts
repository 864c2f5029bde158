import { AppError, badRequest, forbidden, notFound } from '@leadsea/crm-core';
import type { Actor, Kit, ResourceDefinition, ResourceVerb, VerbContext } from '@leadsea/crm-core';
import { z } from 'zod';
import type { LeadChange, LeadRow, Leads, Lifecycle, Outcome, StageGuard } from '../../../contracts';
import { nextStage } from '../domain/lifecycle/transitions';
import { assertFillable, customValues } from '../services/record-values';
import { takeReveals } from '../services/reveal-quota';
import { watchReveals } from '../services/reveal-watch';
import { SEARCH_TABLE } from '../migrations/search';
import { leadCovers, leadRowMask, redactExplanation } from '../services/history-gate';
import { customResourceFields } from './custom-fields';
import { LEAD_FIELDS } from './lead-fields';
import { stageChanges, stageInput, type StageInput } from './stage-moves';
import { timelineVerb } from './timeline';

export interface VerbResult {
  readonly id: number | null;
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** One id asked for and refused is an error of the request; of many, each has its own answer. */
export function answer(ids: readonly number[], outcomes: readonly Outcome[]): { results: VerbResult[] } {
  const results = outcomes.map((outcome, index): VerbResult =>
    outcome.ok
      ? { id: outcome.id, ok: true }
      : {
          id: ids[index] ?? outcome.id,
          ok: false,
          code: outcome.code,
          message: outcome.message,
          ...(outcome.details ? { details: outcome.details } : {}),
        },
  );
  const [only] = results;
  if (ids.length === 1 && only && !only.ok) {
    throw new AppError(
      only.code ?? 'REFUSED',
      only.code === 'NOT_FOUND' ? 404 : only.code === 'STALE' ? 409 : 400,
      only.message ?? 'Refused.',
      only.details,
    );
  }
  return { results };
}

const verb = <Input>(definition: ResourceVerb<Input>): ResourceVerb => definition;

const activityInput = z.object({
  kind: z.enum(['call', 'mail', 'meeting', 'message', 'visit', 'note']),
  direction: z.enum(['outbound', 'inbound']).default('outbound'),
  outcome: z.string().max(60).nullish(),
  subject: z.string().max(500).nullish(),
  note: z.string().max(20_000).nullish(),
  durationSeconds: z.number().int().min(0).max(86_400).nullish(),
  occurredAt: z.iso.datetime({ offset: true }).optional(),
  nextActionAt: z.iso.datetime({ offset: true }).nullish(),
  custom: z.record(z.string(), z.unknown()).optional(),
});

const BACKDATE_SECONDS = 7 * 86_400;

type ActivityGiven = z.infer<typeof activityInput>;

/**
 * The company's own fields of a follow-up: filled in by whoever may read them, since logging is a right of its own.
 * @throws AppError FIELD_NOT_WRITABLE for a field the role does not show, and what the fields themselves refuse
 */
async function activityCustom(kit: Kit, context: VerbContext, input: ActivityGiven): Promise<Record<string, unknown>> {
  if (kit.custom.fields('activity').length === 0 && !input.custom) return {};
  assertFillable(kit, context.actor, 'activities', input.custom, ['read', 'write']);
  const { custom, direction, outcome = null, subject = null, kind } = input;
  const after = { id: 0, kind, direction, outcome, subject, duration_seconds: input.durationSeconds ?? null };
  return customValues(kit, kit.db, context, { entity: 'activity', given: custom ?? {}, before: null, after });
}

function activityChange(id: number, input: ActivityGiven, now: Date, bulk: boolean): LeadChange {
  const occurredAt = input.occurredAt ? new Date(input.occurredAt) : now;
  if (occurredAt.getTime() > now.getTime() + 60_000)
    throw badRequest('ACTIVITY_IN_FUTURE', 'An activity cannot be logged before it happened. Set the next action instead.', {
      field: 'occurredAt',
    });
  if (now.getTime() - occurredAt.getTime() > BACKDATE_SECONDS * 1000)
    throw badRequest('ACTIVITY_TOO_OLD', 'An activity can be logged up to seven days later.', {
      field: 'occurredAt',
      maxSeconds: BACKDATE_SECONDS,
    });
  return {
    op: 'activity',
    id,
    activity: {
      ...input,
      occurredAt,
      bulk,
      nextActionAt: input.nextActionAt === undefined ? undefined : input.nextActionAt === null ? null : new Date(input.nextActionAt),
    },
  };
}

/** What is explained, and the field one must be able to read for it. */
const EXPLAINED = { score: 'score', owner: 'owner', recycle: 'recycleAt', account: 'account' } as const;

export interface LeadResourceDeps {
  readonly kit: Kit;
  readonly leads: Leads;
  explain(what: string, leadId: number, context: { actor: Actor; now: Date }): Promise<unknown>;
  /** Terms that other plugins have added to moves between stages. */
  guards(): readonly StageGuard[];
}

export function leadsResource({ kit, leads, explain, guards }: LeadResourceDeps): ResourceDefinition {
  const apply = async (context: VerbContext, changes: readonly LeadChange[], cause: string): Promise<readonly Outcome[]> =>
    (await leads.apply({ changes, actor: context.actor, cause: { type: cause, id: context.requestId }, now: context.now })).outcomes;

  const moveEach = async (
    context: VerbContext,
    ids: readonly number[],
    inputOf: (row: LeadRow, graph: Lifecycle) => StageInput | null,
  ): Promise<unknown> => {
    const { changes, refused } = await stageChanges(kit, context, ids, inputOf, guards());
    const outcomes = changes.length > 0 ? await apply(context, changes, 'stage') : [];
    const byId = new Map<number | null, Outcome>([...refused, ...outcomes.map((outcome) => [outcome.id, outcome] as const)]);
    return answer(
      ids,
      ids.map((id) => byId.get(id) ?? { ok: false, id, code: 'NOT_FOUND', message: 'Lead was not found.' }),
    );
  };
  const moveStage = (context: VerbContext, ids: readonly number[], input: StageInput): Promise<unknown> =>
    moveEach(context, ids, () => input);

  return {
    name: 'leads',
    table: 'crm_leads',
    subject: 'lead',
    fields: LEAD_FIELDS,
    dynamicFields: customResourceFields(kit, 'lead'),
    base: (alias) => ({ sql: `${alias}.merged_into IS NULL`, bindings: [] }),
    search: ['name', 'company', 'email', 'phone'],
    searchTable: SEARCH_TABLE,
    defaultSort: ['score', 'DESC'],
    rowMask: (actor, alias) => leadRowMask(kit, actor, alias),
    covers: leadCovers,
    create: async (context, values) => {
      const [outcome] = await apply(context, [{ op: 'create', values, onDuplicate: 'skip' }], 'create');
      if (!outcome) throw notFound('Lead');
      if (!outcome.ok) throw badRequest(outcome.code, outcome.message, { ...outcome.details });
      if (outcome.status === 'skipped') {
        throw new AppError('DUPLICATE', 409, 'This person is already here.', {
          lead: kit.access.can(context.actor, 'leads', 'read') ? outcome.id : null,
        });
      }
      return outcome.id;
    },
    versionField: 'version',
    update: async (context, id, values, expect) => {
      answer([id], await apply(context, [{ op: 'update', id, values, ...(expect ? { expect } : {}) }], 'edit'));
    },
    verbs: [
      verb({
        name: 'activities',
        target: 'record',
        input: activityInput,
        summary: 'Log a call, mail, meeting, message, visit or note.',
        access: 'log',
        run: async (context, ids, input) => {
          const given = { ...input, custom: await activityCustom(kit, context, input) };
          const changes = ids.map((id) => activityChange(id, given, context.now, ids.length > 1));
          return answer(ids, await apply(context, changes, 'activity'));
        },
      }),
      verb({
        name: 'stage',
        target: 'record',
        input: stageInput,
        summary: 'Move to another stage, with a reason where the graph asks for one.',
        access: 'update',
        run: moveStage,
      }),
      verb({
        name: 'disqualify',
        target: 'record',
        input: z.object({ reason: z.string(), note: z.string().max(2000).nullish() }),
        summary: 'Judge as no lead, with a reason.',
        access: 'update',
        run: (context, ids, input) => moveStage(context, ids, { ...input, to: 'disqualified' }),
      }),
      verb({
        name: 'qualify',
        target: 'record',
        input: z.object({}),
        summary: 'Move to the next stage of the graph; never into one that closes the lead.',
        access: 'update',
        run: (context, ids) =>
          moveEach(context, ids, (row, graph) => {
            const next = nextStage(graph, row.stage);
            return next === null ? null : { to: next };
          }),
      }),
      verb({
        name: 'reveal',
        target: 'record',
        input: z.object({}),
        summary: 'Show masked contact data once; every reveal is an event.',
        run: async (context, ids) => {
          const { actor, now, requestId } = context;
          const { outcomes } = await kit.db.transaction(async (trx) => {
            const { limit, used } = await takeReveals(kit, trx, actor, ids.length, now);
            const data = limit === null ? undefined : { limit, used };
            const changes = ids.map((id): LeadChange => ({ op: 'patch', id, columns: {}, event: 'lead.revealed', data }));
            const applied = await leads.apply({ trx, changes, actor, cause: { type: 'reveal', id: requestId }, now });
            await watchReveals(kit, trx, actor, ids.length, now);
            return applied;
          });
          const { results } = answer(ids, outcomes);
          const shown = ['email', 'phone', 'wechat'].filter((field) => kit.access.field(context.actor, 'leads', field) !== 'hidden');
          const rows = await kit
            .db('crm_leads')
            .whereIn(
              'id',
              results.flatMap(({ id, ok }) => (ok && id !== null ? [id] : [])),
            )
            .select('id', ...shown);
          const byId = new Map(rows.map((row: { id: number }) => [row.id, row]));
          return ids.length === 1
            ? byId.get(ids[0]!)
            : { results: results.map((result) => ({ ...result, ...(result.id === null ? {} : byId.get(result.id)) })) };
        },
      }),
      ...Object.entries(EXPLAINED).map(([what, field]) =>
        verb({
          name: `explain/${what}`,
          target: 'record',
          method: 'GET',
          input: z.object({}),
          summary: `Why: ${what}.`,
          access: 'read',
          run: async (context, ids) => {
            if (!['read', 'write'].includes(kit.access.field(context.actor, 'leads', field)))
              throw forbidden(`Your role does not show the field "${field}".`, { field });
            return redactExplanation(kit, context.actor, ids[0]!, await explain(what, ids[0]!, context));
          },
        }),
      ),
      timelineVerb(kit),
    ],
  };
}
