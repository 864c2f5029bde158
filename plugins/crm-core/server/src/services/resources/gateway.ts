import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Actor, Clock, ConditionService, ResourceDefinition, VerbContext } from '../../../../contracts';
import { AppError, forbidden, notFound } from '../../../../contracts';
import { allOf, parseListParams, raw, type QueryString } from '../../domain/query';
import type { AccessGate } from '../access';
import { createCounter, type Total } from './counts';
import { ALIAS, openFieldGate, type FieldGate } from './field-gate';
import { assertCurrent, changedValues } from './input';
import type { CountLimits } from './match-counts';
import { createMatcher, matchVerb } from './matching';
import { assertPlaced } from './placement';
import { listOrder, listPredicate, reach, searchKind } from './predicates';
import { createRegistry, type ResourceRegistry } from './registry';
import { readRows, type Row } from './rows';
import { createStandings } from './standing';
import { sumsOf, type SumRow, type SumsAsked } from './sums';
import { findVerb, runBulk, runSingle, type VerbMethod } from './verbs';

export interface GatewayDeps {
  readonly db: Knex;
  readonly access: AccessGate;
  readonly conditions: Pick<ConditionService, 'compile' | 'describe'>;
  readonly clock: Clock;
  /** How long conditions are counted and how much is looked at instead; for tests. */
  readonly limits?: Partial<CountLimits>;
}

/** Who asks; the request id ties answers, logs and events together. */
export interface GateRequest {
  readonly actor: Actor;
  readonly requestId?: string;
}

export interface ListResult extends Total {
  readonly rows: readonly Row[];
  readonly offset: number;
  /** How the search text was looked for: anywhere, or at the beginnings of words because it is very short. */
  readonly searched: 'anywhere' | 'beginnings' | null;
}

export interface VerbCall {
  readonly method: VerbMethod;
  /** One id for the record form, a list for the bulk form, null for a collection verb. */
  readonly ids: number | readonly number[] | null;
  readonly input: unknown;
}

/** The one way from the console to rows: row scope in every statement, field access on everything in and out. */
export interface ResourceGateway extends ResourceRegistry {
  list(request: GateRequest, resource: string, queryString: QueryString): Promise<ListResult>;
  /** What the rows of a list add up to; null when the actor reads no amounts. */
  sums(request: GateRequest, resource: string, queryString: QueryString, asked: SumsAsked): Promise<readonly SumRow[] | null>;
  getOne(request: GateRequest, resource: string, id: number): Promise<Row>;
  /** The readable ones among `ids`, gated, in id order. */
  readMany(request: GateRequest, resource: string, ids: readonly number[]): Promise<Row[]>;
  create(request: GateRequest, resource: string, body: unknown): Promise<Row>;
  update(request: GateRequest, resource: string, id: number, body: unknown): Promise<Row>;
  remove(request: GateRequest, resource: string, id: number): Promise<Row>;
  verb(request: GateRequest, resource: string, name: string, call: VerbCall): Promise<unknown>;
}

const unsupported = (definition: ResourceDefinition, action: string): AppError =>
  new AppError('METHOD_NOT_ALLOWED', 405, `"${definition.name}" has no "${action}".`, { resource: definition.name, action });

