import type { Knex } from 'knex';
import { badRequest, notFound } from '../../../contracts';
import type { ResourceDefinition, ResourceField, VerbContext } from '../../../contracts';
import type { ConsoleUsers } from '../services/users';
import { insertRow, one, snake, updateRow } from '../services/rows';
import { checkMember, memberColumns, passwordVerb } from './members';
import type { EventService } from '../../../contracts';

interface RecordSpec {
  readonly name: string;
  readonly table: string;
  readonly subject: string;
  readonly fields: readonly ResourceField[];
  readonly search: readonly string[];
  readonly defaultSort: readonly [string, 'ASC' | 'DESC'];
  /** LISTEN channel told after a change, so that every node reads again. */
  readonly channel: string;
  readonly check?: (values: Record<string, unknown>, isNew: boolean) => void;
  readonly removable?: boolean;
  /** Takes what is not a column out of the values of a new record, before it is written (a member's first password). */
  readonly beforeCreate?: (values: Record<string, unknown>) => Promise<Record<string, unknown>>;
  readonly verbs?: ResourceDefinition['verbs'];
}

/** Never stored in history. */
const SECRET = new Set(['password']);

const id: ResourceField = { name: 'id', type: 'id' };
const w = { writable: true } as const;

/** Plain configuration records kept by administrators: columns in, columns out, an event and a NOTIFY for every change. */
function recordResource(db: Knex, events: EventService, spec: RecordSpec): ResourceDefinition {
  const column = new Map(spec.fields.map((field) => [field.name, field.column ?? snake(field.name)]));
  const columnsOf = (values: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [column.get(name) ?? snake(name), value]));
  const note = async (
    trx: Knex.Transaction,
    context: VerbContext,
    recordId: number,
    type: string,
    before: Record<string, unknown> | null,
    after: Record<string, unknown> | null,
  ): Promise<void> => {
    await events.append(
      trx,
      [{ subject: spec.subject, subjectId: recordId, type: `${spec.subject}.${type}`, before, after }],
      context.actor,
      { type: 'edit' },
      context.now,
    );
    await trx.raw('SELECT pg_notify(?, ?)', [spec.channel, String(recordId)]);
  };
  return {
    name: spec.name,
    table: spec.table,
    rows: { owner: null, team: null, pool: null },
    fields: spec.fields,
    search: spec.search,
    defaultSort: spec.defaultSort,
    ...(spec.verbs ? { verbs: spec.verbs } : {}),
    create: async (context, values) => {
      spec.check?.(values, true);
      const columns = spec.beforeCreate ? await spec.beforeCreate(values) : columnsOf(values);
      const shown = Object.fromEntries(Object.entries(values).filter(([name]) => !SECRET.has(name)));
      return db.transaction(async (trx) => {
        const created = await insertRow(trx, spec.table, columns, context.now);
        await note(trx, context, created, 'created', null, shown);
        return created;
      });
    },
    update: async (context, recordId, values) => {
      spec.check?.(values, false);
      await db.transaction(async (trx) => {
        const before = await one<Record<string, unknown>>(trx, `SELECT * FROM ${spec.table} WHERE id = ? FOR UPDATE`, [recordId]);
        if (!before) throw notFound();
        await updateRow(trx, spec.table, recordId, columnsOf(values), context.now);
        await note(
          trx,
          context,
          recordId,
          'updated',
          Object.fromEntries(Object.keys(values).map((name) => [name, before[column.get(name) ?? snake(name)] ?? null])),
          values,
        );
      });
    },
    ...(spec.removable
      ? {
          remove: async (context: VerbContext, recordId: number) => {
            await db.transaction(async (trx) => {
              await trx(spec.table).where({ id: recordId }).delete();
              await note(trx, context, recordId, 'deleted', null, null);
            });
          },
        }
      : {}),
  };
}

const KEY = /^[a-z][a-zA-Z0-9_]{0,39}$/;

export function settingsResources(db: Knex, events: EventService, users: ConsoleUsers): readonly ResourceDefinition[] {
  return [
    recordResource(db, events, {
      name: 'members',
      table: 'crm_members',
      subject: 'member',
      channel: 'crm_members',
      search: ['name', 'email'],
      defaultSort: ['name', 'ASC'],
      check: checkMember,
      beforeCreate: async (values) => ({
        ...memberColumns(values),
        user_id: await users.add(String(values['email']), String(values['password'])),
      }),
      verbs: [passwordVerb(users)],
      fields: [
        id,
        { name: 'name', type: 'text', ...w },
        { name: 'email', type: 'text', ...w },
        { name: 'password', type: 'text', sql: () => 'NULL::text', sortable: false, filterable: false, ...w },
        { name: 'team', type: 'reference', reference: 'teams', column: 'team_id', ...w },
        { name: 'manager', type: 'reference', reference: 'members', column: 'manager_id', ...w },
        { name: 'roles', type: 'multiselect', ...w },
        { name: 'skills', type: 'json', ...w },
        { name: 'capacity', type: 'number', ...w },
        { name: 'weight', type: 'number', ...w },
        { name: 'calendarKey', type: 'text', ...w },
        { name: 'timeZone', type: 'text', ...w },
        { name: 'locale', type: 'select', ...w },
        { name: 'presence', type: 'select', ...w },
        { name: 'active', type: 'boolean', ...w },
        { name: 'leaveFrom', type: 'datetime', ...w },
        { name: 'leaveTo', type: 'datetime', ...w },
      ],
    }),
    recordResource(db, events, {
      name: 'teams',
      table: 'crm_teams',
      subject: 'team',
      channel: 'crm_members',
      search: ['name', 'key'],
      defaultSort: ['name', 'ASC'],
      removable: true,
      fields: [
        id,
        { name: 'key', type: 'text', ...w },
        { name: 'name', type: 'text', ...w },
        { name: 'parent', type: 'reference', reference: 'teams', column: 'parent_id', ...w },
        { name: 'calendarKey', type: 'text', ...w },
      ],
    }),
    recordResource(db, events, {
      name: 'roles',
      table: 'crm_roles',
      subject: 'role',
      channel: 'crm_roles',
      search: ['key'],
      defaultSort: ['key', 'ASC'],
      fields: [
        id,
        { name: 'key', type: 'text', ...w },
        { name: 'label', type: 'json', ...w },
        { name: 'resources', type: 'json', ...w },
        { name: 'fields', type: 'json', ...w },
        { name: 'revealPool', type: 'boolean', ...w },
      ],
    }),
    recordResource(db, events, {
      name: 'fields',
      table: 'crm_fields',
      subject: 'field',
      channel: 'crm_fields',
      search: ['key'],
      defaultSort: ['position', 'ASC'],
      check: (values, isNew) => {
        if ((isNew || values['key'] !== undefined) && !(typeof values['key'] === 'string' && KEY.test(values['key']))) {
          throw badRequest('KEY_INVALID', 'A key starts with a small letter and has up to 40 letters, digits or underscores.', {
            field: 'key',
          });
        }
        if (isNew && !values['label']) throw badRequest('VALUE_REQUIRED', 'A label in both languages is needed.', { field: 'label' });
      },
      fields: [
        id,
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
        { name: 'pii', type: 'boolean', ...w },
        { name: 'indexed', type: 'boolean', ...w },
        { name: 'retired', type: 'boolean', ...w },
      ],
    }),
  ];
}
