/** nobody gets what is new, a delegate does, or he also works on what falls due. */
export const LEAVE_MODES = ['skip', 'delegate_new', 'delegate_all'] as const;
export type LeaveMode = (typeof LEAVE_MODES)[number];
/** What was lent comes back by itself where the delegate has not worked on it, or both are asked. */
export const LEAVE_RETURNS = ['auto', 'none'] as const;

/** One line of the calendar. */
export interface LeaveEntry {
  readonly id: number;
  readonly member: number;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly delegate: number | null;
  readonly delegateName: string | null;
  readonly mode: LeaveMode;
  readonly returns: (typeof LEAVE_RETURNS)[number];
  /** Null for those who may not change it. */
  readonly note: string | null;
  readonly canEdit: boolean;
  /** Leads lent to the delegate, and how many have come back. */
  readonly lent: number;
  readonly returned: number;
}

/** The answer of `GET /routing/leave-calendar?from=2026-03-01&to=2026-03-31`. */
export interface LeaveCalendar {
  readonly from: string;
  readonly to: string;
  readonly people: readonly { readonly id: number; readonly name: string; readonly team: string | null; readonly you: boolean }[];
  readonly leaves: readonly LeaveEntry[];
  /** Whose leave the reader may enter beside his own. */
  readonly mayEnterFor: readonly number[];
}
