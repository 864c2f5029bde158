import { inTransaction } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { REACTOR_STAGES } from '../../../../contracts';
import type {
  ActivityInput,
  ApplyInput,
  ApplyResult,
  EngagementInput,
  LeadChange,
  LeadRow,
  Leads,
  Outcome,
  Reactor,
} from '../../../../contracts';
import { carryOut, invalid, leadEvent, logActivity, refuse, type Edits } from './changes';
import { ERASED_QUARANTINE } from '../../domain/erasure/personal';
import { ruledFields } from '../../domain/field-rules';
import { parseValues } from '../../domain/values';
import { checkFieldRules } from './field-rules';
import { storeConsents } from './consents';
import { carryOutCreates } from './create';
import { liveLifecycle } from '../stages';
import { flush } from './flush';
import { rekey } from './identify';
import { insertActivities, insertEngagements, lockLeads, nextIds, toActivity, toEngagement } from './rows';
import { columnTypes } from './lead-columns';
import { createEntry, createWorkingSet, type PipelineSet } from './working-set';

const MAX_CHANGES = 10_000;

class Rollback extends Error {}

const targetOf = (change: LeadChange): number | null => (change.op === 'create' ? null : change.id);

/** Reads and locks the leads the other changes name; those that are gone, merged or erased are refused. */
async function loadTargets(set: PipelineSet, changes: readonly LeadChange[], outcomes: (Outcome | undefined)[]): Promise<void> {
  const wanted = changes.flatMap((change) => (change.op === 'create' || set.has(change.id) ? [] : [change.id]));
  const rows = await lockLeads(set.trx, wanted);
  for (const [id, row] of rows)
    if (row.merged_into === null && row.quarantine !== ERASED_QUARANTINE)
      set.add(createEntry(id, row, { ...row, custom: { ...row.custom } }));
  changes.forEach((change, index) => {
    const id = targetOf(change);
    if (id === null || set.has(id)) return;
    const row = rows.get(id);
    outcomes[index] = !row
      ? refuse(id, 'NOT_FOUND', 'Lead was not found.')
      : row.quarantine === ERASED_QUARANTINE
        ? refuse(id, 'LEAD_ERASED', 'The person of this lead was erased: it stays as it is.')
        : refuse(id, 'LEAD_MERGED', 'This lead was merged into another one.', { mergedInto: row.merged_into });
  });
}

/** Stores what the leads did, once per (source, external id), before conditions over behaviour are asked. */
async function storeEngagements(
  set: PipelineSet,
  changes: readonly LeadChange[],
  outcomes: readonly (Outcome | undefined)[],
  ids: Promise<readonly number[]>,
): Promise<void> {
  const given = changes.flatMap((change, index): { leadId: number; input: EngagementInput }[] => {
    const outcome = outcomes[index];
    if (change.op === 'create' && change.engagement && outcome?.ok && outcome.status !== 'skipped')
      return [{ leadId: outcome.id, input: change.engagement }];
    return change.op === 'engagement' && set.has(change.id) ? [{ leadId: change.id, input: change.engagement }] : [];
  });
  if (given.length === 0) return;
  const taken = await ids;
  const rows = given.map(({ leadId, input }, index) => toEngagement(taken[index]!, leadId, input, set.now));
  const stored = await insertEngagements(set.trx, rows);
  for (const row of rows) {
    if (!stored.has(row.id)) continue;
    set.mutable(row.lead_id).engagements.push(row);
    set.emit(
      leadEvent(row.lead_id, 'lead.engaged', {
        data: { kind: row.kind, asset: row.asset, product: row.product, occurredAt: row.occurred_at },
      }),
    );
  }
}

/** Refuses edits that the rules of custom fields do not allow, before any of them is carried out; several edits of one lead stand together. */
async function refuseByRules(set: PipelineSet, changes: readonly LeadChange[], outcomes: (Outcome | undefined)[]): Promise<void> {
  const fields = set.kit.custom.fields('lead');
  if (ruledFields(fields).length === 0) return;
  interface Edited {
    readonly indexes: number[];
    after: LeadRow;
    readonly given: Set<string>;
  }
  const edited = new Map<number, Edited>();
  changes.forEach((change, index) => {
    if (change.op !== 'update' || outcomes[index] || !set.has(change.id)) return;
    const parsed = parseValues(change.values, fields, false);
    const known: Edited = edited.get(change.id) ?? { indexes: [], after: set.entry(change.id).row, given: new Set<string>() };
    known.indexes.push(index);
    for (const key of Object.keys(parsed.custom)) known.given.add(key);
    known.after = { ...known.after, ...parsed.columns, custom: { ...known.after.custom, ...parsed.custom } };
    edited.set(change.id, known);
  });
  const rows = [...edited].map(([id, { after, given }]) => ({ before: set.entry(id).row, after, given }));
  const scope = { kit: set.kit, trx: set.trx, actor: set.actor, now: set.now, subject: 'lead' } as const;
  const problems = await checkFieldRules(scope, fields, rows);
  [...edited].forEach(([id, { indexes }], position) => {
    const found = problems[position] ?? [];
    if (found.length > 0) for (const index of indexes) outcomes[index] = invalid(id, found);
  });
}

