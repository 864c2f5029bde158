import type { Knex } from 'knex';
import type {
  AccessService,
  Actor,
  EventInput,
  EventService,
  FieldEntity,
  MergedOption,
  OptionMergeResult,
  PolicyAfterMerge,
} from '../../../../contracts';
import { AppError, isPendingReview } from '../../../../contracts';
import { canonical } from '../../domain/config/diff';
import { ENTITY_TABLES } from '../../domain/fields/definition';
import { withOption, type OptionChange } from '../../domain/fields/rename-option';
import type { FullPolicyService } from '../policies';
import { databaseJson } from '../../domain/machine/json';
import { many, updateRow } from '../rows';

export interface MergeNamesDeps {
  readonly db: Knex;
  readonly events: EventService;
  readonly access: AccessService;
  readonly policies: FullPolicyService;
}

const CONDITIONS = { visible_when: 'visibleWhen', required_when: 'requiredWhen', read_only_when: 'readOnlyWhen' } as const;
/** The resource whose saved views filter by fields of a kind of record. */
const VIEWS: Readonly<Record<FieldEntity, string>> = {
  lead: 'leads',
  account: 'accounts',
  opportunity: 'opportunities',
  activity: 'activities',
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));

export const changeOf = (entity: FieldEntity, key: string, from: string, to: string): OptionChange => ({
  fact: `${ENTITY_TABLES[entity].subject}.custom.${key}`,
  filter: `custom.${key}`,
  from,
  to,
});

interface FieldRow {
  readonly id: number;
  readonly key: string;
  readonly entity: FieldEntity;
  readonly parent_field: string | null;
  readonly options: readonly { readonly value: string; readonly when?: readonly string[] }[] | null;
  readonly visible_when: unknown;
  readonly required_when: unknown;
  readonly read_only_when: unknown;
}

/** Other fields: their conditions, and options that are offered for this one. They are about the same records, so they follow at once. */
async function renameInFields(deps: MergeNamesDeps, trx: Knex.Transaction, merged: MergedOption, actor: Actor, now: Date): Promise<number> {
  const change = { ...changeOf(merged.entity, merged.key, merged.from, merged.to), filter: undefined };
  const rows = await many<FieldRow>(
    trx,
    'SELECT id, key, entity, parent_field, options, visible_when, required_when, read_only_when FROM crm_fields ORDER BY id FOR UPDATE',
  );
  const events: EventInput[] = [];
  for (const row of rows) {
    const patch: Record<string, unknown> = {};
    for (const column of Object.keys(CONDITIONS) as (keyof typeof CONDITIONS)[]) {
      const next = withOption(row[column], change);
      if (!same(next, row[column])) patch[column] = next;
    }
    if (row.entity === merged.entity && row.parent_field === merged.key && row.options) {
      const options = row.options.map((option) =>
        option.when ? { ...option, when: [...new Set(option.when.map((one) => (one === merged.from ? merged.to : one)))] } : option,
      );
      if (!same(options, row.options)) patch['options'] = options;
    }
    if (Object.keys(patch).length === 0) continue;
    const named = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
      Object.fromEntries(Object.entries(values).map(([column, value]) => [CONDITIONS[column as keyof typeof CONDITIONS] ?? column, value]));
    const before = Object.fromEntries(Object.keys(patch).map((column) => [column, row[column as keyof FieldRow]]));
    await updateRow(trx, 'crm_fields', row.id, patch, now);
    events.push({
      subject: 'field',
      subjectId: row.id,
      type: 'field.updated',
      before: named(before),
      after: named(patch),
      data: { key: row.key },
    });
  }
  if (events.length > 0) await deps.events.append(trx, events, actor, { type: 'merge-option', id: String(merged.field) }, now);
  return events.length;
}

async function renameInViews(trx: Knex.Transaction, merged: MergedOption): Promise<number> {
  const change = changeOf(merged.entity, merged.key, merged.from, merged.to);
  const rows = await many<{ id: number; view: unknown }>(
    trx,
    'SELECT id, view FROM crm_saved_views WHERE resource = ? AND view::text LIKE ? FOR UPDATE',
    [VIEWS[merged.entity], `%custom.${merged.key}%`],
  );
  const changed = rows
    .map(({ id, view }) => ({ id, view: withOption(view, change) }))
    .filter(({ view }, index) => !same(view, rows[index]!.view));
  if (changed.length > 0)
    await trx.raw(
      `UPDATE crm_saved_views t SET view = r.view FROM jsonb_to_recordset(?::jsonb) AS r(id int, view jsonb) WHERE t.id = r.id`,
      [databaseJson(changed)],
    );
  return changed.length;
}

