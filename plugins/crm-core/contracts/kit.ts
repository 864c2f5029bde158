import type { Knex } from 'knex';
import type { z } from 'zod';
import type { Actor, Cause } from './actor';
import type { Condition, FactDescription, LocalisedText } from './condition';
import type { Calendar } from '../server/src/domain/calendar';
import type { DecisionStore } from '../server/src/services/events';
import type { HostContext } from './host';
import type { Sql } from './sql';

/** Product time. Always ask it, never `new Date()`: tests and the demo move it. */
export interface Clock {
  now(): Date;
}

// ---------------------------------------------------------------- events
export interface EventInput {
  /** `lead`, `account`, `policy`, `member` … */
  readonly subject: string;
  readonly subjectId: number;
  /** Dotted past tense: `lead.created`, `lead.claimed`, `clock.breached`. */
  readonly type: string;
  readonly before?: Readonly<Record<string, unknown>> | null;
  readonly after?: Readonly<Record<string, unknown>> | null;
  readonly policyVersionId?: number | null;
  /** Other facts worth keeping (reason, evidence, the raw payload). */
  readonly data?: Readonly<Record<string, unknown>> | null;
}

export interface EventService {
  /** Appends in the caller's transaction and announces them to live listeners on commit. Returns ids in the order given. */
  append(trx: Knex.Transaction, events: readonly EventInput[], actor: Actor, cause: Cause, now: Date): Promise<number[]>;
}

// ---------------------------------------------------------------- timers
export interface TimerInput {
  /** Handler name, e.g. `sla.warn`. */
  readonly kind: string;
  /** Unique while armed: arming the same key again moves it. */
  readonly key: string;
  readonly subject: string;
  readonly subjectId: number;
  readonly dueAt: Date;
  readonly payload?: Readonly<Record<string, unknown>>;
}
export interface DueTimer extends Required<Omit<TimerInput, 'payload'>> {
  readonly id: number;
  readonly payload: Record<string, unknown>;
}
/** Runs inside the transaction that marks the timers fired: what it writes and the firing commit together or not at all. */
export type TimerHandler = (trx: Knex.Transaction, due: readonly DueTimer[], now: Date) => Promise<void>;
export interface TimerService {
  arm(trx: Knex.Transaction, timers: readonly TimerInput[], now: Date): Promise<void>;
  cancel(trx: Knex.Transaction, keys: readonly string[], now: Date): Promise<void>;
  handle(kind: string, handler: TimerHandler): void;
  /** Fires everything due at `now`, in due order, until nothing is left. Used by the poller and by the test clock. */
  drain(now: Date): Promise<number>;
}

// ---------------------------------------------------------------- jobs
export interface JobInput {
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Same key while queued or running = same job. */
  readonly key?: string;
  readonly runAt?: Date;
  readonly maxAttempts?: number;
}
export interface RunningJob {
  readonly id: number;
  readonly kind: string;
  readonly payload: Record<string, unknown>;
  readonly attempt: number;
  /** Saves progress that the console shows; keeps the lease alive. */
  progress(done: number, total: number | null, note?: string): Promise<void>;
  /** True when the job was cancelled or the process is stopping: return soon, the job resumes later. */
  shouldStop(): boolean;
}
export type JobHandler = (job: RunningJob) => Promise<void>;
export interface JobService {
  /** Writes the job row in the caller's transaction; the engine is told after commit, the reconciler re-sends what it lost. */
  enqueue(trx: Knex.Transaction, jobs: readonly JobInput[]): Promise<number[]>;
  handle(kind: string, handler: JobHandler): void;
  cancel(id: number): Promise<void>;
}

// ---------------------------------------------------------------- policies
export interface PolicyKind<Body = unknown> {
  /** `pool`, `grading-model`, `routing-policy`, `sla-contract`, `calendar`, `lifecycle`. */
  readonly kind: string;
  /** Console resource, e.g. `grading-models`. */
  readonly resource: string;
  readonly label: LocalisedText;
  readonly schema: z.ZodType<Body>;
  /** Semantic checks beyond the schema. `error` blocks publishing, `warning` does not. */
  lint?(body: Body, context: { readonly key: string }): Promise<LintFinding[]> | LintFinding[];
  /** Who is affected if this draft were published now. */
  preview?(body: Body, policy: { id: number; key: string }, actor: Actor): Promise<Record<string, unknown>>;
  /** Runs in the publishing transaction, after the version is written. */
  onPublish?(trx: Knex.Transaction, version: PolicyVersion<Body>, actor: Actor, now: Date): Promise<void>;
}
export interface LintFinding {
  readonly level: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}
