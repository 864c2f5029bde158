import type { Actor, CustomField, FieldEntity, Kit, LocalisedText } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Leads, Lifecycle } from '../../../../contracts';
import type { ImportRow, TargetType } from '../../domain/files';
import type { Suppressed } from '../erasure/suppression';
import type { ColumnMapping, ImportKind, ImportOptions } from './schema';
import type { ImportRecord, RowRecord } from './store';

export interface RunDeps {
  readonly kit: Kit;
  readonly leads: Leads & { readonly suppressed: Suppressed; country(): string | null };
}

export interface RowRefusal {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
  readonly column?: string;
  /** What the row says that is no good, where it is not the text of one cell. */
  readonly value?: string;
  /** Text that is no option of a select, where the import may add it. */
  readonly option?: { readonly field: string; readonly text: string };
}
/** What a row of the file asks for, or why it cannot be read. */
export type RowResult<Plan = unknown> = { readonly ok: true; readonly change: Plan } | RowRefusal;

export interface PlanInput {
  readonly mapping: readonly ColumnMapping[];
  readonly options: ImportOptions;
  /** The company's own fields of the kind of record. */
  readonly fields: readonly CustomField[];
  readonly graph: Lifecycle;
  /** Namespace of ids the file itself carries. */
  readonly externalSource: string;
}

/** A place a column may go. */
export interface Target {
  readonly type: TargetType;
  readonly label: LocalisedText;
  readonly group: 'record' | 'lead' | 'custom' | 'state';
  /** Whose field it is for the roles, where it is not the record's own of that name. */
  readonly access?: { readonly resource: string; readonly field: string; readonly levels: readonly string[] };
  /** Names a record, or tells where it stands; no field of it that a role could write. */
  readonly free?: boolean;
  /** Other words that headers use for it. */
  readonly words?: readonly string[];
  /** Chosen by a person and never proposed. */
  readonly unguessed?: boolean;
}

export interface Planned<Plan = unknown> {
  readonly row: ImportRow;
  readonly change: Plan;
}

export interface Batch extends RunDeps {
  readonly record: ImportRecord;
  readonly actor: Actor;
  readonly fields: readonly CustomField[];
  readonly clocks: 'none' | 'now' | 'captured';
  /** Whether records outside the person's reach must be told from the others. */
  readonly guarded: boolean;
}

/** What a check says of a row: what would become of it, or why it is refused. */
export type Verdict = 'create' | 'update' | 'duplicate' | 'skip';
export type Checked = { readonly ok: true; readonly verdict: Verdict } | RowRefusal;

export interface Conflict {
  /** The lead it is about, or the lead of the record; null for an account. */
  readonly lead: number | null;
  /** The record, where it is no lead. */
  readonly record?: number;
  /** Worked on since, changed since, or counted as work of the day and so kept. */
  readonly code: 'TOUCHED_SINCE' | 'CHANGED_SINCE' | 'COUNTED';
  readonly fields?: readonly string[];
}
export interface RevertReport {
  removed: number;
  restored: number;
  conflicts: Conflict[];
  conflictCount: number;
}

/** A row of the import as it was kept, for taking it back. */
export interface KeptRow {
  readonly row: number;
  readonly status: string;
  readonly lead_id: number | null;
  readonly record_id: number | null;
}
export interface Reverting extends RunDeps {
  readonly trx: Knex.Transaction;
  readonly record: ImportRecord;
  readonly actor: Actor;
  readonly rows: readonly KeptRow[];
  readonly report: RevertReport;
}

/**
 * What a file may hold: where its columns go, what a row asks for, how rows are written, checked and taken back. All else (reading the file,
 * steps, rows that were refused, progress, going on after a crash) is the same for every kind. A plan only ever goes back to the kind that made
 * it, so the kinds stand in one list whatever their plans are.
 */
export interface Importable<Plan = unknown> {
  readonly kind: ImportKind;
  /** The resource whose right `import` it takes. */
  readonly resource: string;
  readonly entity: FieldEntity;
  readonly targets: Readonly<Record<string, Target>>;
  /** Access levels at which a role may fill in a field of the record. */
  readonly levels: readonly string[];
  /** What is wrong with a mapping as a whole. */
  lacks(mapping: readonly ColumnMapping[], options: ImportOptions): readonly { readonly code: string; readonly message: string }[];
  compile(input: PlanInput): (row: ImportRow) => RowResult<Plan>;
  /** Whether a step may begin before the one before it is done. */
  mayOverlap(batch: Pick<Batch, 'record' | 'guarded'>): boolean;
  /**
   * Writes rows in the transaction of their step with a constant number of statements.
   * @param enter awaited once, when all is decided and before anything is written
   * @returns what became of each row that was given
   */
  write(batch: Batch, trx: Knex.Transaction, given: readonly Planned<Plan>[], enter: () => Promise<void>): Promise<RowRecord[]>;
  /** What would become of each row, in order; `seen` remembers the rows of the file that were looked at before. */
  check(batch: Batch, given: readonly Planned<Plan>[], seen: Set<string>): Promise<readonly Checked[]>;
  /** Takes rows back: what they made and nobody touched since is removed, what they changed gets its values back. */
  revert(step: Reverting): Promise<void>;
}

export const refusal = (code: string, message: string, value?: string): RowRefusal => ({
  ok: false,
  code,
  message,
  ...(value === undefined ? {} : { value }),
});

/** The record of a row that was refused: its cells and the reason. */
export const refused = (row: ImportRow, { code, message }: Pick<RowRefusal, 'code' | 'message'>): RowRecord => ({
  row: row.row,
  status: 'failed',
  leadId: null,
  code,
  message,
  cells: row.raw,
});

const MAX_CONFLICTS = 1000;
export function addConflict(report: RevertReport, conflict: Conflict): void {
  report.conflictCount += 1;
  if (report.conflicts.length < MAX_CONFLICTS) report.conflicts.push(conflict);
}

/** Code of a row whose person was erased and is not to come back. */
export const ERASED_PERSON = 'ERASED_PERSON';
