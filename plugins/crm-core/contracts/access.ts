import type { Actor } from './actor';
import type { LocalisedText } from './condition';
import type { Sql } from './sql';

export type FieldAccess = 'hidden' | 'masked' | 'read' | 'write';
export const ROW_SCOPES = ['none', 'own', 'team', 'teamBelow', 'pool', 'all'] as const;
export type RowScope = (typeof ROW_SCOPES)[number];
/** The editable body of a role. Absent resource, verb or field = denied. */
export interface RoleSpec {
  readonly key: string;
  readonly label: LocalisedText;
  /** resource → verb (`read create update delete export` and domain verbs such as `claim`) → scopes that add up. */
  readonly resources: Readonly<Record<string, Readonly<Record<string, readonly RowScope[]>>>>;
  /** resource → field → access; `*` is the default for the resource's other fields. */
  readonly fields: Readonly<Record<string, Readonly<Record<string, FieldAccess>>>>;
  /**
   * resource → field → values: whatever this role gives on the resource it gives only on rows whose field has one of the values, of every field
   * that is named. Fields are lists and texts, also the company's own (`custom.region`). Rows the member holds himself (`own`) are not limited: what
   * one is given one sees. Another role without it gives its own rows all the same.
   */
  readonly only?: RoleLimits;
  /** See phone and mail of unclaimed pool leads. */
  readonly revealPool?: boolean;
  /** Reveals of masked contact data per day; the largest of the member's roles counts; absent or null = no limit. */
  readonly revealPerDay?: number | null;
}
export type RoleLimits = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
export interface AccessService {
  /** Row predicate over `alias` for what the actor may do; `FALSE` when denied. Non-members of kind system may do all. */
  scope(actor: Actor, resource: string, verb: string, alias: string): Sql;
  can(actor: Actor, resource: string, verb: string): boolean;
  /**
   * Whether leads and accounts may be given to this member: the scopes of the verb `receive` on `members`. Where no role of the actor says anything
   * of it, whoever may assign may give to everybody.
   */
  mayGiveTo(actor: Actor, receiver: Pick<Actor, 'memberId' | 'teamId'>): boolean;
  /** The roles this actor holds. */
  rolesOf(actor: Actor): readonly RoleSpec[];
  /** The strongest access over the actor's roles, before any row rule. */
  field(actor: Actor, resource: string, field: string): FieldAccess;
  /** @throws AppError FORBIDDEN */
  assert(actor: Actor, resource: string, verb: string): void;
  /** Reads the roles again, on this node. */
  refresh(): Promise<void>;
  /** The actor's rules in CASL's own JSON: the console builds its ability from them. */
  rulesFor(actor: Actor): readonly AccessRule[];
  /** Strongest access per resource and field (`*` for the fields not named), for the console's forms and columns. */
  fieldsFor(actor: Actor): Readonly<Record<string, Readonly<Record<string, FieldAccess>>>>;
  /**
   * The row rules on an object, for streams: `owner`, `team`, `pool` as ids, and `parent: { owner, team, pool } | null` where the
   * resource follows a parent; in `has`, as in the parent's, the values of the fields by which roles limit rows (`limitedBy`), under their names
   * as rows of the console have them. A fact that is left out never matches a rule.
   */
  canRow(actor: Actor, resource: string, verb: string, row: Readonly<Record<string, unknown>>): boolean;
  /** Fields by which any role limits the rows of a resource. */
  limitedBy(resource: string): readonly string[];
}
/** `$eq` and `$in` are the only operators rules use; anything else is refused by the SQL translator. */
export interface ScopeTest {
  readonly $eq?: number | null;
  readonly $in?: readonly (number | string)[];
}
/** A conjunction over `owner`, `team`, `pool`, `has.<field>`, `parent` and `parent.owner` …; empty = every row. */
export type ScopeCondition = Readonly<Record<string, ScopeTest>>;
export interface AccessRule {
  readonly action: string;
  readonly subject: string;
  readonly conditions?: ScopeCondition;
}
/** Where a resource keeps what row scopes speak about. A name that is not mapped counts as empty: no `own` row without an owner. */
export interface RowColumns {
  readonly owner?: string | null;
  readonly team?: string | null;
  readonly pool?: string | null;
  /**
   * Follows a parent, e.g. `{ column: 'lead_id', resource: 'leads' }`: scopes speak about the parent's row, which must also be
   * readable; rows whose own mapped column matches (a task's owner) are included; `all` includes rows without a parent.
   */
  readonly via?: { readonly column: string; readonly resource: string };
}
