import type { Knex } from 'knex';
import type { Sql } from '../../../../contracts';
import { identifier } from '../../domain/access';
import type { AccessGate } from '../access';
import { createBatcher } from '../batcher';
import { ALIAS, type FieldGate } from './field-gate';
import { reach, type PredicateDeps } from './predicates';
import { query } from './rows';
import type { Standing } from './verbs';

/** Requests for one record are asked together when they come together; lists of records are asked alone. */
const AT_ONCE = { max: 64, lanes: 4, openAfterMs: 50, gatherMs: 12 };

interface StandingQuestion {
  readonly verb: string;
  readonly ids: readonly number[];
  readonly ignoreBase?: boolean | undefined;
}

interface Asked {
  readonly table: string;
  readonly ids: readonly number[];
  /** Rows the actor may use the verb on. */
  readonly may: Sql;
  /** Rows the actor can see at all. */
  readonly seen: Sql;
}

interface Row extends Record<string, unknown> {
  readonly id: number | string;
  readonly allowed: readonly (boolean | null)[];
  readonly seen: readonly (boolean | null)[];
}

/** The fragments without those that say the same, and where each of the given ones is among them. */
function distinct(fragments: readonly Sql[]): { readonly list: readonly Sql[]; readonly place: readonly number[] } {
  const list: Sql[] = [];
  const known = new Map<string, number>();
  const place = fragments.map((fragment) => {
    const key = JSON.stringify(fragment);
    const at = known.get(key) ?? list.push(fragment) - 1;
    known.set(key, at);
    return at;
  });
  return { list, place };
}

const flags = (fragments: readonly Sql[]): string => `ARRAY[${fragments.map(({ sql }) => `(${sql})`).join(', ')}]::boolean[]`;

/** What several people may do with records of one table; one statement for all of them. */
async function ask(db: Knex, asked: readonly Asked[]): Promise<readonly Standing[]> {
  const may = distinct(asked.map((one) => one.may));
  const seen = distinct(asked.map((one) => one.seen));
  const ids = [...new Set(asked.flatMap((one) => one.ids))];
  const bindings = [...may.list, ...seen.list].flatMap((fragment) => [...fragment.bindings]);
  const rows = await query<Row>(db, {
    sql: `SELECT "${ALIAS}"."id", ${flags(may.list)} AS allowed, ${flags(seen.list)} AS seen FROM ${identifier(asked[0]!.table)} "${ALIAS}" WHERE "${ALIAS}"."id" = ANY(?)`,
    bindings: [...bindings, ids],
  });
  const byId = new Map(rows.map((row) => [Number(row.id), row]));
  return asked.map((one, index): Standing => {
    const standing = new Map<number, boolean>();
    for (const id of one.ids) {
      const row = byId.get(id);
      if (row?.seen[seen.place[index]!] === true) standing.set(id, row.allowed[may.place[index]!] === true);
    }
    return standing;
  });
}

/**
 * Asks what a row allows its actor: absent = he does not know of it, false = he sees it but may not do this, true = he may. Requests that
 * arrive at the same moment share a statement, each with its own scope.
 */
export function createStandings(
  deps: PredicateDeps & { readonly db: Knex; readonly access: AccessGate },
): (gate: FieldGate, question: StandingQuestion) => Promise<Standing> {
  const together = createBatcher<Asked, Standing>((asked) => ask(deps.db, asked), {
    ...AT_ONCE,
    joins: (batch, { table }) => batch[0]!.table === table,
  });
  return async (gate, { verb, ids, ignoreBase = false }) => {
    const asked: Asked = {
      table: gate.definition.table,
      ids,
      may: deps.access.scope(gate.actor, gate.definition.name, verb, ALIAS),
      seen: reach(deps, gate, 'read', ignoreBase),
    };
    return ids.length === 1 ? together(asked) : (await ask(deps.db, [asked]))[0]!;
  };
}
