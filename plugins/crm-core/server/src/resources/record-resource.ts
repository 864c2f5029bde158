import type { Knex } from 'knex';
import { notFound } from '../../../contracts';
import type {
  Created,
  EventService,
  PendingReview,
  ResourceDefinition,
  ResourceField,
  ReviewService,
  VerbContext,
} from '../../../contracts';
import { canonical } from '../domain/config/diff';
import { staleReview } from '../services/reviews';
import { insertRow, one, snake, updateRow } from '../services/rows';

type Values = Record<string, unknown>;

export interface RecordSpec {
  readonly name: string;
  readonly table: string;
  readonly subject: string;
  readonly fields: readonly ResourceField[];
  /** Whose a record is, for row scopes; nobody's when absent. */
  readonly rows?: ResourceDefinition['rows'];
  readonly search: readonly string[];
  readonly defaultSort: readonly [string, 'ASC' | 'DESC'];
  /** LISTEN channel told after a change, so that every node reads again. */
  readonly channel: string;
  /** Refuses what cannot be stored. `current` is the row before (columns), null for a new record. */
  readonly check?: (values: Values, current: Values | null, trx: Knex.Transaction) => void | Promise<void>;
  readonly removable?: boolean;
  /** Refuses a removal that would leave others without what they need. */
  readonly checkRemove?: (current: Values, trx: Knex.Transaction) => Promise<void>;
  /** Takes what is not a column out of the values of a new record, before it is written (a member's first password). */
  readonly beforeCreate?: (values: Values) => Promise<Values>;
  /** What else a change does, in its transaction. `current` is the row before, null for a new record. */
  readonly onWrite?: (
    trx: Knex.Transaction,
    context: VerbContext,
    recordId: number,
    values: Values,
    current: Values | null,
  ) => Promise<void>;
  readonly onRemove?: (trx: Knex.Transaction, recordId: number) => Promise<void>;
  /** Runs after a change has committed, before it is answered: this node must not wait for its own NOTIFY. */
  readonly afterCommit?: () => Promise<void>;
  /** Fields that are written but never shown, and never stored in history. */
  readonly secrets?: readonly string[];
  readonly verbs?: ResourceDefinition['verbs'];
  /** Fields whose change a second person may have to agree to; the other values of the same request are written at once. */
  readonly reviewed?: {
    readonly reviews: ReviewService;
    readonly area: string;
    readonly fields: readonly string[];
    readonly onCreate: boolean;
  };
}

/** A field that can be set and never read. */
export const secretField = (name: string): ResourceField => ({
  name,
  type: 'text',
  sql: () => 'NULL::text',
  sortable: false,
  filterable: false,
  writable: true,
});

const SECRET = '•••';