async function carryOutAll(set: PipelineSet, input: ApplyInput, outcomes: (Outcome | undefined)[], country: string | null): Promise<void> {
  const { changes } = input;
  const engaged = changes.filter((change) => (change.op === 'create' || change.op === 'engagement') && change.engagement).length;
  const engagementIds = nextIds(set.trx, 'crm_engagements', engaged);
  // Waited for when they are needed; until then a failure is that of the statement after it.
  engagementIds.catch(() => undefined);
  const { graph } = await liveLifecycle(set.kit);
  await carryOutCreates(set, input, { country, graph }, outcomes);
  await loadTargets(set, changes, outcomes);
  await storeEngagements(set, changes, outcomes, engagementIds);
  await storeConsents(set, changes, outcomes);
  const logged = changes.flatMap((change, index): { id: number; activity: ActivityInput; index: number }[] => {
    if (change.op === 'activity') return set.has(change.id) ? [{ id: change.id, activity: change.activity, index }] : [];
    const outcome = outcomes[index];
    const isNew = outcome?.ok === true && (outcome.status === 'created' || outcome.status === 'linked');
    return change.op === 'create' && change.activity && isNew ? [{ id: outcome.id, activity: change.activity, index }] : [];
  });
  const activityIds = await nextIds(set.trx, 'crm_activities', logged.length);
  const idByIndex = new Map(logged.map(({ index }, position) => [index, activityIds[position]!]));
  const activities = logged.map(({ id, activity, index }) => ({
    isNew: changes[index]?.op === 'create',
    row: toActivity(idByIndex.get(index)!, id, activity, input),
  }));
  const rowsOf = (isNew: boolean) => activities.filter((one) => one.isNew === isNew).map(({ row }) => row);
  await insertActivities(set.trx, rowsOf(false), input.now);
  // A lead that is new is written at the end, and only then can anything belong to it.
  const brought = rowsOf(true);
  if (brought.length > 0) set.defer((trx) => insertActivities(trx, brought, input.now));
  await refuseByRules(set, changes, outcomes);
  const edits: Edits = { country, rekeys: new Map(), graph };
  for (const [index, change] of changes.entries()) {
    const activityId = idByIndex.get(index);
    if (change.op === 'create' && change.activity && activityId !== undefined)
      logActivity(set, set.mutable(outcomes[index]!.id!), activityId, change.activity);
    if (change.op === 'create' || outcomes[index]) continue;
    outcomes[index] = carryOut(set, set.mutable(change.id), change, idByIndex.get(index) ?? null, edits);
  }
  for (const [id, keys] of await rekey(set.trx, edits.rekeys)) {
    for (const key of keys) set.emit(leadEvent(id, 'lead.duplicate_found', { data: { key: key.kind } }));
  }
}

export interface Door extends Pick<Leads, 'apply' | 'simulate'> {
  readonly reactors: { add(reactor: Reactor): void; list(): readonly Reactor[] };
}

/**
 * The one door: writes the changes, then runs the reactors in their fixed order, all in one transaction. A refused change (stale, invalid,
 * not found) is answered and leaves the others alone; an error undoes the whole set.
 */
export function createDoor(kit: Kit, settings: { country(): string | null }): Door {
  const reactors: Reactor[] = [];
  const types = columnTypes(kit);
  const ordered = (): readonly Reactor[] => REACTOR_STAGES.flatMap((stage) => reactors.filter((reactor) => reactor.stage === stage));

  const run = async (
    trx: Knex.Transaction,
    input: ApplyInput,
    dryRun: boolean,
  ): Promise<{ set: PipelineSet; outcomes: readonly Outcome[] }> => {
    const set = createWorkingSet(kit, trx, await types(), input, dryRun);
    const outcomes: (Outcome | undefined)[] = new Array<Outcome | undefined>(input.changes.length);
    await carryOutAll(set, input, outcomes, settings.country());
    if (set.entries.length > 0) for (const reactor of ordered()) await reactor.run(set);
    return { set, outcomes: outcomes as Outcome[] };
  };

  const apply = async (input: ApplyInput): Promise<ApplyResult> => {
    if (input.changes.length > MAX_CHANGES) throw new Error(`A change set holds at most ${MAX_CHANGES} changes.`);
    const once = async (trx: Knex.Transaction): Promise<ApplyResult> => {
      const { set, outcomes } = await run(trx, input, false);
      await input.beforeWriting?.();
      return { outcomes, eventIds: await flush(trx, set) };
    };
    return input.trx ? once(input.trx) : inTransaction(kit.db, once);
  };

  return {
    reactors: {
      add: (reactor) => {
        if (!REACTOR_STAGES.includes(reactor.stage)) throw new Error(`Unknown reactor stage "${reactor.stage}".`);
        reactors.push(reactor);
      },
      list: ordered,
    },
    apply,
    simulate: async (input) => {
      let seen: Awaited<ReturnType<Leads['simulate']>> = { rows: [], decisions: [], events: [] };
      try {
        await kit.db.transaction(async (trx) => {
          const { set } = await run(trx, input, true);
          seen = { rows: set.entries.map((entry): LeadRow => entry.row), decisions: set.staged.decisions, events: set.staged.events };
          throw new Rollback();
        });
      } catch (error) {
        if (!(error instanceof Rollback)) throw error;
      }
      return seen;
    },
  };
}
