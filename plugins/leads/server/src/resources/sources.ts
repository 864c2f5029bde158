import { badRequest, insertRow, isPendingReview, many, notFound, updateRow } from '@leadsea/crm-core';
import type { ConfigSection, ConfigValue, Kit, ResourceDefinition, ResourceField } from '@leadsea/crm-core';
import type { CaptureAdapters } from '../services/capture-adapters';

const w = { writable: true } as const;
const FIELDS: readonly ResourceField[] = [
  { name: 'id', type: 'id' },
  { name: 'key', type: 'text', ...w },
  { name: 'name', type: 'text', ...w },
  { name: 'adapter', type: 'select', ...w },
  { name: 'defaults', type: 'json', ...w },
  { name: 'allowedOrigins', type: 'json', ...w },
  { name: 'country', type: 'text', ...w },
  { name: 'active', type: 'boolean', ...w },
  {
    name: 'taken',
    type: 'number',
    sortable: false,
    filterable: false,
    sql: (alias) => `(SELECT count(*)::int FROM crm_captures c WHERE c.source_id = ${alias}.id)`,
  },
];
const COLUMNS: Readonly<Record<string, string>> = { allowedOrigins: 'allowed_origins' };
const KEY = /^[a-z0-9][a-z0-9-]{5,79}$/;

function check(adapters: CaptureAdapters, values: Record<string, unknown>, isNew: boolean): Record<string, unknown> {
  if ((isNew || values['key'] !== undefined) && !(typeof values['key'] === 'string' && KEY.test(values['key']))) {
    throw badRequest('KEY_INVALID', 'A key has 6 to 80 small letters, digits or hyphens; make it hard to guess.', { field: 'key' });
  }
  if (isNew && !values['name']) throw badRequest('VALUE_REQUIRED', 'A source needs a name.', { field: 'name' });
  if (values['adapter'] !== undefined && values['adapter'] !== 'auto' && !adapters.names().some((name) => name === values['adapter'])) {
    throw badRequest('ADAPTER_UNKNOWN', 'This kind of source is not known.', { field: 'adapter', known: ['auto', ...adapters.names()] });
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [COLUMNS[name] ?? name, value]));
}

/** Where leads come in: each source has a key for `POST /api/capture/:key`, its own defaults and the web origins that may send. */
export function sourcesResource(kit: Kit, adapters: CaptureAdapters): ResourceDefinition {
  const note = (
    trx: Parameters<Kit['events']['append']>[0],
    id: number,
    type: string,
    after: Record<string, unknown>,
    context: { actor: Parameters<Kit['events']['append']>[2]; now: Date },
  ): Promise<number[]> =>
    kit.events.append(
      trx,
      [{ subject: 'source', subjectId: id, type: `source.${type}`, after }],
      context.actor,
      { type: 'edit' },
      context.now,
    );
  return {
    name: 'sources',
    table: 'crm_sources',
    rows: { owner: null, team: null, pool: null },
    fields: FIELDS,
    search: ['name', 'key'],
    defaultSort: ['name', 'ASC'],
    create: (context, values) =>
      kit.db.transaction(async (trx) => {
        const id = await insertRow(
          trx,
          'crm_sources',
          { adapter: 'auto', defaults: {}, allowed_origins: [], active: true, ...check(adapters, values, true) },
          context.now,
        );
        await note(trx, id, 'created', values, context);
        return id;
      }),
    update: async (context, id, values) => {
      await kit.db.transaction(async (trx) => {
        if (!(await updateRow(trx, 'crm_sources', id, check(adapters, values, false), context.now))) throw notFound('Source');
        await note(trx, id, 'updated', values, context);
      });
    },
  };
}

const DEFAULTS = { adapter: 'auto', defaults: {}, allowedOrigins: [], country: null, active: true };

/** Sources as configuration text, written through the same checks and history as in the console. */
export function sourcesSection(kit: Kit, resource: ResourceDefinition, adapters: CaptureAdapters): ConfigSection {
  return {
    key: 'sources',
    order: 65,
    resource: 'sources',
    keyOf: ({ key }) => (typeof key === 'string' && key !== '' ? key : null),
    normalise: (value) => {
      check(adapters, value, true);
      return { ...DEFAULTS, ...value };
    },
    read: async () => {
      const rows = await many<{ id: number; value: ConfigValue & { key: string } }>(
        kit.db,
        `SELECT id, jsonb_build_object('key', key, 'name', name, 'adapter', coalesce(adapter, 'auto'), 'defaults', coalesce(defaults, '{}'),
           'allowedOrigins', coalesce(allowed_origins, '[]'), 'country', country, 'active', coalesce(active, true)) AS value
         FROM crm_sources ORDER BY key`,
      );
      return rows.map(({ id, value }) => ({ key: value.key, id, value }));
    },
    write: async (context, value, current) => {
      if (current?.id != null) return resource.update?.(context, current.id, { ...value });
      const created = await resource.create?.(context, { ...value });
      return isPendingReview(created) ? created : undefined;
    },
  };
}