/** Plain configuration records kept by administrators: columns in, columns out, an event and a NOTIFY for every change. */
export function recordResource(db: Knex, events: EventService, spec: RecordSpec): ResourceDefinition {
  const column = new Map(spec.fields.map((field) => [field.name, field.sql ? snake(field.name) : (field.column ?? snake(field.name))]));
  const secrets = new Set(spec.secrets ?? []);
  const json = new Set(spec.fields.filter(({ type }) => type === 'json').map(({ name }) => name));
  /** A text or number in a JSON column is JSON too. */
  const stored = (name: string, value: unknown): unknown => (json.has(name) && value !== null ? JSON.stringify(value) : value);
  const columnsOf = (values: Values): Values =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [column.get(name) ?? snake(name), stored(name, value)]));
  const shown = (values: Values): Values =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, secrets.has(name) && value !== null ? SECRET : value]));
  const before = (names: readonly string[], row: Values): Values =>
    shown(Object.fromEntries(names.map((name) => [name, row[column.get(name) ?? snake(name)] ?? null])));
  const note = async (
    trx: Knex.Transaction,
    context: VerbContext,
    recordId: number,
    type: string,
    was: Values | null,
    is: Values | null,
  ): Promise<void> => {
    await events.append(
      trx,
      [{ subject: spec.subject, subjectId: recordId, type: `${spec.subject}.${type}`, before: was, after: is }],
      context.actor,
      { type: 'edit' },
      context.now,
    );
    await trx.raw('SELECT pg_notify(?, ?)', [spec.channel, String(recordId)]);
  };
  const locked = async (trx: Knex.Transaction, recordId: number): Promise<Values> => {
    const row = await one<Values>(trx, `SELECT * FROM ${spec.table} WHERE id = ? FOR UPDATE`, [recordId]);
    if (!row) throw notFound();
    return row;
  };
  const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(canonical(a ?? null)) === JSON.stringify(canonical(b ?? null));
  /** The values that wait for a second person, taken out of what is written now. */
  const heldBack = async (
    trx: Knex.Transaction,
    { actor }: VerbContext,
    values: Values,
    current: Values | null,
  ): Promise<Values | null> => {
    const { reviewed } = spec;
    if (!reviewed || (current === null && !reviewed.onCreate)) return null;
    const was = current ? before(reviewed.fields, current) : {};
    const held = Object.fromEntries(
      reviewed.fields.filter((name) => name in values && !isSame(values[name], was[name])).map((name) => [name, values[name]]),
    );
    if (Object.keys(held).length === 0 || Object.values(held).every((value) => Array.isArray(value) && value.length === 0 && !current))
      return null;
    return (await reviewed.reviews.isNeeded(trx, reviewed.area, actor)) ? held : null;
  };
  const ask = async (
    trx: Knex.Transaction,
    { actor, now }: VerbContext,
    id: number,
    held: Values,
    current: Values,
  ): Promise<PendingReview> => {
    const { reviews, area } = spec.reviewed!;
    const title = [current['name'], current['key']].find((one) => typeof one === 'string') ?? String(id);
    const base = before(Object.keys(held), current);
    const request = {
      area,
      action: `${spec.subject}.update`,
      subject: spec.subject,
      subjectId: id,
      title,
      payload: held,
      base,
      note: null,
    };
    return { pendingReview: await reviews.ask(trx, request, actor, now) };
  };
  const without = (values: Values, held: Values | null): Values =>
    held ? Object.fromEntries(Object.entries(values).filter(([name]) => !(name in held))) : values;
  const change = async (trx: Knex.Transaction, context: VerbContext, recordId: number, given: Values, current: Values): Promise<void> => {
    await spec.check?.(given, current, trx);
    await updateRow(trx, spec.table, recordId, columnsOf(given), context.now);
    await spec.onWrite?.(trx, context, recordId, given, current);
    await note(trx, context, recordId, 'updated', before(Object.keys(given), current), shown(given));
  };
  spec.reviewed?.reviews.handle(`${spec.subject}.update`, async (trx, review, actor, now) => {
    const current = await locked(trx, review.subjectId);
    if (!isSame(review.base, before(Object.keys(review.payload), current))) throw staleReview();
    await change(trx, { actor, now, requestId: `review-${review.id}` }, review.subjectId, review.payload, current);
    return spec.afterCommit;
  });
  return {
    name: spec.name,
    table: spec.table,
    rows: spec.rows ?? { owner: null, team: null, pool: null },
    fields: spec.fields,
    search: spec.search,
    defaultSort: spec.defaultSort,
    ...(spec.verbs ? { verbs: spec.verbs } : {}),
    create: async (context, given) => {
      const answer = await db.transaction(async (trx): Promise<Created> => {
        await spec.check?.(given, null, trx);
        const held = await heldBack(trx, context, given, null);
        const values = without(given, held);
        const columns = spec.beforeCreate ? await spec.beforeCreate(values) : columnsOf(values);
        const created = await insertRow(trx, spec.table, columns, context.now);
        await spec.onWrite?.(trx, context, created, values, null);
        await note(trx, context, created, 'created', null, shown(values));
        return held ? { id: created, ...(await ask(trx, context, created, held, await locked(trx, created))) } : created;
      });
      await spec.afterCommit?.();
      return answer;
    },
    update: async (context, recordId, values) => {
      const asked = await db.transaction(async (trx) => {
        const current = await locked(trx, recordId);
        const held = await heldBack(trx, context, values, current);
        if (held) await spec.check?.(values, current, trx);
        const pending = held ? await ask(trx, context, recordId, held, current) : undefined;
        const now = without(values, held);
        if (!held || Object.keys(now).length > 0) await change(trx, context, recordId, now, current);
        return pending;
      });
      await spec.afterCommit?.();
      return asked;
    },
    ...(spec.removable
      ? {
          remove: async (context: VerbContext, recordId: number) => {
            await db.transaction(async (trx) => {
              const current = await locked(trx, recordId);
              await spec.checkRemove?.(current, trx);
              await trx(spec.table).where({ id: recordId }).delete();
              await spec.onRemove?.(trx, recordId);
              const names = spec.fields.filter((field) => field.writable === true && !field.sql).map((field) => field.name);
              await note(trx, context, recordId, 'deleted', before(names, current), null);
            });
            await spec.afterCommit?.();
          },
        }
      : {}),
  };
}
