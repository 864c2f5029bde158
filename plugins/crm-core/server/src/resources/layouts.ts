import type { Knex } from 'knex';
import {
  badRequest,
  conflict,
  ENTITY_OF_LAYOUT,
  type Actor,
  type EffectiveLayouts,
  type Kit,
  type Layout,
  type LayoutResource,
  type ResourceDefinition,
} from '../../../contracts';
import { effectiveLayouts, layoutIssues, layoutSchema } from '../domain/layouts';
import type { ResourceRegistry } from '../services/resources/registry';
import { many, one } from '../services/rows';
import { recordResource } from './record-resource';

type Registry = Pick<ResourceRegistry, 'find'>;

/** Names a layout may hold: the fields of the resource that are there now, and what is computed for its rows. */
const fieldNames = (registry: Registry, resource: LayoutResource): ReadonlySet<string> => {
  const definition = registry.find(resource);
  const fields = definition ? [...definition.fields, ...(definition.dynamicFields?.() ?? [])] : [];
  return new Set([...fields.map(({ name }) => name), ...(definition?.computed ?? [])]);
};

/**
 * Checks a whole layout.
 * @throws AppError LAYOUT_INVALID with the path of every problem
 */
export function parseLayout(kit: Pick<Kit, 'custom'>, registry: Registry, values: unknown): Omit<Layout, 'id'> {
  const parsed = layoutSchema.safeParse(values);
  const refuse = (issues: readonly { path: string; message: string }[]): never => {
    throw badRequest('LAYOUT_INVALID', issues[0]?.message ?? 'The layout is not valid.', { issues });
  };
  if (!parsed.success) return refuse(parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })));
  const { resource, body } = parsed.data;
  const required = kit.custom
    .fields(ENTITY_OF_LAYOUT[resource])
    .filter((field) => field.required && !field.retired && !field.visibleWhen && field.defaultValue == null)
    .map((field) => `custom.${field.key}`);
  const issues = layoutIssues(body, fieldNames(registry, resource), required);
  return issues.length > 0 ? refuse(issues) : parsed.data;
}

export function layoutsResource(kit: Kit, registry: Registry, changed: () => void): ResourceDefinition {
  const w = { writable: true } as const;
  return recordResource(kit.db, kit.events, {
    name: 'layouts',
    table: 'crm_layouts',
    subject: 'layout',
    channel: 'crm_layouts',
    search: ['resource'],
    defaultSort: ['id', 'ASC'],
    removable: true,
    check: async (values, current, trx: Knex.Transaction) => {
      const whole = parseLayout(kit, registry, { ...current, ...values });
      await trx.raw(`SELECT pg_advisory_xact_lock(hashtext('crm_layouts'))`);
      const twin = await one<{ id: number }>(
        trx,
        'SELECT id FROM crm_layouts WHERE resource = ? AND view = ? AND role IS NOT DISTINCT FROM ? AND id <> ?',
        [whole.resource, whole.view, whole.role, current?.['id'] ?? 0],
      );
      if (twin) throw conflict('CONFLICT', 'This role already has a layout of this view.', { field: 'role', id: twin.id });
      if (values['role'] !== undefined || current === null) values['role'] = whole.role;
      if (whole.role !== null && !(await one(trx, 'SELECT 1 FROM crm_roles WHERE key = ?', [whole.role])))
        throw badRequest('ROLE_UNKNOWN', `There is no role "${whole.role}".`, { field: 'role' });
    },
    afterCommit: async () => changed(),
    fields: [
      { name: 'id', type: 'id' },
      { name: 'resource', type: 'select', ...w },
      { name: 'view', type: 'select', ...w },
      { name: 'role', type: 'text', ...w },
      { name: 'body', type: 'json', ...w },
    ],
  });
}

export interface LayoutService {
  /** What this member's pages look like. */
  of(actor: Actor): Promise<EffectiveLayouts>;
  invalidate(): void;
}

/** Layouts are few and read with every page load: kept until one changes (NOTIFY crm_layouts). */
export function createLayoutService(kit: Pick<Kit, 'db' | 'access'>, registry: Registry): LayoutService {
  let cache: Promise<readonly Layout[]> | null = null;
  const all = (): Promise<readonly Layout[]> => {
    cache ??= many<Layout>(kit.db, 'SELECT id, resource, view, role, body FROM crm_layouts ORDER BY id').catch((error: unknown) => {
      cache = null;
      throw error;
    });
    return cache;
  };
  return {
    of: async (actor) => {
      const names = new Map<LayoutResource, ReadonlySet<string>>();
      const known = (resource: LayoutResource): ReadonlySet<string> => {
        const set = names.get(resource) ?? fieldNames(registry, resource);
        names.set(resource, set);
        return set;
      };
      return effectiveLayouts(
        await all(),
        actor.roles,
        (resource, field) => known(resource).has(field) && kit.access.field(actor, resource, field) !== 'hidden',
      );
    },
    invalidate: () => {
      cache = null;
    },
  };
}
