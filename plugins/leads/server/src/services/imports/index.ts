import { badRequest, forbidden, conflict, one } from '@leadsea/crm-core';
import type { Actor, Kit, ResourceField, ResourceVerb, VerbContext } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { RunDeps } from './entity';
import { dryRun } from './dry-run';
import { sendErrors } from './errors-file';
import { hasRows, revertImport } from './revert';
import { importableOf } from './kinds';
import { MAX_ATTEMPTS, runImport } from './run';
import { importKind, importOptions, mappingInput, type ColumnMapping, type ImportOptions } from './schema';
import { getImport, lockImport, updateImport, type ImportRecord, type ImportState } from './store';
import { assertComplete, assertMapping, effectiveMapping, missingFields, targetsFor } from './targets';
import { proposeAs, receive, warningOf } from './upload';

const RUN = 'leads.import';
const CHECK = 'leads.import-check';
const REVERT = 'leads.import-revert';
const EDITABLE: readonly ImportState[] = ['draft', 'checked'];

const field = (name: string, type: ResourceField['type'], zh: string, en: string, more: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type,
  label: { zh, en },
  ...more,
});
const KIND_OPTIONS = [
  { value: 'leads', label: { zh: '线索', en: 'Leads' } },
  { value: 'accounts', label: { zh: '客户', en: 'Accounts' } },
  { value: 'opportunities', label: { zh: '商机', en: 'Opportunities' } },
  { value: 'activities', label: { zh: '跟进记录', en: 'Follow-ups' } },
];
const FIELDS: readonly ResourceField[] = [
  field('kind', 'select', '内容', 'Holds', { writable: true, options: KIND_OPTIONS }),
  field('fileName', 'text', '文件', 'File'),
  field('size', 'number', '大小', 'Size'),
  field('status', 'select', '状态', 'Status'),
  field('total', 'number', '总行数', 'Rows'),
  field('done', 'number', '已处理', 'Done'),
  field('counts', 'json', '结果', 'Counts'),
  field('sniffed', 'json', '文件格式', 'Format'),
  field('headers', 'json', '列', 'Columns'),
  field('samples', 'json', '示例行', 'Sample rows'),
  field('mapping', 'json', '字段映射', 'Mapping', { writable: true }),
  field('options', 'json', '选项', 'Options', { writable: true }),
  field('dryRun', 'json', '试运行', 'Dry run'),
  field('revert', 'json', '撤销结果', 'Reverted'),
  field('error', 'text', '错误', 'Error'),
  field('owner', 'reference', '导入人', 'Imported by', { reference: 'members', column: 'owner_id' }),
  field('team', 'reference', '团队', 'Team', { reference: 'teams', column: 'team_id' }),
  field('createdAt', 'datetime', '创建时间', 'Created'),
  field('startedAt', 'datetime', '开始时间', 'Started'),
  field('finishedAt', 'datetime', '结束时间', 'Finished'),
];

const wrongState = (record: ImportRecord, wanted: readonly string[]) =>
  conflict('IMPORT_STATE', `This import is ${record.status}; that can only be done while it is ${wanted.join(' or ')}.`, {
    status: record.status,
    allowed: wanted,
  });

