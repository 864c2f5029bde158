import type { Knex } from 'knex';
import {
  AppError,
  badRequest,
  isPendingReview,
  type ConfigItem,
  type ConfigSection,
  type ConfigValue,
  type ResourceDefinition,
  type VerbContext,
} from '../../../../contracts';
import { fieldDefinitionSchema } from '../../domain/fields/definition';
import { differences } from '../../domain/config/diff';
import { many } from '../rows';
import type { Names } from './names';

export interface SectionDeps {
  readonly db: Knex;
  names(): Promise<Names>;
  definition(resource: string): ResourceDefinition;
}

interface RecordSectionSpec {
  readonly key: string;
  readonly order: number;
  readonly resource: string;
  /** SELECT that gives `id` and `value`, a JSON object of everything that is text. */
  readonly sql: string;
  keyOf(value: ConfigValue): string | null;
  /** Stored value → text. */
  toText?(value: ConfigValue, names: Names): ConfigValue;
  /** Text → values for the console's own create and update. */
  fromText?(value: ConfigValue, names: Names): ConfigValue;
  readonly defaults?: ConfigValue;
  readonly onCreate?: ConfigValue;
  parse?(value: ConfigValue): ConfigValue;
  sort?(values: readonly ConfigValue[]): readonly ConfigValue[];
  readonly removable?: boolean;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** A section over plain records: written through the console's own create and update, so that checks and history are the same. */
export function recordSection({ db, names, definition }: SectionDeps, spec: RecordSectionSpec): ConfigSection {
  const normalise = (value: ConfigValue): ConfigValue => {
    const whole = { ...spec.defaults, ...value };
    return spec.parse ? spec.parse(whole) : whole;
  };
  return {
    key: spec.key,
    order: spec.order,
    resource: spec.resource,
    keyOf: spec.keyOf,
    normalise,
    ...(spec.sort ? { sort: spec.sort } : {}),
    read: async () => {
      const known = await names();
      const rows = await many<{ id: number; value: ConfigValue }>(db, spec.sql);
      return rows.flatMap(({ id, value }): ConfigItem[] => {
        const shown = spec.toText ? spec.toText(value, known) : value;
        const key = spec.keyOf(shown);
        return key === null ? [] : [{ key, id, value: normaliseOr(normalise, shown) }];
      });
    },
    write: async (context, value, current) => {
      const known = await names();
      const wanted = spec.fromText ? spec.fromText(value, known) : value;
      const { create, update } = definition(spec.resource);
      if (!create || !update) throw new AppError('METHOD_NOT_ALLOWED', 405, `"${spec.resource}" cannot be written.`);
      if (current?.id == null) {
        const created = await create(context, { ...spec.onCreate, ...wanted });
        return isPendingReview(created) ? created : undefined;
      }
      const changed = new Set(differences(current.value, value).map(({ path }) => path.split('.')[0] ?? ''));
      return update(context, current.id, Object.fromEntries(Object.entries(wanted).filter(([name]) => changed.has(name))));
    },
    ...(spec.removable
      ? {
          remove: async (context: VerbContext, item: ConfigItem) => {
            if (item.id !== null) return definition(spec.resource).remove?.(context, item.id);
          },
        }
      : {}),
  };
}

/** What is stored may be older than today's rules; then it is shown as it is. */
function normaliseOr(normalise: (value: ConfigValue) => ConfigValue, value: ConfigValue): ConfigValue {
  try {
    return normalise(value);
  } catch {
    return value;
  }
}

/** Teams with their parents before them; a ring stays at the end and is refused when it is written. */
function parentsFirst(values: readonly ConfigValue[]): readonly ConfigValue[] {
  const sorted: ConfigValue[] = [];
  const placed = new Set<unknown>([null, undefined]);
  const keys = new Set(values.map(({ key }) => key));
  let rest = [...values];
  for (let before = -1; rest.length > 0 && before !== rest.length;) {
    before = rest.length;
    const ready = rest.filter(({ parent }) => placed.has(parent) || !keys.has(parent));
    for (const team of ready) {
      sorted.push(team);
      placed.add(team['key']);
    }
    rest = rest.filter((team) => !ready.includes(team));
  }
  return [...sorted, ...rest];
}

const teamIdOf = (names: Names, key: unknown, field: string): number | null => {
  const id = names.teamId(text(key));
  if (id === undefined) throw badRequest('REFERENCE_UNKNOWN', `There is no team "${String(key)}".`, { field });
  return id;
};

const CONDITIONS = ['visibleWhen', 'requiredWhen', 'readOnlyWhen'] as const;
const overConditions = (value: ConfigValue, change: (condition: unknown) => unknown): ConfigValue => ({
  ...value,
  ...Object.fromEntries(CONDITIONS.flatMap((name) => (value[name] ? [[name, change(value[name])] as const] : []))),
});

/** @throws AppError FIELD_INVALID */
function parseField(value: ConfigValue): ConfigValue {
  const parsed = fieldDefinitionSchema.safeParse(value);
  if (parsed.success) return { ...parsed.data, validation: { ...parsed.data.validation } };
  const [issue] = parsed.error.issues;
  throw badRequest('FIELD_INVALID', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`, { issues: parsed.error.issues });
}

/** The sections of this plugin that are plain records. */
export function recordSections(deps: SectionDeps): readonly ConfigSection[] {
  return [
    recordSection(deps, {
      key: 'teams',
      order: 10,
      resource: 'teams',
      sql: `SELECT t.id, jsonb_build_object('key', t.key, 'name', t.name, 'parent', p.key, 'calendarKey', t.calendar_key) AS value
            FROM crm_teams t LEFT JOIN crm_teams p ON p.id = t.parent_id ORDER BY t.key`,
      keyOf: (value) => text(value['key']),
      defaults: { parent: null, calendarKey: null },
      fromText: (value, names) => ({ ...value, parent: teamIdOf(names, value['parent'], 'parent') }),
      sort: parentsFirst,
      removable: true,
    }),
    recordSection(deps, {
      key: 'roles',
      order: 20,
      resource: 'roles',
      sql: `SELECT id, jsonb_build_object('key', key, 'label', label, 'resources', resources, 'fields', fields, 'revealPool', coalesce(reveal_pool, false), 'revealPerDay', reveal_per_day, 'only', coalesce(only_rows, '{}')) AS value
            FROM crm_roles ORDER BY key`,
      keyOf: (value) => text(value['key']),
      defaults: { label: null, resources: {}, fields: {}, revealPool: false, only: {} },
    }),
    recordSection(deps, {
      key: 'fields',
      order: 30,
      resource: 'fields',
      sql: `SELECT id, jsonb_build_object('entity', entity, 'key', key, 'type', type, 'label', label, 'options', coalesce(options, '[]'),
              'required', coalesce(required, false), 'defaultValue', default_value, 'validation', coalesce(validation, '{}'), 'section', section,
              'position', position, 'visibleWhen', visible_when, 'requiredWhen', required_when, 'readOnlyWhen', read_only_when,
              'parentField', parent_field, 'pii', coalesce(pii, false), 'piiKind', pii_kind, 'mask', mask, 'indexed', coalesce(indexed, false),
              'retired', coalesce(retired, false)) AS value
            FROM crm_fields ORDER BY entity, position, key`,
      keyOf: (value) => (text(value['entity']) && text(value['key']) ? `${String(value['entity'])}.${String(value['key'])}` : null),
      toText: (value, names) => overConditions(value, (condition) => names.toText(condition)),
      fromText: (value, names) => overConditions(value, (condition) => names.fromText(condition)),
      parse: parseField,
      sort: (values) => [...values].sort((a, b) => Number(Boolean(a['parentField'])) - Number(Boolean(b['parentField']))),
    }),
    recordSection(deps, {
      key: 'chatBots',
      order: 45,
      resource: 'chat-bots',
      sql: `SELECT b.id, jsonb_build_object('key', b.key, 'name', b.name, 'kind', b.kind, 'team', t.key, 'locale', b.locale) AS value
            FROM crm_chat_bots b LEFT JOIN crm_teams t ON t.id = b.team_id ORDER BY b.key`,
      keyOf: (value) => text(value['key']),
      defaults: { team: null, locale: null },
      fromText: (value, names) => ({ ...value, team: teamIdOf(names, value['team'], 'team') }),
      // Addresses of bots are secrets and never text: a new one waits, out of use, until somebody sets it.
      onCreate: { url: 'https://address.not-set.invalid/', active: false },
      removable: true,
    }),
    recordSection(deps, {
      key: 'layouts',
      order: 95,
      resource: 'layouts',
      sql: `SELECT id, jsonb_build_object('resource', resource, 'view', view, 'role', role, 'body', body) AS value
            FROM crm_layouts ORDER BY resource, view, role NULLS FIRST`,
      keyOf: (value) =>
        text(value['resource']) && text(value['view'])
          ? `${String(value['resource'])}.${String(value['view'])}.${text(value['role']) ?? '*'}`
          : null,
      defaults: { role: null },
      removable: true,
    }),
  ];
}
