import type { z } from 'zod';
import type { RowColumns } from './access';
import type { Actor } from './actor';
import type { LocalisedText } from './condition';
import type { MaskPattern } from './custom-field';
import type { Created, Written } from './review';
import type { Sql } from './sql';

export type FieldType =
  'id' | 'text' | 'number' | 'money' | 'boolean' | 'datetime' | 'date' | 'select' | 'multiselect' | 'reference' | 'json';
export interface ResourceField {
  readonly name: string;
  readonly type: FieldType;
  /** Column (default: snake_case of the name) or an expression over the alias. */
  readonly column?: string;
  readonly sql?: (alias: string) => string;
  /** Default: true except for `json` and `multiselect`. */
  readonly sortable?: boolean;
  /** Default: true. */
  readonly filterable?: boolean;
  /** False for NOT NULL columns: the sort is then served by a plain index in both directions. */
  readonly nullable?: boolean;
  /** In the body of POST and PUT. */
  readonly writable?: boolean;
  /** `phone`, `email` … : masked with this pattern when access is `masked`, or when `rowMask` says so. */
  readonly mask?: MaskPattern;
  readonly label?: LocalisedText;
  readonly reference?: string;
  readonly options?: readonly { readonly value: string; readonly label: LocalisedText }[];
}
export interface VerbContext {
  readonly actor: Actor;
  readonly now: Date;
  readonly requestId: string;
  /** In bulk: so many records were asked for, those out of reach included. */
  readonly asked?: number;
}
/** A domain verb. `ids` is one id for `/:id/verb`, many for the bulk form, empty for a collection verb. */
export interface ResourceVerb<Input = unknown> {
  readonly name: string;
  readonly target: 'record' | 'collection';
  readonly method?: 'POST' | 'GET';
  readonly input: z.ZodType<Input>;
  readonly summary: string;
  /** Access verb needed (default: the verb's name). The gate checks rows before `run`. */
  readonly access?: string;
  /** Also offered on rows the definition's `base` predicate leaves out (e.g. unmerge on a tombstone). */
  readonly ignoreBase?: boolean;
  /**
   * `run` asks the gate itself, of the rows it has locked: `access.scope` of this verb and of reading. A request for one record then need not
   * wait for the gate's own look, which goes on beside it; when `run` refuses, what the gate found out comes first.
   */
  readonly asksUnderLock?: boolean;
  /**
   * A bulk answer is `{ results: [{ id, ok, … }] }`; anything else counts as success for all ids and is passed on as `data`.
   * Names may hold a slash (`explain/score`).
   */
  run(context: VerbContext, ids: readonly number[], input: Input): Promise<unknown>;
}
/** Fields covered on the rows that `when` selects: left out, or masked. */
export interface FieldCover {
  readonly when: Sql;
  readonly fields: readonly string[];
  readonly access: 'hidden' | 'masked';
}
export interface ResourceDefinition {
  readonly name: string;
  /** Access resource (default: name). */
  readonly access?: string;
  readonly table: string;
  /** Default: the columns of the fields named owner, team and pool. */
  readonly rows?: RowColumns;
  readonly fields: readonly ResourceField[];
  /** Fields known at run time (custom fields, named `custom.<key>`, kept in the jsonb column `custom`); asked for on each request: keep it cached. */
  readonly dynamicFields?: () => readonly ResourceField[];
  /** Condition subject for `where`, when there is one. */
  readonly subject?: string;
  /** Fixed predicate, e.g. not merged. */
  readonly base?: (alias: string) => Sql;
  /** Fields searched by `q`; masked or hidden ones are left out for the actor. */
  readonly search?: readonly string[];
  /**
   * A table that keeps the `search` fields under the record's `id`, with an index of letter triples: text is looked for there, so that the
   * records' own table has no such index to keep at each change. A text of one or two letters has no triple and finds beginnings of words only.
   */
  readonly searchTable?: string;
  readonly defaultSort?: readonly [string, 'ASC' | 'DESC'];
  /** Rows on which masks of `mask` fields apply for this actor (e.g. unclaimed pool leads of others); null = none. */
  readonly rowMask?: (actor: Actor, alias: string) => Sql | null;
  /** Fields that this actor may not see, or only masked, on some rows only. On those rows they are not searchable either, and nowhere sortable. */
  readonly covers?: (actor: Actor, alias: string) => readonly FieldCover[];
  readonly create?: (context: VerbContext, values: Record<string, unknown>) => Promise<Created>;
  /** Number field that grows with every change. A body that carries another number is refused (409 STALE); `update` is told what it carried. */
  readonly versionField?: string;
  readonly update?: (
    context: VerbContext,
    id: number,
    values: Record<string, unknown>,
    expect?: { readonly version: number },
  ) => Promise<Written>;
  readonly remove?: (context: VerbContext, id: number) => Promise<Written>;
  /** Adds computed properties to rows already read and gated (one query for the page, not per row). */
  readonly decorate?: (context: VerbContext, rows: Record<string, unknown>[]) => Promise<void>;
  /** Properties that `decorate` adds and a list may show as a column of its own. */
  readonly computed?: readonly string[];
  /** Takes out of rows already gated what their JSON tells of other resources and this actor may not read there; may change rows in place. */
  readonly redact?: (context: VerbContext, rows: Record<string, unknown>[]) => Promise<void>;
  readonly verbs?: readonly ResourceVerb[];
}
