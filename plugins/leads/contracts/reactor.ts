import type { Actor, Cause, Condition, EventInput, JobInput, Kit, LocalisedText, NoticeInput, TimerInput } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { CaptureAdapters } from '../server/src/services/capture-adapters';
import type { ActivityRow, EngagementRow, LeadRow, TaskInput } from './lead';
import type { ApplyInput, ApplyResult } from './change';

/** The fixed order of DESIGN §1: a reactor may add changes for those after it, never for those before. */
export const REACTOR_STAGES = ['identify', 'grade', 'lifecycle', 'route', 'hold', 'clocks', 'tasks'] as const;
export type ReactorStage = (typeof REACTOR_STAGES)[number];

/** One lead inside a change set. `row` is what the reactors have made of it so far; write through `WorkingSet.set`. */
export interface Entry {
  readonly id: number;
  readonly isNew: boolean;
  /** As it was when the change set began; null for a new lead. */
  readonly before: Readonly<LeadRow> | null;
  readonly row: Readonly<LeadRow>;
  /** Columns changed in this change set so far. */
  readonly changed: ReadonlySet<string>;
  /** Added by this change set. */
  readonly activities: readonly ActivityRow[];
  readonly engagements: readonly EngagementRow[];
  /** Events emitted for this lead in this change set so far. */
  readonly emitted: readonly EventInput[];
  /** Free marks between reactors and entrances: `route` = please route, `regrade`, `recycled` = by an automatic move, `clocks`=R-34 mode … */
  readonly asks: ReadonlySet<string>;
}

export interface DecisionInput {
  readonly kind: 'grade' | 'route' | 'recycle' | 'dedupe' | 'clock' | 'claim';
  readonly leadId: number;
  readonly policyVersionId: number | null;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly candidates?: readonly Readonly<Record<string, unknown>>[];
  readonly result: Readonly<Record<string, unknown>>;
}

/** What a reactor sees: the whole change set, set-based. Everything asked for here is written once, when all reactors have run. */
export interface WorkingSet {
  readonly kit: Kit;
  readonly trx: Knex.Transaction;
  readonly now: Date;
  /** Who acts, as far as it is one for all; rules about "the person himself" ask `actorOf`. */
  readonly actor: Actor;
  /** Who acts on this lead: people whose changes commit together stay themselves. */
  actorOf(id: number): Actor;
  readonly cause: Cause;
  readonly clocks: 'none' | 'captured' | 'now';
  /** True for simulations: nothing will be written. */
  readonly dryRun: boolean;
  readonly entries: readonly Entry[];
  entry(id: number): Entry;
  /** Stages column values of one lead (snake_case); visible to later reactors and conditions at once. */
  set(id: number, columns: Readonly<Record<string, unknown>>): void;
  ask(id: number, mark: string): void;
  emit(event: EventInput): void;
  decide(decision: DecisionInput): void;
  arm(timer: TimerInput): void;
  disarm(key: string): void;
  task(leadId: number, task: TaskInput): void;
  /** Marks open tasks of the lead done or cancelled; keys undefined = all. */
  closeTasks(leadId: number, state: 'done' | 'cancelled', keys?: readonly string[]): void;
  notify(notice: NoticeInput): void;
  enqueue(job: JobInput): void;
  /** Writes that must run with the flush, set-based (clocks, ledger): after the leads and tasks are written, before decisions and events, in the order added. */
  defer(write: (trx: Knex.Transaction) => Promise<void>): void;
  /**
   * Evaluates conditions in SQL over the leads as they are now in memory (one statement for all). Result: per lead the keys that hold.
   * `entries` defaults to all.
   */
  matches(
    conditions: readonly { readonly key: string; readonly condition: Condition }[],
    entries?: readonly Entry[],
  ): Promise<ReadonlyMap<number, ReadonlySet<string>>>;
  /**
   * A SELECT over the leads as they are now in memory: `build('l')` gives the select list and optional joins; `FROM (…) l` is added.
   * For reactors that need values computed in SQL (scores) and not only truth.
   */
  select<Row>(
    build: (alias: string) => {
      readonly columns: string;
      readonly bindings: readonly unknown[];
      readonly joins?: string;
      readonly where?: string;
    },
    entries?: readonly Entry[],
  ): Promise<Row[]>;
}

export interface Reactor {
  readonly stage: ReactorStage;
  readonly name: string;
  run(set: WorkingSet): Promise<void>;
}

/** Told inside the merging transaction before the rows change, for what other plugins keep of a lead (clocks …); `undone` = un-merge. */
export type MergeListener = (
  trx: Knex.Transaction,
  merge: { readonly survivorId: number; readonly loserIds: readonly number[]; readonly undone: boolean },
  now: Date,
) => Promise<void>;

