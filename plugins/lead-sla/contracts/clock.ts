import type { Actor, CalendarDayRow, Host, LocalisedText } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Rebuilt } from '../server/src/services/history';
import type { Obligor, Side } from './contract';

/** `pending` is a clock that does not exist yet; the others are stored. */
export const CLOCK_STATES = ['running', 'paused', 'blocked', 'breached_open', 'met', 'breached_closed', 'cancelled', 'waived'] as const;
export type ClockState = (typeof CLOCK_STATES)[number];
export const OPEN_STATES = ['running', 'paused', 'blocked', 'breached_open'] as const satisfies readonly ClockState[];

/** What a list of leads shows of the most urgent open clock. */
export interface ClockBrief {
  readonly id: number;
  readonly metric: string;
  readonly label: LocalisedText;
  /** The same words under the name the console's clock resource uses. */
  readonly metricLabel: LocalisedText;
  readonly state: ClockState;
  readonly dueAt: Date | null;
  /** Business seconds left now; negative once the deadline has passed. */
  readonly remainingSeconds: number;
}

/** a deadline day by day, in the calendar's zone. */
export interface ClockExplanation {
  readonly metric: string;
  readonly label: LocalisedText;
  readonly obligor: Obligor;
  readonly state: ClockState;
  readonly target: { readonly seconds: number; readonly row: number; readonly version: number };
  readonly startedAt: Date;
  readonly dueAt: Date | null;
  readonly breachedAt: Date | null;
  readonly stoppedAt: Date | null;
  readonly elapsedSeconds: number;
  readonly remainingSeconds: number;
  readonly calendarSeconds: number;
  readonly provisional: boolean;
  readonly policy: { readonly key: string; readonly number: number; readonly versionId: number };
  readonly calendar: { readonly key: string; readonly tz: string } | null;
  readonly rows: readonly (CalendarDayRow & { readonly text: LocalisedText })[];
  readonly pauses: readonly { readonly from: Date; readonly to: Date | null; readonly seconds: number; readonly text: LocalisedText }[];
  readonly text: LocalisedText;
}

/** What this plugin offers others: `getClocks(strapi)`. */
export interface Clocks {
  /** The most urgent open clock of each lead, in one statement. */
  clocksFor(leadIds: readonly number[], now: Date): Promise<ReadonlyMap<number, ClockBrief>>;
  explain(clockId: number, now: Date): Promise<ClockExplanation>;
  /** call in the transaction that merges leads, with the leads locked. */
  merge(
    trx: Knex.Transaction,
    merge: { readonly survivorId: number; readonly loserIds: readonly number[] },
    now: Date,
    policy?: 'earliest' | 'survivor',
  ): Promise<void>;
  /** call in the transaction that un-merges. */
  unmerge(trx: Knex.Transaction, merge: { readonly survivorId: number; readonly loserIds: readonly number[] }, now: Date): Promise<void>;
  /** Signs the newest version of a contract for one side, as this member. @throws AppError SIGN_… */
  sign(contractId: number, side: Side, actor: Actor, now: Date): Promise<void>;
  /** a clock computed again from the history of its lead, beside the stored one. */
  rebuild(clockId: number): Promise<Rebuilt>;
}

export const getClocks = (strapi: Host): Clocks => strapi.plugin('lead-sla').service('clocks') as Clocks;
