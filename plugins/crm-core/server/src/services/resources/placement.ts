import type { Knex } from 'knex';
import { AppError, forbidden } from '../../../../contracts';
import type { AccessService } from '../../../../contracts';
import { identifier, rowShape, SCOPE_NAMES, snakeCase, valuesSql, type RowShape } from '../../domain/access';
import type { FieldGate } from './field-gate';
import type { ResourceRegistry } from './registry';
import { query, type Row } from './rows';

interface PlacementDeps {
  readonly db: Knex;
  readonly access: AccessService;
  readonly registry: ResourceRegistry;
}

const parentMissing = (field: string): AppError =>
  new AppError('REFERENCE_NOT_FOUND', 400, `The record named by "${field}" was not found.`, { field });

async function parentRow({ db, access }: PlacementDeps, resource: string, shape: RowShape, id: number): Promise<Row | undefined> {
  const columns = SCOPE_NAMES.map((name) => {
    const column = shape.columns[name];
    return `${column === null ? 'NULL' : identifier(column)} AS "${name}"`;
  });
  const has = `${valuesSql(shape, 't', access.limitedBy(resource))} AS has`;
  const [row] = await query(db, {
    sql: `SELECT ${[...columns, has].join(', ')} FROM ${identifier(shape.table)} t WHERE t."id" = ?`,
    bindings: [id],
  });
  return row;
}

const parentFieldOf = (gate: FieldGate, column: string): string | undefined =>
  gate.definition.fields.find((field) => !field.sql && (field.column ?? snakeCase(field.name)) === column)?.name;

/** The parent as the rules see it: its facts, null without one; a parent the actor cannot read is as good as none there. */
async function parentFacts(
  deps: PlacementDeps,
  gate: FieldGate,
  field: string | undefined,
  resource: string,
  values: Row,
): Promise<Row | null> {
  const id = field === undefined ? null : values[field];
  if (field === undefined || id === null || id === undefined || id === '') return null;
  const parent = deps.registry.get(resource);
  const numeric = Number(id);
  const facts =
    Number.isInteger(numeric) && Math.abs(numeric) < 2 ** 31 ? await parentRow(deps, resource, rowShape(parent), numeric) : undefined;
  if (!facts || !deps.access.canRow(gate.actor, resource, 'read', facts)) throw parentMissing(field);
  return facts;
}

/**
 * Judges the row a write would leave behind by the verb's row rules: nobody creates a record outside the scope they may create in, or moves one
 * under a parent they may not work on. A new record without an owner or pool counts as the actor's own.
 * @throws AppError FORBIDDEN, REFERENCE_NOT_FOUND
 */
export async function assertPlaced(
  deps: PlacementDeps,
  gate: FieldGate,
  verb: 'create' | 'update',
  values: Row,
  current: Row | null,
): Promise<void> {
  const { actor, definition } = gate;
  if (actor.kind === 'system') return;
  const shape = rowShape(definition);
  const field = shape.via ? parentFieldOf(gate, shape.via.column) : undefined;
  const moved = field !== undefined && Object.hasOwn(values, field);
  if (current !== null && !moved) return;
  const known = { ...current, ...values };
  const pooled = typeof known['pool'] === 'number';
  const facts = {
    owner: current === null && known['owner'] === undefined ? (pooled ? null : actor.memberId) : known['owner'],
    team: current === null && known['team'] === undefined ? actor.teamId : known['team'],
    pool: current === null && known['pool'] === undefined ? null : known['pool'],
    has: known,
    ...(shape.via && { parent: await parentFacts(deps, gate, field, shape.via.resource, known) }),
  };
  if (!deps.access.canRow(actor, definition.name, verb, facts)) {
    throw forbidden(`Your role does not allow "${verb}" on ${definition.name} of this owner, team or pool.`, {
      resource: definition.name,
      verb,
    });
  }
}
