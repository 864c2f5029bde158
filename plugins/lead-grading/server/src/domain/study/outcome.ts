import { snakeCase } from './names';

/** One lead whose outcome is known, as it was when sales met it. */
export interface DecidedLead {
  readonly id: number;
  readonly won: boolean;
  /** First contact by a person, or the outcome when none was logged: what came later a model could not know. */
  readonly asOf: Date;
  readonly capturedAt: Date;
  readonly closedAt: Date;
}

/** A change of a lead's fields as its history keeps it. */
export interface FieldChange {
  readonly at: Date;
  readonly before: Readonly<Record<string, unknown>> | null;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/**
 * The row as it was at `asOf`: every later change is taken back, the latest first. Names of events are camelCase, those of rows snake_case;
 * what the row does not have (`owner` of `owner_id`) is looked for with `_id`.
 */
export function rowAsOf(row: Readonly<Record<string, unknown>>, changes: readonly FieldChange[], asOf: Date): Record<string, unknown> {
  const past: Record<string, unknown> = { ...row };
  const later = changes.filter((change) => change.at > asOf).sort((a, b) => b.at.getTime() - a.at.getTime());
  for (const { before } of later) {
    for (const [name, value] of Object.entries(before ?? {})) {
      const column = snakeCase(name);
      if (column === 'custom' && isRecord(value)) past['custom'] = { ...value };
      else if (column in past) past[column] = value;
      else if (`${column}_id` in past) past[`${column}_id`] = value;
    }
  }
  return past;
}

/** The row with every instant moved by `ms`, so that leads of different moments can be asked about one. */
export const shifted = (row: Readonly<Record<string, unknown>>, ms: number): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, value instanceof Date ? new Date(value.getTime() + ms) : value]),
  );
