import type { Knex } from 'knex';
import { z } from 'zod';
import { badRequest, conflict, notFound, type CustomFieldType, type Kit, type ResourceDefinition } from '../../../contracts';
import { conditionFindings, fieldDefinitionSchema, mayBecome, parentProblem, type FieldDefinition } from '../domain/fields/definition';
import { INDEX_JOB, indexName } from '../services/fields/indexes';
import { fieldUsage, type FieldRow } from '../services/fields/usage';
import { camel, many, one } from '../services/rows';
import { recordResource } from './record-resource';

type Values = Record<string, unknown>;
const w = { writable: true } as const;
const FIXED = ['entity', 'key'] as const;

const asDefinition = (row: Values): Values => Object.fromEntries(Object.entries(row).map(([column, value]) => [camel(column), value]));

/** @throws AppError FIELD_INVALID with the path of every problem */
export function parseDefinition(kit: Pick<Kit, 'conditions'>, values: Values): FieldDefinition {
  const parsed = fieldDefinitionSchema.safeParse(values);
  const issues = parsed.success
    ? conditionFindings(parsed.data, kit.conditions.check)
        .filter(({ level }) => level === 'error')
        .map(({ path, message }) => ({ path: path ?? '', message }))
    : parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  if (!parsed.success || issues.length > 0)
    throw badRequest('FIELD_INVALID', issues[0]?.message ?? 'The field is not valid.', {
      issues,
      ...(issues[0] ? { field: issues[0].path } : {}),
    });
  return parsed.data;
}

/** What a saved field may no longer change, and options that records still have. */
async function assertChangeable(trx: Knex.Transaction, current: Values, next: FieldDefinition): Promise<void> {
  for (const field of FIXED)
    if (next[field] !== current[field]) throw badRequest('FIELD_FIXED', `"${field}" of a saved field does not change.`, { field });
  if (!mayBecome(current['type'] as CustomFieldType, next.type))
    throw badRequest('TYPE_FIXED', 'Values that are stored already do not fit this type. Make a new field and retire this one.', {
      field: 'type',
    });
  const before = (current['options'] as { value: string }[] | null) ?? [];
  const gone = before.filter(({ value }) => !next.options.some((option) => option.value === value));
  if (gone.length === 0) return;
  const usage = await fieldUsage(trx, current as Values & FieldRow);
  const used = gone.flatMap(({ value }) =>
    (usage.options[value] ?? 0) > 0 ? [{ option: value, records: usage.options[value] ?? 0 }] : [],
  );
  if (used[0])
    throw conflict(
      'OPTION_IN_USE',
      `${used[0].records} records have the option "${used[0].option}". Merge it into another one or retire it.`,
      {
        field: 'options',
        options: used,
        ...used[0],
      },
    );
}

/** Fields of one's own: checked as a whole, options and keys stable, an index built beside running work. */
export function fieldsResource(kit: Kit): ResourceDefinition {
  const { db } = kit;
  return recordResource(db, kit.events, {
    name: 'fields',
    table: 'crm_fields',
    subject: 'field',
    channel: 'crm_fields',
    search: ['key'],
    defaultSort: ['position', 'ASC'],
    removable: true,
    check: async (values, current, trx) => {
      const next = parseDefinition(kit, { ...(current ? asDefinition(current) : {}), ...values });
      for (const [name, value] of Object.entries(next)) if (values[name] !== undefined || current === null) values[name] = value;
      const others = await many<{ key: string; type: CustomFieldType; parentField: string | null; id: number }>(
        trx,
        'SELECT id, key, type, parent_field AS "parentField" FROM crm_fields WHERE entity = ?',
        [next.entity],
      );
      if (current === null && others.some(({ key }) => key === next.key))
        throw conflict('CONFLICT', 'Another field of this kind of record has this key.', { field: 'key' });
      const problem = parentProblem(next, new Map(others.filter(({ key }) => key !== next.key).map((one) => [one.key, one])));
      if (problem)
        throw badRequest('FIELD_INVALID', problem, { field: 'parentField', issues: [{ path: 'parentField', message: problem }] });
      if (current) await assertChangeable(trx, current, next);
    },
    checkRemove: async (current, trx) => {
      const { records, policies } = await fieldUsage(trx, current as Values & FieldRow);
      if (records > 0) throw conflict('FIELD_IN_USE', `${records} records have a value in this field. Retire it instead.`, { records });
      if (policies.length > 0) throw conflict('FIELD_IN_POLICY', 'Policies still ask for this field.', { policies });
    },
    onWrite: async (trx, _context, id, values, current) => {
      const before = current?.['indexed'] === true && current['retired'] !== true;
      const after =
        (values['indexed'] ?? current?.['indexed'] ?? false) === true && (values['retired'] ?? current?.['retired'] ?? false) !== true;
      if (before !== after) await kit.jobs.enqueue(trx, [{ kind: INDEX_JOB, payload: { field: id }, key: `field:${id}` }]);
    },
    onRemove: async (trx, id) => {
      await kit.jobs.enqueue(trx, [{ kind: INDEX_JOB, payload: { field: id }, key: `field:${id}` }]);
    },
    afterCommit: () => kit.custom.refresh(),
    fields: [
      { name: 'id', type: 'id' },
      { name: 'entity', type: 'select', ...w },
      { name: 'key', type: 'text', ...w },
      { name: 'type', type: 'select', ...w },
      { name: 'label', type: 'json', ...w },
      { name: 'options', type: 'json', ...w },
      { name: 'required', type: 'boolean', ...w },
      { name: 'defaultValue', type: 'json', ...w },
      { name: 'validation', type: 'json', ...w },
      { name: 'section', type: 'text', ...w },
      { name: 'position', type: 'number', ...w },
      { name: 'visibleWhen', type: 'json', ...w },
      { name: 'requiredWhen', type: 'json', ...w },
      { name: 'readOnlyWhen', type: 'json', ...w },
      { name: 'parentField', type: 'text', ...w },
      { name: 'pii', type: 'boolean', ...w },
      { name: 'piiKind', type: 'select', ...w },
      { name: 'mask', type: 'json', ...w },
      { name: 'indexed', type: 'boolean', ...w },
      {
        name: 'index',
        type: 'select',
        sortable: false,
        filterable: false,
        sql: (alias) =>
          `CASE WHEN NOT coalesce(${alias}.indexed, false) OR coalesce(${alias}.retired, false) THEN NULL ELSE coalesce((SELECT CASE WHEN i.indisvalid THEN 'ready' ELSE 'building' END FROM pg_index i WHERE i.indexrelid = to_regclass('${indexName(0).slice(0, -1)}' || ${alias}.id)), 'building') END`,
      },
      { name: 'retired', type: 'boolean', ...w },
    ],
    verbs: [
      {
        name: 'usage',
        target: 'record',
        method: 'GET',
        input: z.object({}),
        summary: 'How many records have a value, by option, and which policies ask for it.',
        access: 'read',
        run: async (_context, ids) => {
          const field = await one<FieldRow>(db, 'SELECT id, entity, key, type, options FROM crm_fields WHERE id = ?', [ids[0]]);
          if (!field) throw notFound('Field');
          return fieldUsage(db, field);
        },
      },
    ],
  });
}