/** Who merges, when, and in whose transaction (one of its own when absent). */
export interface MergeContext {
  readonly actor: Actor;
  readonly now: Date;
  readonly requestId: string;
  readonly trx?: Knex.Transaction;
}
export interface MergePlan {
  readonly survivor: number;
  readonly losers: readonly number[];
}
/** Makes one lead of several, and takes that back; who may do so the caller has asked. */
export interface Merging {
  /**
   * `fields`: field (or `custom.<key>`) → the lead whose value stays.
   * @throws AppError NOT_FOUND, LEAD_MERGED, LEAD_ERASED, MERGE_FIELD_INVALID
   */
  merge(
    plan: MergePlan,
    fields: Readonly<Record<string, number>>,
    context: MergeContext,
  ): Promise<{ id: number; merged: readonly number[] }>;
  /** @throws AppError NOT_MERGED, LEAD_ERASED; `conflicts` = fields that were edited since and stay */
  unmerge(id: number, context: MergeContext): Promise<{ id: number; from: number; conflicts: readonly string[] }>;
}

/** A lead that has just become a deal. */
export interface Conversion {
  readonly leadId: number;
  readonly opportunityId: number;
}
/** Told inside the converting transaction, with the lead locked and its stage moved. */
export type ConvertListener = (trx: Knex.Transaction, conversion: Conversion, now: Date) => Promise<void>;

/** The person of a lead is being erased: the lead with those merged into it. */
export interface Erasure {
  readonly leadId: number;
  readonly leadIds: readonly number[];
}
/** Told inside the erasing transaction, when nobody holds the lead any more: what still runs for it ends. */
export type EraseListener = (trx: Knex.Transaction, erasure: Erasure, now: Date) => Promise<void>;

/** Why a move to a stage is refused. */
export interface StageRefusal {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}
/** Asked before people move leads between stages; answers which of them may not go. */
export type StageGuard = (
  rows: readonly LeadRow[],
  targetOf: (row: LeadRow) => string | null,
  now: Date,
) => Promise<ReadonlyMap<number, StageRefusal>>;

/** A number of leads that one side owes the other, by a contract in force. */
export interface LeadQuota {
  /** The stage the leads have to reach. */
  readonly stage: string;
  readonly perWeek: number;
  /** As agreed: so many in a period. */
  readonly atLeast: number;
  readonly period: 'week' | 'month' | 'quarter';
  readonly obligor: string;
  readonly contract: LocalisedText;
}

/** What the leads plugin offers the plugins above it: `getLeads(strapi)`. */
export interface Leads {
  readonly reactors: { add(reactor: Reactor): void };
  apply(input: ApplyInput): Promise<ApplyResult>;
  /** The same pipeline without writing; returns what would be. Changed values can be given per lead. */
  simulate(
    input: Omit<ApplyInput, 'trx'>,
  ): Promise<{ readonly rows: readonly LeadRow[]; readonly decisions: readonly DecisionInput[]; readonly events: readonly EventInput[] }>;
  /** Adds a provider for `GET /leads/:id/explain/:what`. */
  explain(what: string, provider: (leadId: number, context: { actor: Actor; now: Date }) => Promise<unknown>): void;
  readonly merging: Merging;
  onMerge(listener: MergeListener): void;
  onConvert(listener: ConvertListener): void;
  onErase(listener: EraseListener): void;
  /** Names columns with words that people wrote about a lead (tables with a `lead_id`): they are emptied when its person is erased. */
  personal(table: string, columns: readonly string[]): void;
  /** Adds terms under which people may move a lead to a stage, beyond those of the graph. */
  guardStages(guard: StageGuard): void;
  /** Adds candidates for My work: items with a due time and reasons, for one member; merged and ranked by the leads plugin. */
  addWork(source: (actor: Actor, now: Date) => Promise<readonly WorkItem[]>): void;
  /** Adds quotas that are in force at a moment, for whoever forecasts leads. */
  addQuotas(source: (now: Date) => Promise<readonly LeadQuota[]>): void;
  /** Every quota in force, in the order of the sources. */
  quotas(now: Date): Promise<readonly LeadQuota[]>;
  /** Forms of payload that sources may send. */
  readonly captureAdapters: CaptureAdapters;
}

export interface WorkItem {
  readonly key: string;
  readonly leadId: number;
  readonly action: 'call' | 'mail' | 'task' | 'claim' | 'review';
  readonly dueAt: Date | null;
  /** Larger comes first; 0..1000, e.g. breached clock 900, running clock by time left, recycle soon 600, task due 500. */
  readonly urgency: number;
  readonly reasons: readonly {
    readonly code: string;
    readonly text: { readonly zh: string; readonly en: string };
    readonly tone: 'danger' | 'warning' | 'info' | 'good';
  }[];
  readonly taskId?: number;
  readonly clockId?: number;
}
