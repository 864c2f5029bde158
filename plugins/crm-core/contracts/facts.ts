import type { Actor } from './actor';
import type { Condition, FactDescription } from './condition';
import type { LintFinding } from './lint';
import type { Sql } from './sql';

export interface FactDefinition extends FactDescription {
  /** The subject it describes: `lead`, `account`, `member`, `activity`. */
  readonly subject: string;
  /** SQL of the value given the alias of the subject's row. `args` are validated first. */
  sql(alias: string, args: Readonly<Record<string, unknown>>, context: CompileContext): Sql;
}
export interface CompileContext {
  readonly now: Date;
  readonly actor: Actor | null;
  /** Stored rows whose text stands in a table of its own with an index (see `searchTable`): their columns there. Never for rows in memory. */
  readonly searched?: { readonly table: string; readonly columns: readonly string[] };
}
export interface ConditionService {
  addFacts(facts: readonly FactDefinition[]): void;
  /** Dynamic facts (custom fields) are asked for at each compile; keep the source cached. */
  addFactSource(subject: string, source: () => readonly FactDefinition[]): void;
  /** @throws AppError CONDITION_INVALID with the path of the offending rule. */
  compile(condition: Condition, subject: string, alias: string, context: CompileContext): Sql;
  /** The value of one fact as SQL over `alias`, for decisions that look values up (tables). @throws AppError CONDITION_INVALID when there is no such fact. */
  value(field: string, subject: string, alias: string, context: CompileContext): Sql;
  /** Problems in words, empty when the condition compiles. */
  check(condition: unknown, subject: string): LintFinding[];
  describe(subject: string): readonly FactDescription[];
}