export interface PolicyVersion<Body = unknown> {
  readonly policyId: number;
  readonly versionId: number;
  readonly number: number;
  readonly kind: string;
  readonly key: string;
  readonly name: string;
  readonly body: Body;
  readonly publishedAt: Date;
}
export interface PolicyService {
  define<Body>(kind: PolicyKind<Body>): void;
  /** Live versions of a kind in position order; cached, invalidated on every node when something is published. */
  live<Body>(kind: string): Promise<readonly PolicyVersion<Body>[]>;
  liveByKey<Body>(kind: string, key: string): Promise<PolicyVersion<Body> | null>;
  liveById<Body>(policyId: number): Promise<PolicyVersion<Body> | null>;
  /** Any version ever published, for replay and explanations. */
  version<Body>(versionId: number): Promise<PolicyVersion<Body>>;
  /** Create or update a draft and (optionally) publish: used by the seed and by configuration import. */
  upsert(input: { kind: string; key: string; name: string; body: unknown; position?: number; publish?: boolean }, actor: Actor, now: Date): Promise<{ policyId: number; versionId: number | null }>;
}

// ---------------------------------------------------------------- facts and conditions
export interface FactDefinition extends FactDescription {
  /** The subject it describes: `lead`, `account`, `member`, `activity`. */
  readonly subject: string;
  /** SQL of the value given the alias of the subject's row. `args` are validated first. */
  sql(alias: string, args: Readonly<Record<string, unknown>>, context: CompileContext): Sql;
}
export interface CompileContext {
  readonly now: Date;
  readonly actor: Actor | null;
}
export interface ConditionService {
  addFacts(facts: readonly FactDefinition[]): void;
  /** Dynamic facts (custom fields) are asked for at each compile; keep the source cached. */
  addFactSource(subject: string, source: () => readonly FactDefinition[]): void;
  /** @throws AppError CONDITION_INVALID with the path of the offending rule. */
  compile(condition: Condition, subject: string, alias: string, context: CompileContext): Sql;
  /** Problems in words, empty when the condition compiles. */
  check(condition: unknown, subject: string): LintFinding[];
  describe(subject: string): readonly FactDescription[];
}

// ---------------------------------------------------------------- access
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
  /** See phone and mail of unclaimed pool leads. */
  readonly revealPool?: boolean;
}
export interface AccessService {
  /** Row predicate over `alias` for what the actor may do; `FALSE` when denied. Non-members of kind system may do all. */
  scope(actor: Actor, resource: string, verb: string, alias: string): Sql;
  can(actor: Actor, resource: string, verb: string): boolean;
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
   * resource follows a parent. A fact that is left out never matches a rule.
   */
  canRow(actor: Actor, resource: string, verb: string, row: Readonly<Record<string, unknown>>): boolean;
}
/** `$eq` and `$in` are the only operators rules use; anything else is refused by the SQL translator. */
export interface ScopeTest {
  readonly $eq?: number | null;
  readonly $in?: readonly number[];
}
/** A conjunction over `owner`, `team`, `pool`, `parent` and `parent.owner` …; empty = every row. */
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

// ---------------------------------------------------------------- console resources
export type FieldType = 'id' | 'text' | 'number' | 'money' | 'boolean' | 'datetime' | 'date' | 'select' | 'multiselect' | 'reference' | 'json';
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
  readonly mask?: 'phone' | 'email' | 'text';
  readonly label?: LocalisedText;
  readonly reference?: string;
  readonly options?: readonly { readonly value: string; readonly label: LocalisedText }[];
}
export interface VerbContext {
  readonly actor: Actor;
  readonly now: Date;
  readonly requestId: string;
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
   * A bulk answer is `{ results: [{ id, ok, … }] }`; anything else counts as success for all ids and is passed on as `data`.
   * Names may hold a slash (`explain/score`).
   */
  run(context: VerbContext, ids: readonly number[], input: Input): Promise<unknown>;
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
  readonly defaultSort?: readonly [string, 'ASC' | 'DESC'];
  /** Rows on which masks of `mask` fields apply for this actor (e.g. unclaimed pool leads of others); null = none. */
  readonly rowMask?: (actor: Actor, alias: string) => Sql | null;
  readonly create?: (context: VerbContext, values: Record<string, unknown>) => Promise<number>;
  readonly update?: (context: VerbContext, id: number, values: Record<string, unknown>) => Promise<void>;
  readonly remove?: (context: VerbContext, id: number) => Promise<void>;
  /** Adds computed properties to rows already read and gated (one query for the page, not per row). */
  readonly decorate?: (context: VerbContext, rows: Record<string, unknown>[]) => Promise<void>;
  readonly verbs?: readonly ResourceVerb[];
}

