import { z } from 'zod';
import { AppError, badRequest, forbidden, notFound, type Actor, type HostContext, type Kit, type VerbContext } from '../../../contracts';
import { identifier, rowShape, SCOPE_NAMES, valuesSql, type RowShape } from '../domain/access';
import type { AccessGate } from '../services/access';
import type { ActorService } from '../services/members';
import type { ResourceGateway } from '../services/resources';
import { one } from '../services/rows';
import type { NoticeRoute } from './notices';

type Facts = Record<string, unknown>;

interface AccessRouteDeps {
  readonly kit: Kit;
  readonly access: AccessGate;
  readonly gateway: ResourceGateway;
  readonly actors: ActorService;
}

async function factsOf({ kit, access }: AccessRouteDeps, resource: string, shape: RowShape, id: number): Promise<Facts | null> {
  const columns = SCOPE_NAMES.map((name) => `${shape.columns[name] === null ? 'NULL' : identifier(shape.columns[name])} AS "${name}"`);
  const via = shape.via ? `, ${identifier(shape.via.column)} AS "parentId"` : '';
  const has = `${valuesSql(shape, 't', access.limitedBy(resource))} AS has`;
  return one<Facts>(kit.db, `SELECT ${[...columns, has].join(', ')}${via} FROM ${identifier(shape.table)} t WHERE t.id = ?`, [id]);
}

/** Owner, team and pool of a row, and of the row it follows. */
async function rowOf(deps: AccessRouteDeps, resource: string, id: number): Promise<Facts | null> {
  const { gateway } = deps;
  const shape = rowShape(gateway.get(resource));
  const facts = await factsOf(deps, resource, shape, id);
  if (!facts || !shape.via) return facts;
  const parentId = facts['parentId'];
  const parent =
    typeof parentId === 'number' ? await factsOf(deps, shape.via.resource, rowShape(gateway.get(shape.via.resource)), parentId) : null;
  return { ...facts, parent };
}

const question = z.object({
  member: z.number().int().positive(),
  resource: z.string().max(60),
  id: z.number().int().positive().optional(),
});

/**
 * `POST /access/explain { member, resource, id? }`: for every verb whether this member may, by which scope of which role, and by which not; for every
 * field what each role says. With an id it is about that record.
 */
export function accessRoutes(deps: AccessRouteDeps): readonly NoticeRoute[] {
  const { access, gateway, actors } = deps;
  const explain = async (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    access.assert(actor, 'roles', 'read');
    access.assert(actor, 'members', 'read');
    const { member, resource, id } = question.parse(ctx.request.body ?? {});
    const definition = gateway.get(resource);
    // Whoever asks must be able to see the record himself: an explanation tells who holds it.
    if (id !== undefined) await gateway.getOne({ actor }, resource, id);
    const who = await actors.member(member);
    const row = id === undefined ? null : await rowOf(deps, resource, id);
    const verbs = access.verbsOf(resource).map((verb) => ({
      verb,
      allowed: row ? access.canRow(who, resource, verb, row) : access.can(who, resource, verb),
      because: row ? access.reasons(who, resource, verb, row) : [],
    }));
    const sees = id === undefined ? null : (await gateway.readMany({ actor: who }, resource, [id]).catch(() => []))[0];
    const masked = sees && Array.isArray(sees['_masked']) ? (sees['_masked'] as string[]) : [];
    const fields = [...definition.fields, ...(definition.dynamicFields?.() ?? [])].map(({ name }) => ({
      field: name,
      access: access.field(who, resource, name),
      maskedHere: masked.includes(name),
      because: access.fieldReasons(who, resource, name),
    }));
    ctx.body = {
      member: { id: who.memberId, name: who.name, roles: who.roles, teamId: who.teamId, teamIds: who.teamIds, poolIds: who.poolIds },
      row,
      /** False when a rule of the resource itself (merged away, for instance) hides a record that the matrix would show. */
      visible: id === undefined ? null : sees !== undefined,
      verbs,
      fields,
    };
  };
  return [{ method: 'POST', path: '/access/explain', handler: explain }];
}

/** Header of a request that looks through the eyes of a role (`role:sales`) or of a member (`member:7`). */
export const VIEW_AS = 'x-leadsea-view-as';

/**
 * The actor through whose eyes a request looks. Only who may change roles may, and only look: nothing is written under another name.
 * @throws AppError VIEW_AS_READ_ONLY, FORBIDDEN, NOT_FOUND
 */
export async function viewAs(
  { access, actors, kit }: Pick<AccessRouteDeps, 'access' | 'actors' | 'kit'>,
  actor: Actor,
  asked: string,
  method: string,
): Promise<Actor> {
  if (!access.can(actor, 'roles', 'update')) throw forbidden('Only who may change roles may look through the eyes of others.');
  if (method !== 'GET')
    throw new AppError('VIEW_AS_READ_ONLY', 403, 'You are looking through the eyes of another role: nothing can be changed.');
  const [kind, name = ''] = asked.split(':');
  if (kind === 'member' && /^\d{1,9}$/.test(name)) return actors.member(Number(name));
  if (kind !== 'role') throw badRequest('VALUE_INVALID', `"${VIEW_AS}" is "role:<key>" or "member:<id>".`);
  if (!(await one(kit.db, 'SELECT 1 FROM crm_roles WHERE key = ?', [name]))) throw notFound('Role');
  return { ...actor, roles: [name] };
}
