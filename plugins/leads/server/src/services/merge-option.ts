import { AppError, badRequest, databaseJson, many, notFound, one } from '@leadsea/crm-core';
import type { Actor, CustomFieldOption, FieldEntity, Kit, MergedOption, ResourceVerb, RunningJob } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Leads } from '../../../contracts';

const JOB = 'fields.merge-option';
const BATCH = 500;
const TABLES: Readonly<Record<FieldEntity, string>> = {
  lead: 'crm_leads',
  account: 'crm_accounts',
  opportunity: 'crm_opportunities',
  activity: 'crm_activities',
};

interface FieldRow {
  readonly id: number;
  readonly entity: FieldEntity;
  readonly key: string;
  readonly type: string;
  readonly options: readonly CustomFieldOption[] | null;
  readonly default_value: unknown;
}

/** A stored value with one option in place of another; several become one. */
export function mergedValue(value: unknown, from: string, to: string): unknown {
  if (!Array.isArray(value)) return value === from ? to : value;
  return [...new Set(value.map((item: unknown) => (item === from ? to : item)))];
}

const PAYLOAD = z.object({
  field: z.number(),
  from: z.string(),
  to: z.string(),
  by: z.number().nullable().default(null),
  publish: z.boolean().default(false),
});

const has = (field: Pick<FieldRow, 'key' | 'type'>): string =>
  field.type === 'multiselect' ? `jsonb_exists(custom->'${field.key}', ?)` : `custom->>'${field.key}' = ?`;

/** The next records that have the option, with their values; locked, so that nobody's edit in between is lost. */
const nextRows = (trx: Knex.Transaction, field: FieldRow, from: string): Promise<{ id: number; custom: Record<string, unknown> }[]> =>
  many(trx, `SELECT id, custom FROM ${TABLES[field.entity]} WHERE ${has(field)} ORDER BY id LIMIT ${BATCH} FOR NO KEY UPDATE`, [from]);

async function mergeBatch(kit: Kit, leads: Leads, field: FieldRow, from: string, to: string, now: Date): Promise<number> {
  return kit.db.transaction(async (trx) => {
    const rows = await nextRows(trx, field, from);
    if (rows.length === 0) return 0;
    const merged = rows.map(({ id, custom }) => ({ id, custom: { ...custom, [field.key]: mergedValue(custom[field.key], from, to) } }));
    if (field.entity === 'lead') {
      // Through the one door: history, scores and clocks follow. A patch, because a field that is read-only for people is merged all the same.
      await leads.apply({
        trx,
        changes: merged.map(({ id, custom }) => ({ op: 'patch', id, columns: { custom }, event: 'lead.updated' })),
        actor: kit.actors.system('Fields'),
        cause: { type: 'merge-option', id: String(field.id), note: `${from} → ${to}` },
        now,
      });
    } else {
      await trx.raw(
        `UPDATE ${TABLES[field.entity]} t SET custom = r.custom FROM jsonb_to_recordset(?::jsonb) AS r(id int, custom jsonb) WHERE t.id = r.id`,
        [databaseJson(merged)],
      );
    }
    return rows.length;
  });
}

/** Takes the merged option out of the definition, and out of its default. */
async function dropOption(kit: Kit, merged: MergedOption, records: number, actor: Actor, now: Date): Promise<void> {
  const { field: fieldId, from, to } = merged;
  const named = await kit.custom.renameOption(merged, actor, now);
  await kit.db.transaction(async (trx) => {
    const field = await one<FieldRow>(trx, 'SELECT * FROM crm_fields WHERE id = ? FOR UPDATE', [fieldId]);
    if (!field) return;
    const options = (field.options ?? []).filter(({ value }) => value !== from);
    await trx.raw('UPDATE crm_fields SET options = ?::jsonb, default_value = ?::jsonb WHERE id = ?', [
      JSON.stringify(options),
      field.default_value === null ? null : JSON.stringify(mergedValue(field.default_value, from, to)),
      fieldId,
    ]);
    await kit.events.append(
      trx,
      [
        {
          subject: 'field',
          subjectId: fieldId,
          type: 'field.option_merged',
          before: { options: field.options },
          after: { options },
          data: { from, to, records, ...named },
        },
      ],
      kit.actors.system('Fields'),
      { type: 'merge-option', id: String(fieldId) },
      now,
    );
    await trx.raw(`SELECT pg_notify('crm_fields', '')`);
  });
  await kit.custom.refresh();
}

