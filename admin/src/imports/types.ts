import type { CustomField, LocalisedText } from '../api/types';

export type ImportStatus = 'draft' | 'checking' | 'checked' | 'running' | 'done' | 'failed' | 'cancelled' | 'reverting' | 'reverted';

export const IMPORT_KINDS = ['leads', 'accounts', 'opportunities', 'activities'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

export interface ColumnOptions {
  readonly emptyValues?: readonly string[];
  readonly dateFormat?: string;
  readonly timeZone?: string;
  readonly decimalComma?: boolean;
  readonly optionMap?: Readonly<Record<string, string | null>>;
  readonly noIsLost?: boolean;
  readonly otherwise?: string;
}

export interface NewField {
  readonly key: string;
  readonly label: LocalisedText;
  readonly type: CustomField['type'];
  readonly options: readonly { readonly value: string; readonly label: LocalisedText }[];
}

export interface ColumnMapping {
  readonly column: string;
  readonly target: string | null;
  readonly part?: 'given' | 'family' | null;
  readonly create?: NewField | null;
  readonly options?: ColumnOptions | null;
  readonly confidence?: number;
}

export interface ImportOptions {
  readonly mode?: 'create' | 'update' | 'upsert';
  readonly onDuplicate?: 'merge' | 'overwrite' | 'skip' | 'link';
  readonly source?: string;
  readonly emptyValues?: readonly string[];
  readonly timeZone?: string;
  readonly country?: string | null;
  readonly createFields?: boolean;
  readonly destination?: 'route' | { readonly pool: number } | { readonly owner: number };
  readonly clocks?: 'none' | 'now' | 'captured';
  readonly externalSource?: string;
  readonly followUps?: 'history' | 'live';
  readonly leadStage?: 'advance' | 'keep';
  readonly unknownPeople?: 'refuse' | 'blank';
  readonly defaults?: Readonly<Record<string, string | number | boolean>>;
}

/** A place a column may go, as the server offers it to this person. */
export interface ImportTarget {
  readonly key: string;
  readonly label: LocalisedText;
  readonly group: 'record' | 'lead' | 'custom' | 'state';
  readonly type: string;
}

export interface DryRun {
  readonly rows: number;
  readonly create: number;
  readonly update: number;
  readonly duplicate: number;
  readonly skip: number;
  readonly errors: number;
  readonly reasons: readonly {
    readonly code: string;
    readonly column: string | null;
    readonly count: number;
    readonly examples: readonly { readonly row: number; readonly value: string | null; readonly message: string }[];
  }[];
  readonly newFields: readonly string[];
  readonly newOptions: Readonly<Record<string, readonly string[]>>;
}

export interface ImportRecord {
  readonly id: number;
  readonly kind: ImportKind;
  /** Absent once the import has run. */
  readonly targets?: readonly ImportTarget[];
  readonly fileName: string;
  readonly size: number;
  readonly sniffed: { readonly kind: 'csv' | 'xlsx'; readonly encoding: string | null; readonly delimiter: string | null };
  readonly headers: readonly string[];
  readonly samples: readonly (readonly string[])[];
  readonly mapping: readonly ColumnMapping[];
  readonly options: ImportOptions;
  readonly status: ImportStatus;
  readonly total: number | null;
  readonly done: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly dryRun: DryRun | null;
  readonly revert: Readonly<Record<string, unknown>> | null;
  readonly error: string | null;
  readonly owner: number | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly warning?: unknown;
}
