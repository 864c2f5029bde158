import type { Knex } from 'knex';
import { AppError } from '../../../contracts';
import type {
  AccessService,
  Actor,
  CustomField,
  Kit,
  LayoutResource,
  LintItem,
  LintService,
  LintSource,
  RoleSpec,
} from '../../../contracts';
import { ENTITY_OF_LAYOUT, FIELD_ENTITIES } from '../../../contracts';
import { rowShape } from '../domain/access';
import { lintFields } from '../domain/lint/fields';
import { lintPeople, type PersonFacts, type TeamFacts } from '../domain/lint/people';
import { lintRoles } from '../domain/lint/roles';
import type { FullPolicyService } from './policies';
import type { ResourceGateway } from './resources';
import { many } from './rows';

export interface FullLintService extends LintService {
  /** What is wrong or doubtful in everything configured that the actor may read, errors first. */
  run(actor: Actor): Promise<readonly LintItem[]>;
}

/** The linter over everything: every policy as it is live and as it is drafted, people, roles, fields, and what plugins add. */
export function createLintService(access: AccessService): FullLintService {
  const sources: LintSource[] = [];
  return {
    addSource: (source) => void sources.push(source),
    run: async (actor) => {
      const found: LintItem[] = [];
      for (const source of sources) if (access.can(actor, source.resource, 'read')) found.push(...(await source.run()));
      return found.sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'));
    },
  };
}

interface PolicyState {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly draft: unknown;
  readonly body: unknown;
}

const isSame = (a: LintItem, b: LintItem): boolean => a.code === b.code && a.path === b.path && a.message === b.message;

/** The live version is checked too: what it stands on may have changed since it was published. */
async function lintKind(db: Knex, policies: FullPolicyService, kind: string): Promise<readonly LintItem[]> {
  const { resource } = policies.kind(kind);
  const rows = await many<PolicyState>(
    db,
    `SELECT p.id, p.key, p.name, v.body, CASE WHEN v.id IS NULL OR p.draft <> v.body THEN p.draft END AS draft
     FROM crm_policies p LEFT JOIN crm_policy_versions v ON v.id = p.published_version_id WHERE p.kind = ? AND p.state <> 'retired' ORDER BY p.position, p.id`,
    [kind],
  );
  const check = async ({ id, key, name }: PolicyState, body: unknown, version: 'live' | 'draft'): Promise<LintItem[]> => {
    if (body === null) return [];
    const about = { resource, id, key, name, version } as const;
    try {
      return (await policies.lintBody(kind, key, body)).map((finding) => ({ ...finding, ...about }));
    } catch (error) {
      if (error instanceof AppError && error.status < 500) return [{ ...about, level: 'error', code: error.code, message: error.message }];
      throw error;
    }
  };
  const found: LintItem[] = [];
  for (const row of rows) {
    const live = await check(row, row.body, 'live');
    const draft = await check(row, row.draft, 'draft');
    found.push(...live, ...draft.filter((item) => !live.some((known) => isSame(known, item))));
  }
  return found;
}

/** What this plugin itself lets people configure. */
export function coreLintSources(kit: Kit, policies: FullPolicyService, gateway: ResourceGateway): readonly LintSource[] {
  const { db } = kit;
  const calendars = async (): Promise<string[]> => (await policies.live('calendar')).map(({ key }) => key);
  const roles = (): Promise<(RoleSpec & { id: number })[]> =>
    many(
      db,
      `SELECT id, key, coalesce(label, '{}') AS label, coalesce(resources, '{}') AS resources, coalesce(fields, '{}') AS fields, only_rows AS only FROM crm_roles ORDER BY key`,
    );
  const people = async (): Promise<readonly LintItem[]> => {
    const members = await many<PersonFacts>(
      db,
      `SELECT id, name, team_id AS team, manager_id AS manager, coalesce(roles, '[]') AS roles, calendar_key AS "calendarKey", active, user_id IS NOT NULL AS "hasAccount"
       FROM crm_members ORDER BY name, id`,
    );
    const teams = await many<TeamFacts>(
      db,
      `SELECT id, key, name, parent_id AS parent, calendar_key AS "calendarKey" FROM crm_teams ORDER BY name, id`,
    );
    return lintPeople({ members, teams, roles: await roles(), calendars: await calendars() });
  };
  const rights = async (): Promise<readonly LintItem[]> => {
    const fields = new Map<string, readonly string[]>();
    const written = new Set<string>();
    const limitable = new Map<string, ReadonlyMap<string, readonly string[] | null>>();
    const options = new Map<string, CustomField>(
      FIELD_ENTITIES.flatMap((entity) => kit.custom.fields(entity).map((one) => [`${entity}.${one.key}`, one] as const)),
    );
    for (const definition of gateway.all()) {
      const key = definition.access ?? definition.name;
      const own = [...definition.fields, ...(definition.dynamicFields?.() ?? [])].map(({ name }) => name);
      fields.set(key, [...(fields.get(key) ?? []), ...own]);
      if (definition.fields.some(({ writable }) => writable) || definition.dynamicFields) written.add(key);
      const entity = ENTITY_OF_LAYOUT[definition.name as LayoutResource] as string | undefined;
      const choices = (name: string): readonly string[] | null =>
        options.get(`${entity ?? ''}.${name.replace('custom.', '')}`)?.options.map(({ value }) => value) ?? null;
      const oneValue = [
        ...Object.keys(rowShape(definition).values).map((name) => [name, null] as const),
        ...(definition.dynamicFields?.() ?? []).flatMap(({ name, type }) =>
          name.startsWith('custom.') && (type === 'text' || type === 'select')
            ? [[name, type === 'select' ? choices(name) : null] as const]
            : [],
        ),
      ];
      limitable.set(key, new Map([...(limitable.get(key) ?? []), ...oneValue]));
    }
    const held = await many<{ role: string; people: number }>(
      db,
      `SELECT role, count(*)::int AS people FROM crm_members m, jsonb_array_elements_text(coalesce(m.roles, '[]')) AS role WHERE m.active GROUP BY role`,
    );
    return lintRoles({
      roles: await roles(),
      fields,
      written,
      limitable,
      holders: new Map(held.map(({ role, people: count }) => [role, count])),
    });
  };
  const custom = async (): Promise<readonly LintItem[]> => {
    const fields: readonly CustomField[] = FIELD_ENTITIES.flatMap((entity) => [...kit.custom.fields(entity)]);
    const forms = await many<{ resource: string; count: number; fields: string[] }>(
      db,
      `SELECT l.resource, count(DISTINCT l.id)::int AS count, coalesce(array_agg(f.name) FILTER (WHERE f.name IS NOT NULL), '{}') AS fields
       FROM crm_layouts l LEFT JOIN LATERAL (SELECT jsonb_array_elements_text(s->'fields') AS name FROM jsonb_array_elements(l.body->'sections') AS s) f ON TRUE
       WHERE l.view = 'form' GROUP BY l.resource`,
    );
    const byEntity = new Map(
      forms.map(
        (form) => [ENTITY_OF_LAYOUT[form.resource as LayoutResource], { count: form.count, fields: new Set(form.fields) }] as const,
      ),
    );
    return lintFields({ fields, check: kit.conditions.check, forms: byEntity });
  };
  return [
    ...policies.kinds().map(({ kind, resource }) => ({ resource, run: () => lintKind(db, policies, kind) })),
    { resource: 'members', run: people },
    { resource: 'roles', run: rights },
    { resource: 'fields', run: custom },
  ];
}
