import type { Knex } from 'knex';
import type { MatchAnswer, MatchInput, MatchSide, MatchTotal, ResourceVerb, Sql, VerbContext } from '../../../../contracts';
import { AppError, matchInput } from '../../../../contracts';
import { identifier } from '../../domain/access';
import { allOf, anyOf, around, TRUE } from '../../domain/query';
import { ALIAS, type FieldGate } from './field-gate';
import { createCountAll, held, isTimeout, within, type CountAll, type CountLimits, type Looked } from './match-counts';
import { compiledCondition, onlyUncovered, reach, type PredicateDeps } from './predicates';
import type { Row } from './rows';

export interface MatchDeps extends PredicateDeps {
  readonly db: Knex;
  /** Rows by id as a list sends them: gated, masked, decorated. */
  readonly rowsOf: (context: VerbContext, gate: FieldGate, ids: readonly number[]) => Promise<readonly Row[]>;
  readonly limits?: Partial<CountLimits>;
}

const LIMITS: CountLimits = { countMs: 4000, partRows: 20_000 };
const SAMPLE = 10;
/** So few matches are found first and put in order then; of more the newest rows are read until ten match. Both read no more than the count did. */
const FEW = 10_000;
const MOST_PARTS = 20;
const NONE: MatchTotal = { total: 0, estimated: false };

const but = (sql: Sql, excluded: Sql): Sql => allOf([sql, around('((', excluded, ')) IS NOT TRUE')]);

/** Ids of the newest rows; none when they cannot be found in time. */
async function newest(db: Knex, ms: number, { gate, base }: Looked, condition: Sql, { total, estimated }: MatchTotal): Promise<number[]> {
  const where = allOf([base, condition]);
  const from = `SELECT "${ALIAS}"."id" AS id FROM ${identifier(gate.definition.table)} "${ALIAS}" WHERE ${where.sql}`;
  const sql =
    !estimated && total <= FEW
      ? `WITH found AS MATERIALIZED (${from}) SELECT id FROM found ORDER BY id DESC LIMIT ?`
      : `${from} ORDER BY "${ALIAS}"."id" DESC LIMIT ?`;
  try {
    return (await within<{ id: number }>(db, ms, { sql, bindings: [...where.bindings, SAMPLE] })).map(({ id }) => Number(id));
  } catch (error) {
    if (isTimeout(error)) return [];
    throw error;
  }
}

/** What each rule finds alone, and what the others find without it: the rule that keeps everybody out is the one that stands out. */
async function partsOf(
  countAll: CountAll,
  looked: Looked,
  where: MatchInput['where'],
  compile: (tree: unknown) => Sql,
): Promise<NonNullable<MatchAnswer['parts']>> {
  const rules = Array.isArray(where['rules']) ? (where['rules'] as unknown[]).slice(0, MOST_PARTS) : [];
  if (rules.length === 0) return [];
  const alone = rules.map((rule) => compile({ combinator: 'and', rules: [rule] }));
  const join = where['combinator'] === 'or' ? anyOf : allOf;
  const others = rules.map((_rule, index) => join(rules.flatMap((_other, at) => (at === index ? [] : [held(at)]))));
  // A single rule leaves all rows when it is left out.
  const conditions = rules.length === 1 ? [...alone, TRUE] : alone;
  const counted = await countAll(looked, conditions, [...rules.map((_rule, index) => held(index)), ...others]);
  return rules.map((_rule, index) => ({ alone: counted[index] ?? NONE, without: counted[rules.length + index] ?? NONE }));
}

/** The other version is refused apart from the one that is edited: what is wrong with it must not keep anybody from putting it right. */
function otherVersion<T>(compile: () => T | null): { live: T | null; refused: MatchAnswer['refused'] } {
  try {
    return { live: compile(), refused: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { live: null, refused: { code: error.code, message: error.message } };
  }
}

/**
 * What a condition matches, how that differs from another version of it, and examples: always within the actor's reach, and never by a field
 * he may not search. The counts are exact unless the table cannot be read in time.
 * @throws AppError QUERY_INVALID, FIELD_UNKNOWN, FIELD_NOT_SEARCHABLE, CONDITION_INVALID for the condition itself
 */
export function createMatcher(deps: MatchDeps) {
  const { db } = deps;
  const limits = { ...LIMITS, ...deps.limits };
  const countAll = createCountAll(db, limits);

  return async (context: VerbContext, gate: FieldGate, input: MatchInput): Promise<MatchAnswer> => {
    const compile = (tree: unknown) => compiledCondition(deps, gate, tree, context.now);
    const draft = compile(input.where);
    const { live, refused } = otherVersion(() => (input.against ? compile(input.against) : null));
    const uncovered = onlyUncovered(gate, [...draft.asked, ...(live?.asked ?? [])]);
    const looked: Looked = { gate, base: allOf([reach(deps, gate, 'read'), uncovered]) };
    const [p0, p1] = [held(0), held(1)];
    const [matching = NONE, added = null, removed = null] = live
      ? await countAll(looked, [draft.sql, live.sql], [p0, but(p0, p1), but(p1, p0)])
      : await countAll(looked, [draft.sql], [p0]);
    const totals = { matching, added, removed };
    const sample = async (side: MatchSide): Promise<readonly Row[]> => {
      const total = totals[side];
      if (total === null || (total.total === 0 && !total.estimated)) return [];
      const sides = {
        matching: () => draft.sql,
        added: () => live && but(draft.sql, live.sql),
        removed: () => live && but(live.sql, draft.sql),
      };
      const ids = await newest(db, limits.countMs, looked, sides[side]() ?? draft.sql, total);
      const rows = ids.length === 0 ? [] : await deps.rowsOf(context, gate, ids);
      return [...rows].sort((a, b) => Number(b['id']) - Number(a['id']));
    };
    return {
      ...totals,
      refused,
      sample: input.sample ? await sample(input.sample) : null,
      parts: input.parts ? await partsOf(countAll, looked, input.where, (tree) => compile(tree).sql) : null,
    };
  };
}

/** `match` of every resource that has facts; whoever may list it may ask. */
export const matchVerb = (run: (context: VerbContext, input: MatchInput) => Promise<MatchAnswer>): ResourceVerb => ({
  name: 'match',
  target: 'collection',
  access: 'read',
  summary: 'Counts what a condition matches and how that differs from another version of it',
  input: matchInput,
  run: (context, _ids, input) => run(context, matchInput.parse(input)),
});