export function createResourceGateway(deps: GatewayDeps): ResourceGateway {
  const { db, access, clock } = deps;
  const registry = createRegistry(
    (definition) => access.describeRows(definition),
    ({ name, subject }) =>
      subject === undefined ? [] : [matchVerb((context, input) => match(context, open(context, name, 'read'), input))],
  );

  const contextOf = (request: GateRequest): VerbContext => ({
    actor: request.actor,
    now: clock.now(),
    requestId: request.requestId ?? randomUUID(),
  });
  const open = (request: GateRequest, resource: string, verb: string): FieldGate => {
    const definition = registry.get(resource);
    access.assert(request.actor, resource, verb);
    return openFieldGate(access, definition, request.actor);
  };

  /** Properties added by the definition never replace what the gate decided about a field. */
  const decorated = async (context: VerbContext, gate: FieldGate, rows: Row[]): Promise<Row[]> => {
    if (gate.definition.redact && rows.length > 0) await gate.definition.redact(context, rows);
    if (!gate.definition.decorate || rows.length === 0) return rows;
    const copies = rows.map((row) => ({ ...row }));
    await gate.definition.decorate(context, copies);
    const fields = gate.definition.fields.map((field) => field.name);
    return copies.map((copy, index) => {
      const added = Object.entries(copy).filter(([name]) => !fields.includes(name) && name !== 'custom' && name !== '_masked');
      return { ...Object.fromEntries(added), ...rows[index] };
    });
  };

  const byIds = async (context: VerbContext, gate: FieldGate, ids: readonly number[]): Promise<Row[]> => {
    const where = allOf([raw(`"${ALIAS}"."id" = ANY(?)`, [...ids]), reach(deps, gate, 'read')]);
    const rows = await readRows(db, gate, { where, order: `"${ALIAS}"."id"`, limit: ids.length, offset: 0 });
    return decorated(context, gate, rows);
  };
  const one = async (context: VerbContext, gate: FieldGate, id: number): Promise<Row> => {
    const [row] = await byIds(context, gate, [id]);
    if (!row) throw notFound();
    return row;
  };
  /** A record the actor just changed; only its id when the change took it out of sight. */
  const afterChange = async (context: VerbContext, gate: FieldGate, id: number): Promise<Row> => {
    const [row] = access.can(gate.actor, gate.definition.name, 'read') ? await byIds(context, gate, [id]) : [];
    return row ?? { id };
  };

  const match = createMatcher({ ...deps, rowsOf: byIds });
  const standing = createStandings(deps);
  const count = createCounter(db);
  const assertStanding = async (gate: FieldGate, verb: string, id: number): Promise<void> => {
    const allowed = (await standing(gate, { verb, ids: [id] })).get(id);
    if (allowed === undefined) throw notFound();
    if (!allowed) throw forbidden(`Your role does not allow "${verb}" on this record.`);
  };

  return {
    ...registry,
    list: async (request, resource, queryString) => {
      const context = contextOf(request);
      const gate = open(request, resource, 'read');
      const params = parseListParams(queryString);
      const where = listPredicate(deps, gate, params, context.now);
      const { limit, offset } = params;
      const rows = await readRows(db, gate, { where, order: listOrder(gate, params.sort), limit, offset });
      const complete = rows.length < limit && (rows.length > 0 || offset === 0);
      const total = complete ? { total: offset + rows.length, estimated: false } : await count(gate, where, offset + rows.length);
      return { rows: await decorated(context, gate, rows), offset, ...total, searched: searchKind(gate, params) };
    },
    sums: async (request, resource, queryString, asked) =>
      sumsOf(deps, open(request, resource, 'read'), queryString, asked, contextOf(request).now),
    getOne: async (request, resource, id) => one(contextOf(request), open(request, resource, 'read'), id),
    readMany: async (request, resource, ids) => (ids.length === 0 ? [] : byIds(contextOf(request), open(request, resource, 'read'), ids)),
    create: async (request, resource, body) => {
      const context = contextOf(request);
      const gate = open(request, resource, 'create');
      if (!gate.definition.create) throw unsupported(gate.definition, 'create');
      const values = changedValues(gate, null, body);
      await assertPlaced({ db, access, registry }, gate, 'create', values, null);
      const created = await gate.definition.create(context, values);
      return afterChange(context, gate, typeof created === 'number' ? created : created.id);
    },
    update: async (request, resource, id, body) => {
      const context = contextOf(request);
      const gate = open(request, resource, 'update');
      if (!gate.definition.update) throw unsupported(gate.definition, 'update');
      await assertStanding(gate, 'update', id);
      const current = await one(context, gate, id);
      const expect = assertCurrent(gate, current, body);
      const values = changedValues(gate, current, body);
      if (Object.keys(values).length === 0) return current;
      await assertPlaced({ db, access, registry }, gate, 'update', values, current);
      await gate.definition.update(context, id, values, expect);
      return afterChange(context, gate, id);
    },
    remove: async (request, resource, id) => {
      const context = contextOf(request);
      const gate = open(request, resource, 'delete');
      if (!gate.definition.remove) throw unsupported(gate.definition, 'delete');
      await assertStanding(gate, 'delete', id);
      const current = await one(context, gate, id);
      await gate.definition.remove(context, id);
      return current;
    },
    verb: async (request, resource, name, call) => {
      const context = contextOf(request);
      const definition = registry.get(resource);
      const verb = findVerb(definition, name, call.method);
      if (!verb || (verb.target === 'collection') !== (call.ids === null)) throw notFound(`"${name}" on ${resource}`);
      const needed = verb.access ?? verb.name;
      const gate = open(request, resource, needed);
      if (call.ids === null) return verb.run(context, [], verb.input.parse(call.input ?? {}));
      const ids = typeof call.ids === 'number' ? [call.ids] : call.ids;
      const rows = standing(gate, { verb: needed, ids, ignoreBase: verb.ignoreBase });
      return typeof call.ids === 'number'
        ? runSingle(context, verb, call.ids, call.input, rows)
        : runBulk(context, verb, ids, call.input, await rows);
    },
  };
}