interface PolicyState {
  readonly id: number;
  readonly kind: string;
  readonly key: string;
  readonly name: string;
  readonly draft: unknown;
  readonly body: unknown;
}

const policyStates = (db: Knex, fact: string): Promise<PolicyState[]> =>
  many(
    db,
    `SELECT p.id, p.kind, p.key, p.name, p.draft, v.body FROM crm_policies p LEFT JOIN crm_policy_versions v ON v.id = p.published_version_id
     WHERE p.state <> 'retired' AND (p.draft::text LIKE ? OR v.body::text LIKE ?) ORDER BY p.kind, p.position, p.id`,
    [`%"${fact}"%`, `%"${fact}"%`],
  );

/** Policies, as drafted or as live, that name an option of a field. */
export async function policiesNaming(
  db: Knex,
  field: { readonly entity: FieldEntity; readonly key: string },
  options: readonly string[],
): Promise<Readonly<Record<string, readonly { readonly kind: string; readonly key: string; readonly name: string }[]>>> {
  const states = await policyStates(db, changeOf(field.entity, field.key, '', '').fact);
  const names = (body: unknown, option: string): boolean =>
    body !== null && !same(withOption(body, changeOf(field.entity, field.key, option, `${option}\u0000`)), body);
  return Object.fromEntries(
    options.flatMap((option) => {
      const found = states.filter(({ draft, body }) => names(draft, option) || names(body, option));
      return found.length === 0 ? [] : [[option, found.map(({ kind, key, name }) => ({ kind, key, name }))]];
    }),
  );
}

/** One policy: the live version by its own road (rights, lint, four eyes) where that was wanted, an unpublished draft beside it stays a draft. */
async function renameInPolicy(
  { policies, access }: MergeNamesDeps,
  { id, kind, key, name, draft, body }: PolicyState,
  merged: MergedOption,
  actor: Actor,
  now: Date,
): Promise<PolicyAfterMerge | null> {
  const change = changeOf(merged.entity, merged.key, merged.from, merged.to);
  const [nextDraft, nextBody] = [withOption(draft, change), body === null ? null : withOption(body, change)];
  const about = { kind, key, name };
  const live = body !== null && !same(nextBody, body);
  if (!live && same(nextDraft, draft)) return null;
  const { resource } = policies.kind(kind);
  const publishes = live && merged.publish && access.can(actor, resource, 'publish');
  try {
    await policies.saveDraft(kind, id, { draft: publishes ? nextBody : nextDraft }, actor, now);
    const answer = publishes ? await policies.publish(id, `${merged.key}: ${merged.from} → ${merged.to}`, actor, now) : null;
    if (publishes && !same(nextDraft, nextBody)) await policies.saveDraft(kind, id, { draft: nextDraft }, actor, now);
    if (answer === null) return { ...about, state: 'drafted', live };
    return { ...about, state: isPendingReview(answer) ? 'asked' : 'published', live };
  } catch (error) {
    // What stands in the way (a draft with an error of another kind) is no reason to keep the records from being merged.
    if (error instanceof AppError && error.status < 500) return { ...about, state: 'failed', live, code: error.code };
    throw error;
  }
}

/**
 * What configuration says of an option that became another one: fields and saved views follow at once; policies decide about people and leads, so
 * their drafts follow, and what is live only where that was wanted and the actor may publish it.
 */
export async function renameOption(deps: MergeNamesDeps, merged: MergedOption, actor: Actor, now: Date): Promise<OptionMergeResult> {
  const { fields, views } = await deps.db.transaction(async (trx) => ({
    fields: await renameInFields(deps, trx, merged, actor, now),
    views: await renameInViews(trx, merged),
  }));
  const policies: PolicyAfterMerge[] = [];
  for (const state of await policyStates(deps.db, changeOf(merged.entity, merged.key, '', '').fact)) {
    const after = await renameInPolicy(deps, state, merged, actor, now);
    if (after) policies.push(after);
  }
  return { fields, views, policies };
}