export interface NoticeInput {
  readonly memberId: number;
  /** Dotted event type, e.g. `lead.assigned`, `sla.warn`, `pool.recycle-soon`. */
  readonly type: string;
  readonly subject?: string;
  readonly subjectId?: number;
  readonly title: LocalisedText;
  readonly body?: LocalisedText;
  readonly link?: string;
}

export interface Migration {
  /** `leads/0001-machine-tables`; applied once, in registration order of plugins, recorded in crm_migrations. */
  readonly name: string;
  up(knex: Knex): Promise<void>;
}

/** Everything the kit offers to the plugins above it: `getKit(strapi)`. Register in `register()`, use from `bootstrap()` on. */
export interface Kit {
  readonly db: Knex;
  readonly clock: Clock;
  readonly log: { info(m: string): void; warn(m: string): void; error(m: string, e?: unknown): void };
  readonly events: EventService;
  readonly decisions: DecisionStore;
  readonly timers: TimerService;
  readonly jobs: JobService;
  readonly policies: PolicyService;
  readonly conditions: ConditionService;
  readonly access: AccessService;
  readonly actors: {
    system(name?: string): Actor;
    member(memberId: number): Promise<Actor>;
    /** Lets a plugin say in which pools a member may see leads; asked when an actor is loaded, kept until policies or members change. */
    addPoolSource(source: (member: { id: number; teamIds: readonly number[]; roles: readonly string[] }) => Promise<readonly number[]>): void;
  };
  readonly resources: {
    define(resource: ResourceDefinition): void;
    extend(
      name: string,
      part: {
        verbs?: readonly ResourceVerb[];
        fields?: readonly ResourceField[];
        /** Runs after the resource's own `decorate`, in the order added. */
        decorate?: ResourceDefinition['decorate'];
      },
    ): void;
  };
  readonly migrations: { add(plugin: string, migrations: readonly Migration[]): void };
  /** Runs once after all plugins have registered and migrations are done; `after` names plugins that must come first. */
  onReady(plugin: string, run: () => Promise<void>): void;
  /** Adds keys to `GET /api/console/meta`, computed per request for the actor. */
  addMeta(source: (actor: Actor) => Promise<Record<string, unknown>>): void;
  /** Adds a hand-written console route below /api/console, behind the same authentication. */
  addRoute(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, handler: (ctx: HostContext, context: VerbContext) => Promise<void>): void;
  /** The live calendar policy with this key (the first one when null), compiled; null when there is none. */
  calendar(key: string | null): Promise<Calendar | null>;
  /** LISTEN/NOTIFY bus of this node. */
  readonly live: { on(channel: string, listener: (payload: string) => void): () => void };
  /** In-app notices; other channels follow the member's settings. */
  notify(trx: Knex.Transaction, notices: readonly NoticeInput[], now: Date): Promise<void>;
  readonly custom: { fields(entity: 'lead' | 'account' | 'opportunity' | 'activity'): readonly CustomField[]; refresh(): Promise<void> };
}

export const CUSTOM_FIELD_TYPES = ['text', 'textarea', 'number', 'integer', 'money', 'boolean', 'date', 'datetime', 'select', 'multiselect', 'email', 'phone', 'url', 'reference'] as const;
export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number];
export interface CustomField {
  readonly id: number;
  readonly entity: string;
  readonly key: string;
  readonly type: CustomFieldType;
  readonly label: LocalisedText;
  readonly options: readonly { readonly value: string; readonly label: LocalisedText }[];
  readonly required: boolean;
  readonly defaultValue: unknown;
  readonly validation: Readonly<{ min?: number; max?: number; pattern?: string; maxLength?: number }>;
  readonly section: string;
  readonly position: number;
  readonly visibleWhen: Condition | null;
  readonly pii: boolean;
  readonly indexed: boolean;
  readonly retired: boolean;
}