/** Refuses options that name nobody, or that the person may not choose. */
async function assertOptions(kit: Kit, actor: Actor, record: Pick<ImportRecord, 'headers'>, options: ImportOptions): Promise<void> {
  const { destination, externalId, timeZone } = options;
  if (externalId !== undefined && !record.headers.some((header) => header.toLowerCase() === externalId.toLowerCase())) {
    throw badRequest('COLUMN_UNKNOWN', `The file has no column "${externalId}".`, { field: 'externalId', columns: record.headers });
  }
  if (timeZone !== undefined && !isZone(timeZone))
    throw badRequest('TIME_ZONE_UNKNOWN', `"${timeZone}" is not an IANA time zone.`, { field: 'timeZone' });
  if (typeof destination !== 'object') return;
  if ('pool' in destination) {
    if (!(await one(kit.db, `SELECT 1 FROM crm_policies WHERE id = ? AND kind = 'pool'`, [destination.pool])))
      throw badRequest('POOL_UNKNOWN', 'There is no such pool.', { field: 'destination' });
    if (!kit.access.canRow(actor, 'leads', 'import', { owner: null, team: null, pool: destination.pool }))
      throw forbidden('You may not import into this pool.', { field: 'destination' });
    return;
  }
  if (destination.owner !== actor.memberId) kit.access.assert(actor, 'leads', 'assign');
  if (!(await one(kit.db, 'SELECT 1 FROM crm_members WHERE id = ? AND active', [destination.owner])))
    throw badRequest('MEMBER_UNKNOWN', 'There is no such active member.', { field: 'destination' });
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

async function assertReady(kit: Kit, actor: Actor, record: ImportRecord): Promise<void> {
  const importable = importableOf(record.kind);
  kit.access.assert(actor, importable.resource, 'import');
  const custom = kit.custom.fields(importable.entity);
  const mapping = effectiveMapping(record.mapping, record.options);
  assertMapping(kit, actor, importable, record.headers, mapping, custom);
  await assertOptions(kit, actor, record, record.options);
  if (!mapping.some((column) => column.target !== null))
    throw badRequest('MAPPING_EMPTY', 'No column is mapped to a field.', { field: 'mapping' });
  assertComplete(importable, mapping, record.options);
  if (missingFields(mapping, custom).length > 0) kit.access.assert(actor, 'fields', 'create');
}

const verb = <Input>(definition: ResourceVerb<Input>): ResourceVerb => definition;

/** Imports: files of leads, accounts, deals and follow-ups taken in, checked, run, taken back; each long step is a job that any node can go on with. */
export function registerImports(kit: Kit, leads: RunDeps['leads']): void {
  kit.jobs.handle(RUN, (job) => runImport({ kit, leads }, job));
  kit.jobs.handle(CHECK, (job) => dryRun({ kit, leads }, job));
  kit.jobs.handle(REVERT, (job) => revertImport({ kit, leads }, job));

  const enqueue = (trx: Knex.Transaction, kind: string, id: number): Promise<number[]> =>
    kit.jobs.enqueue(trx, [{ kind, key: `import:${id}`, payload: { import: id }, maxAttempts: MAX_ATTEMPTS }]);

  const step = (
    name: string,
    summary: string,
    from: readonly ImportState[],
    kind: string,
    to: Record<string, unknown>,
    check: (record: ImportRecord, context: VerbContext) => Promise<void>,
  ): ResourceVerb =>
    verb({
      name,
      target: 'record',
      input: z.object({}),
      summary,
      access: 'update',
      run: async (context, ids) => {
        const id = ids[0]!;
        await check(await getImport(kit.db, id), context);
        return kit.db.transaction(async (trx) => {
          const record = await lockImport(trx, id);
          if (!from.includes(record.status)) throw wrongState(record, from);
          await updateImport(trx, id, {
            ...to,
            ...(kind === RUN ? { started_at: context.now, owner_id: record.owner_id ?? context.actor.memberId } : {}),
          });
          const [job] = await enqueue(trx, kind, id);
          if (kind === RUN)
            await kit.events.append(
              trx,
              [
                {
                  subject: 'import',
                  subjectId: id,
                  type: 'import.started',
                  after: { kind: record.kind, file: record.file_name, rows: record.total },
                },
              ],
              context.actor,
              { type: 'import', id: String(id) },
              context.now,
            );
          return { id, status: to['status'], job };
        });
      },
    });

  kit.resources.define({
    name: 'imports',
    table: 'crm_imports',
    rows: { owner: 'owner_id', team: 'team_id' },
    fields: FIELDS,
    search: ['fileName'],
    defaultSort: ['id', 'DESC'],
    decorate: async ({ actor }, rows) => {
      for (const row of rows)
        row['progress'] = { done: row['done'] ?? 0, total: row['total'] ?? null, ...(row['counts'] as Record<string, number> | null) };
      const [only] = rows;
      if (!only || rows.length > 1 || !EDITABLE.includes(only['status'] as ImportState)) return;
      const known = await one<Pick<ImportRecord, 'id' | 'hash' | 'kind'>>(kit.db, 'SELECT id, hash, kind FROM crm_imports WHERE id = ?', [
        only['id'],
      ]);
      if (known) only['targets'] = targetsFor(kit, actor, importableOf(known.kind));
      only['warning'] = known ? await warningOf(kit, known) : null;
    },
    update: async ({ actor }, id, values) => {
      await kit.db.transaction(async (trx) => {
        const record = await lockImport(trx, id);
        if (!EDITABLE.includes(record.status)) throw wrongState(record, EDITABLE);
        const kind = values['kind'] === undefined ? record.kind : importKind.parse(values['kind']);
        const importable = importableOf(kind);
        kit.access.assert(actor, importable.resource, 'import');
        const proposed = kind === record.kind ? record : await proposeAs(kit, actor, record, kind);
        const options = values['options'] === undefined ? proposed.options : importOptions.parse(values['options']);
        const mapping: readonly ColumnMapping[] =
          values['mapping'] === undefined ? proposed.mapping : mappingInput.parse(values['mapping']);
        assertMapping(kit, actor, importable, record.headers, effectiveMapping(mapping, options), kit.custom.fields(importable.entity));
        await assertOptions(kit, actor, record, options);
        await updateImport(trx, id, { kind, mapping, options, status: 'draft', dry_run: null });
      });
    },
    verbs: [
      step(
        'dry-run',
        'Read the whole file and say what would happen; nothing is written.',
        EDITABLE,
        CHECK,
        { status: 'checking', dry_run: null },
        (record, { actor }) => assertReady(kit, actor, record),
      ),
      step('start', 'Bring the records in.', EDITABLE, RUN, { status: 'running', error: null }, (record, { actor }) =>
        assertReady(kit, actor, record),
      ),
      step(
        'revert',
        'Take the import back: remove what it made, restore what it changed.',
        ['done', 'cancelled', 'failed'],
        REVERT,
        { status: 'reverting', revert: null },
        async (record, { actor }) => {
          kit.access.assert(actor, importableOf(record.kind).resource, 'import');
          if (!(await hasRows(kit, record.id))) throw conflict('IMPORT_EMPTY', 'This import brought nothing in.');
        },
      ),
      verb({
        name: 'cancel',
        target: 'record',
        input: z.object({}),
        summary: 'Stop; what is in stays in and can be reverted.',
        access: 'update',
        run: async ({ now }, ids) => {
          const id = ids[0]!;
          const status = await kit.db.transaction(async (trx) => {
            const record = await lockImport(trx, id);
            if (record.status !== 'running' && record.status !== 'checking') throw wrongState(record, ['running', 'checking']);
            const next = record.status === 'running' ? 'cancelled' : 'draft';
            await updateImport(trx, id, { status: next, ...(next === 'cancelled' ? { finished_at: now } : {}) });
            return next;
          });
          const job = await one<{ id: string }>(
            kit.db,
            `SELECT id FROM crm_jobs WHERE kind = ANY(?::text[]) AND key = ? AND state IN ('queued', 'running')`,
            [[RUN, CHECK], `import:${id}`],
          );
          if (job) await kit.jobs.cancel(Number(job.id));
          return { id, status };
        },
      }),
    ],
  });

  kit.addRoute('POST', '/imports', async (ctx, context) => {
    const id = await receive(kit, ctx, context);
    const record = await getImport(kit.db, id);
    ctx.status = 200;
    ctx.body = {
      id,
      kind: record.kind,
      targets: targetsFor(kit, context.actor, importableOf(record.kind)),
      fileName: record.file_name,
      size: Number(record.size),
      sniffed: record.sniffed,
      headers: record.headers,
      samples: record.samples,
      mapping: record.mapping,
      options: record.options,
      status: record.status,
      warning: await warningOf(kit, record),
    };
  });
  kit.addRoute('GET', '/imports/:id/errors', (ctx, context) => sendErrors(kit, ctx, context));
}
