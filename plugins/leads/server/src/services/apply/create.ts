import type { CustomField } from '@leadsea/crm-core';
import type { ApplyInput, LeadChange, Lifecycle, Outcome } from '../../../../contracts';
import { ruledFields } from '../../domain/field-rules';
import { parseValues } from '../../domain/values';
import { enterStage, invalid, leadEvent, visible } from './changes';
import { checkFieldRules } from './field-rules';
import { identify, keyRow, mergePatch, outcomeOf, type Candidate, type Identity } from './identify';
import { blankLead, lockLeads, nextIds } from './rows';
import { createEntry, type PipelineSet } from './working-set';

type Create = Extract<LeadChange, { op: 'create' }>;
const ORIGIN = ['name', 'company', 'source', 'campaign', 'product', 'stage'];

/** Puts what has a value into a row that is not shared yet. */
function fill(row: Record<string, unknown>, values: Readonly<Record<string, unknown>>): void {
  for (const column of Object.keys(values)) if (values[column] !== null) row[column] = values[column];
}

/** Values → candidate rows; what cannot be a lead is refused here, by field. A capture is never refused for a doubtful value: it is marked. */
async function candidatesOf(
  set: PipelineSet,
  creates: readonly { change: Create; index: number }[],
  country: string | null,
  outcomes: (Outcome | undefined)[],
): Promise<Candidate[]> {
  const ids = await nextIds(set.trx, 'crm_leads', creates.length);
  const fields = set.kit.custom.fields('lead');
  const ruled = ruledFields(fields).length > 0;
  const candidates: Candidate[] = [];
  creates.forEach(({ change, index }, position) => {
    const parsed = parseValues(change.values, fields, true);
    const lenient = set.actor.kind === 'capture';
    if (parsed.problems.length > 0 && !lenient) {
      outcomes[index] = invalid(null, parsed.problems, change.ref);
      return;
    }
    const row = blankLead(ids[position]!, set.now);
    fill(row, parsed.columns);
    fill(row.custom, parsed.custom);
    if (parsed.problems.length > 0) row.quarantine = 'incomplete';
    if (set.actor.kind === 'import' && set.cause.id) row.import_id = Number(set.cause.id);
    const keys = keyRow(row, change.country ?? country, change.external);
    if (row.email !== null && row.email_key === null && !lenient) {
      outcomes[index] = invalid(
        null,
        [{ field: 'email', code: 'EMAIL_INVALID', message: `"${row.email}" is not an e-mail address.` }],
        change.ref,
      );
      return;
    }
    if (row.email !== null && row.email_key === null) row.quarantine = 'email-invalid';
    if (row.name === null && row.email === null && row.phone === null && row.wechat === null && row.company === null && !change.external) {
      outcomes[index] = invalid(
        null,
        [
          {
            field: 'name',
            code: 'LEAD_EMPTY',
            message: 'A lead needs at least a name, a company, an e-mail address, a phone number or an id of its source.',
          },
        ],
        change.ref,
      );
      return;
    }
    candidates.push({ index, change, row, keys });
  });
  return ruled ? keepRuled(set, candidates, fields, outcomes) : candidates;
}

/** What the rules of custom fields refuse; of a capture only the values that do not apply are left out, and the lead is marked. */
async function keepRuled(
  set: PipelineSet,
  candidates: readonly Candidate[],
  fields: readonly CustomField[],
  outcomes: (Outcome | undefined)[],
): Promise<Candidate[]> {
  const scope = { kit: set.kit, trx: set.trx, actor: set.actor, now: set.now, subject: 'lead' } as const;
  const rows = candidates.map(({ row }) => ({ before: null, after: row, given: new Set(Object.keys(row.custom)) }));
  const problems = await checkFieldRules(scope, fields, rows);
  return candidates.filter(({ change, row, index }, position) => {
    const found = problems[position] ?? [];
    if (found.length === 0) return true;
    if (set.actor.kind !== 'capture') {
      outcomes[index] = invalid(null, found, change.ref);
      return false;
    }
    const stray = new Set(found.filter(({ code }) => code !== 'VALUE_REQUIRED').map(({ field }) => field.slice('custom.'.length)));
    row.custom = Object.fromEntries(Object.entries(row.custom).filter(([key]) => !stray.has(key)));
    row.quarantine = 'incomplete';
    return true;
  });
}

