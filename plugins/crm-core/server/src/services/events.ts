import type { Knex } from 'knex';
import type { Actor, Cause, EventInput, EventService } from '../../../contracts';
import { announcements } from '../domain/machine/announcement';
import { rowsAs, type Column } from './columns';
import { LIVE_CHANNEL } from './live';
import { many, one } from './rows';

const EVENT_COLUMNS: readonly Column<EventInput>[] = [
  { name: 'subject', type: 'text', of: ({ subject }) => subject },
  { name: 'subject_id', type: 'int', of: ({ subjectId }) => subjectId },
  { name: 'type', type: 'text', of: ({ type }) => type },
  { name: 'before', type: 'jsonb', of: ({ before }) => before },
  { name: 'after', type: 'jsonb', of: ({ after }) => after },
  { name: 'data', type: 'jsonb', of: ({ data }) => data },
  { name: 'policy_version_id', type: 'int', of: ({ policyVersionId }) => policyVersionId },
];
/** Of events of several people each names its own. */
const actorColumns = (usual: Actor): readonly Column<EventInput>[] => [
  { name: 'actor_kind', type: 'text', of: ({ actor = usual }) => actor.kind },
  { name: 'actor_id', type: 'int', of: ({ actor = usual }) => actor.memberId },
  { name: 'actor_name', type: 'text', of: ({ actor = usual }) => actor.name },
];

/** Tells live listeners in the same transaction, so that they hear of it when it commits and not before, or never. */
async function announce(trx: Knex.Transaction, events: readonly EventInput[], ids: readonly number[]): Promise<void> {
  const payloads = announcements(
    events.map(({ subject, subjectId, type }, index) => ({ subject, id: subjectId, type, eventId: ids[index] ?? 0 })),
  );
  await trx.raw('SELECT pg_notify(?, payload) FROM unnest(?::text[]) AS payload', [LIVE_CHANNEL, payloads]);
}

async function append(trx: Knex.Transaction, events: readonly EventInput[], actor: Actor, cause: Cause, now: Date): Promise<number[]> {
  if (events.length === 0) return [];
  const columns = [...EVENT_COLUMNS, ...actorColumns(actor)];
  const names = columns.map(({ name }) => name).join(', ');
  const source = rowsAs('e', columns, events);
  const inserted = await many<{ id: string | number }>(
    trx,
    `INSERT INTO crm_events (${names}, cause_type, cause_id, cause_note, at)
     SELECT ${names}, ?, ?, ?, ?::timestamptz FROM ${source.sql} ORDER BY e.row_no RETURNING id`,
    [cause.type, cause.id ?? null, cause.note ?? null, now, ...source.bindings],
  );
  const ids = inserted.map((row) => Number(row.id));
  await announce(trx, events, ids);
  return ids;
}

/** History: append-only, written in the transaction of the change it tells. Two statements for any number of events. */
export function createEventService(_db: Knex): EventService {
  return { append };
}

export interface DecisionInput {
  /** `grade`, `route`, `recycle`, `dedupe`, `clock` … */
  readonly kind: string;
  readonly subject: string;
  readonly subjectId: number;
  readonly eventId?: number | null;
  readonly policyVersionId?: number | null;
  /** The facts it was made from. */
  readonly inputs?: unknown;
  /** Who or what was considered, each with its reason codes. */
  readonly candidates?: unknown;
  readonly result: unknown;
  readonly cause?: string | null;
}

export interface Decision extends Required<DecisionInput> {
  readonly id: number;
  readonly at: Date;
}

export interface DecisionStore {
  /** Writes in the caller's transaction, one statement for any number. Returns ids in the order given. */
  insert(trx: Knex.Transaction, decisions: readonly DecisionInput[], now: Date): Promise<number[]>;
  /** The newest decision of a kind about one subject, or null. */
  latest(kind: string, subject: string, subjectId: number): Promise<Decision | null>;
}

const DECISION_COLUMNS: readonly Column<DecisionInput>[] = [
  { name: 'kind', type: 'text', of: ({ kind }) => kind },
  { name: 'subject', type: 'text', of: ({ subject }) => subject },
  { name: 'subject_id', type: 'int', of: ({ subjectId }) => subjectId },
  { name: 'event_id', type: 'bigint', of: ({ eventId }) => eventId },
  { name: 'policy_version_id', type: 'int', of: ({ policyVersionId }) => policyVersionId },
  { name: 'inputs', type: 'jsonb', of: ({ inputs }) => inputs },
  { name: 'candidates', type: 'jsonb', of: ({ candidates }) => candidates },
  { name: 'result', type: 'jsonb', of: ({ result }) => result },
  { name: 'cause', type: 'text', of: ({ cause }) => cause },
];
const DECISION_NAMES = DECISION_COLUMNS.map(({ name }) => name).join(', ');

const LATEST_DECISION = `
  SELECT id, kind, subject, subject_id, event_id, policy_version_id, inputs, candidates, result, cause, at
  FROM crm_decisions WHERE subject = ? AND subject_id = ? AND kind = ? ORDER BY id DESC LIMIT 1`;

interface DecisionRow {
  readonly id: string | number;
  readonly kind: string;
  readonly subject: string;
  readonly subject_id: number;
  readonly event_id: string | number | null;
  readonly policy_version_id: number | null;
  readonly inputs: unknown;
  readonly candidates: unknown;
  readonly result: unknown;
  readonly cause: string | null;
  readonly at: Date;
}

/** Automatic decisions with what they were made from, for explanations and replay. */
export function createDecisionStore(db: Knex): DecisionStore {
  return {
    insert: async (trx, decisions, now) => {
      if (decisions.length === 0) return [];
      const source = rowsAs('d', DECISION_COLUMNS, decisions);
      const inserted = await many<{ id: string | number }>(
        trx,
        `INSERT INTO crm_decisions (${DECISION_NAMES}, at) SELECT ${DECISION_NAMES}, ?::timestamptz FROM ${source.sql} ORDER BY d.row_no RETURNING id`,
        [now, ...source.bindings],
      );
      return inserted.map((row) => Number(row.id));
    },
    latest: async (kind, subject, subjectId) => {
      const row = await one<DecisionRow>(db, LATEST_DECISION, [subject, subjectId, kind]);
      if (!row) return null;
      return {
        id: Number(row.id),
        kind: row.kind,
        subject: row.subject,
        subjectId: row.subject_id,
        eventId: row.event_id === null ? null : Number(row.event_id),
        policyVersionId: row.policy_version_id,
        inputs: row.inputs,
        candidates: row.candidates,
        result: row.result,
        cause: row.cause,
        at: row.at,
      };
    },
  };
}