async function run(kit: Kit, leads: Leads, job: RunningJob): Promise<void> {
  const { field: fieldId, from, to, by, publish } = PAYLOAD.parse(job.payload);
  const field = await one<FieldRow>(kit.db, 'SELECT * FROM crm_fields WHERE id = ?', [fieldId]);
  if (!field) return;
  let done = 0;
  for (;;) {
    if (job.shouldStop()) return;
    const count = await mergeBatch(kit, leads, field, from, to, kit.clock.now());
    done += count;
    await job.progress(done, null);
    if (count < BATCH) break;
  }
  const actor = by === null ? kit.actors.system('Fields') : await kit.actors.member(by).catch(() => kit.actors.system('Fields'));
  await dropOption(kit, { field: fieldId, entity: field.entity, key: field.key, from, to, publish }, done, actor, kit.clock.now());
}

/**
 * `fields/:id/merge-option { from, to, publish }`: records that have `from` get `to`, configuration that names it follows (see
 * `kit.custom.renameOption`), then `from` is gone. A job, because it may be a million.
 */
export function registerMergeOption(kit: Kit, leads: Leads): void {
  kit.jobs.handle(JOB, (job) => run(kit, leads, job));
  const verb: ResourceVerb<{ from: string; to: string; publish: boolean }> = {
    name: 'merge-option',
    target: 'record',
    input: z.object({ from: z.string().min(1), to: z.string().min(1), publish: z.boolean().default(false) }),
    summary:
      'Give all records that have one option another one, and remove it; drafts of policies follow, with `publish` what is live too.',
    access: 'update',
    run: async ({ actor, now }, ids, { from, to, publish }) => {
      const jobId = await kit.db.transaction(async (trx) => {
        const field = await one<FieldRow>(trx, 'SELECT * FROM crm_fields WHERE id = ? FOR UPDATE', [ids[0]]);
        if (!field) throw notFound('Field');
        const options = field.options ?? [];
        const missing = [from, to].find((key) => !options.some(({ value }) => value === key));
        if (missing !== undefined) throw badRequest('OPTION_UNKNOWN', `There is no option "${missing}".`, { option: missing });
        if (from === to) throw badRequest('OPTION_SAME', 'An option cannot be merged into itself.');
        // Nobody chooses it any more while its records are on their way.
        const retired = options.map((option) => (option.value === from ? { ...option, retired: true } : option));
        await trx.raw('UPDATE crm_fields SET options = ?::jsonb WHERE id = ?', [JSON.stringify(retired), field.id]);
        await kit.events.append(
          trx,
          [
            {
              subject: 'field',
              subjectId: field.id,
              type: 'field.updated',
              before: { options },
              after: { options: retired },
              data: { from, to },
            },
          ],
          actor,
          { type: 'merge-option' },
          now,
        );
        await trx.raw(`SELECT pg_notify('crm_fields', '')`);
        const [job] = await kit.jobs.enqueue(trx, [
          { kind: JOB, key: `field:${field.id}:${from}`, payload: { field: field.id, from, to, by: actor.memberId, publish } },
        ]);
        if (job === undefined) throw new AppError('JOB_LOST', 500, 'The job was not written.');
        return job;
      });
      await kit.custom.refresh();
      return { job: jobId };
    },
  };
  kit.resources.extend('fields', { verbs: [verb] });
}