/** History says where the lead stands: set, told in its story, and not moved by the graph. */
function setStage(set: PipelineSet, id: number, state: Create['state'], graph: Lifecycle): boolean {
  const entry = set.mutable(id);
  if (!state || entry.row.stage === state.stage) return false;
  const at = state.enteredAt ?? set.now;
  enterStage(set, entry, graph, { to: state.stage, at }, { data: { enteredAt: at } });
  return true;
}

function addNew(set: PipelineSet, candidate: Candidate, identity: Identity, graph: Lifecycle): Outcome {
  const { row, change } = candidate;
  const entry = createEntry(row.id, row, null);
  set.add(entry);
  for (const column of Object.keys(row)) if (row[column] !== null) entry.changed.add(column);
  if (identity.kind === 'linked') set.set(row.id, { duplicate_of: identity.to });
  set.ask(row.id, 'route');
  if (change.holding) {
    set.set(row.id, {
      ...(change.holding.ownerId ? { owner_id: change.holding.ownerId } : {}),
      ...(change.holding.poolId ? { pool_id: change.holding.poolId } : {}),
    });
    set.ask(row.id, 'held');
  }
  set.emit(leadEvent(row.id, 'lead.created', { after: visible(row, ORIGIN), data: change.raw ? { raw: change.raw } : null }));
  setStage(set, row.id, change.state, graph);
  if (identity.kind === 'linked') {
    set.decide({
      kind: 'dedupe',
      leadId: row.id,
      policyVersionId: null,
      inputs: { key: identity.by.kind },
      result: { linkedTo: identity.to },
    });
    set.emit(leadEvent(row.id, 'lead.duplicate_found', { data: { key: identity.by.kind, lead: identity.to } }));
  }
  return outcomeOf(identity.kind === 'linked' ? 'linked' : 'created', row.id, change);
}

function addSame(set: PipelineSet, candidate: Candidate, identity: Extract<Identity, { kind: 'same' }>, graph: Lifecycle): Outcome {
  const { change, row } = candidate;
  const entry = set.mutable(identity.as);
  const mode = change.onDuplicate ?? 'merge';
  if (mode === 'skip' || mode === 'link') return outcomeOf('skipped', entry.id, change);
  const before = { ...entry.row };
  const patch = mergePatch(entry.row, row, mode);
  delete patch['import_id'];
  set.set(entry.id, patch);
  const changed = Object.keys(patch).filter(
    (column) => JSON.stringify(before[column] ?? null) !== JSON.stringify(entry.row[column] ?? null),
  );
  const repeated = identity.by.kind === 'external';
  const moved = setStage(set, entry.id, change.state, graph);
  if (changed.length === 0 && (repeated || set.actor.kind === 'import')) return outcomeOf(moved ? 'updated' : 'skipped', entry.id, change);
  set.emit(
    leadEvent(entry.id, 'lead.duplicate_merged', {
      before: visible(before, changed),
      after: visible(entry.row, changed),
      data: { key: identity.by.kind, ...(change.raw ? { raw: change.raw } : {}) },
    }),
  );
  if (entry.row.owner_id === null && entry.row.pool_id === null) set.ask(entry.id, 'route');
  return outcomeOf(repeated ? 'updated' : 'merged', entry.id, change);
}

/** Creates of a change set: parse, take keys, and become new leads or parts of those that are here. Fills `outcomes` by change index. */
export async function carryOutCreates(
  set: PipelineSet,
  input: ApplyInput,
  { country, graph }: { readonly country: string | null; readonly graph: Lifecycle },
  outcomes: (Outcome | undefined)[],
): Promise<void> {
  const creates = input.changes.flatMap((change, index) => (change.op === 'create' ? [{ change, index }] : []));
  if (creates.length === 0) return;
  const candidates = await candidatesOf(set, creates, country, outcomes);
  const identities = await identify(set.trx, candidates, async (ids) => {
    const fresh = await lockLeads(
      set.trx,
      ids.filter((id) => !set.has(id)),
    );
    for (const [id, row] of fresh) set.add(createEntry(id, row, { ...row, custom: { ...row.custom } }));
    return new Map(ids.filter((id) => set.has(id)).map((id) => [id, set.mutable(id).row]));
  });
  candidates.forEach((candidate, position) => {
    const identity = identities[position]!;
    outcomes[candidate.index] =
      identity.kind === 'same' ? addSame(set, candidate, identity, graph) : addNew(set, candidate, identity, graph);
  });
}
