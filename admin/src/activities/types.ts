import type { RaRecord } from 'ra-core';

/** What sales did with a lead, as the list of follow-ups reads it. */
export interface Activity extends RaRecord {
  readonly id: number;
  readonly lead: number | null;
  readonly member: number | null;
  readonly kind: string;
  readonly direction: string | null;
  readonly outcome: string | null;
  readonly subject: string | null;
  readonly note: string | null;
  readonly durationSeconds: number | null;
  readonly occurredAt: string;
  readonly automatic: boolean | null;
  readonly custom?: Record<string, unknown> | null;
  readonly _masked?: readonly string[];
}

/** Columns of the list in the order of a list nobody has laid out, and the message key of each. */
export const ACTIVITY_WORDS: Readonly<Record<string, string>> = {
  occurredAt: 'activity.when',
  lead: 'activity.lead',
  kind: 'activity.kind',
  outcome: 'activity.outcome',
  note: 'activity.note',
  member: 'activity.by',
  direction: 'activity.direction',
  subject: 'activity.subject',
  durationSeconds: 'activity.length',
  automatic: 'activity.automatic',
};
export const ACTIVITY_COLUMNS: readonly string[] = Object.keys(ACTIVITY_WORDS);
export const USUAL_ACTIVITY_COLUMNS: readonly string[] = ['occurredAt', 'lead', 'kind', 'outcome', 'note', 'member'];
