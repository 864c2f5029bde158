/** Why a lead of a bulk move is not put back. */
export const UNDO_CONFLICTS = [
  'GONE',
  'MERGED',
  'MOVED_SINCE',
  'WORKED_SINCE',
  'CLOSED',
  'OWNER_INACTIVE',
  'POOL_RETIRED',
  'OUT_OF_REACH',
] as const;
export type UndoConflict = (typeof UNDO_CONFLICTS)[number];

export interface Held {
  readonly owner: number | null;
  readonly pool: number | null;
}

/** One lead of a move: how it lay before and after, and how it is now. */
export interface MovedLead {
  readonly id: number;
  readonly before: Held;
  readonly after: Held;
  /** Null = the lead is gone. */
  readonly now: (Held & { readonly merged: boolean; readonly closed: boolean }) | null;
  /** It was given to somebody, or moved, after this move. */
  readonly movedSince: boolean;
  /** Somebody followed it up after this move. */
  readonly workedSince: boolean;
  /** The one who held it before is still at work. */
  readonly ownerActive: boolean;
  readonly poolLive: boolean;
  /** Within the row scope of the one who undoes. */
  readonly inReach: boolean;
}

const same = (a: Held, b: Held): boolean => a.owner === b.owner && a.pool === b.pool;

/** What stands against putting a lead back to where it lay before the move; null = nothing. The first that applies is named. */
export function conflictOf(lead: MovedLead, options: { readonly includeWorked: boolean }): UndoConflict | null {
  if (lead.now === null) return 'GONE';
  if (lead.now.merged) return 'MERGED';
  if (!lead.inReach) return 'OUT_OF_REACH';
  if (lead.movedSince || !same(lead.now, lead.after)) return 'MOVED_SINCE';
  if (lead.now.closed) return 'CLOSED';
  if (lead.workedSince && !options.includeWorked) return 'WORKED_SINCE';
  if (lead.before.owner !== null && !lead.ownerActive) return 'OWNER_INACTIVE';
  if (lead.before.owner === null && lead.before.pool !== null && !lead.poolLive) return 'POOL_RETIRED';
  return null;
}

export const UNDO_DAYS = 7;

/** A move by its events: the cause they share; runs of a timer are told apart by the hour. */
export interface MoveKey {
  readonly cause: string;
  readonly id: string | null;
  readonly hour: string | null;
}

export const encodeMove = (key: MoveKey): string => Buffer.from(JSON.stringify([key.cause, key.id, key.hour])).toString('base64url');

/** Null when the text is no key of a move. */
export function decodeMove(text: string): MoveKey | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || parts.length !== 3) return null;
    const [cause, id, hour] = parts as unknown[];
    if (typeof cause !== 'string' || (id !== null && typeof id !== 'string') || (hour !== null && typeof hour !== 'string')) return null;
    if (hour !== null && Number.isNaN(Date.parse(hour))) return null;
    return { cause, id, hour };
  } catch {
    return null;
  }
}
