import type { Knex } from 'knex';
import type { Actor, Cause, EventInput, EventService } from '../../../contracts';
import { announcements } from '../domain/machine/announcement';
import { databaseJson } from '../domain/machine/json';
import { LIVE_CHANNEL } from './live';
import { many, one } from './rows';

const ACTOR_COLUMNS = 'actor_kind, actor_id, actor_name';
const ACTOR_TYPES = 'actor_kind text, actor_id int, actor_name text';

/** `own`: each row names its actor, for events of several people; otherwise one for all, which is less to send. */
const insertEvents = (own: boolean): string => `
  INSERT INTO crm_events (subject, subject_id, type, before, after, data, policy_version_id,
                          ${ACTOR_COLUMNS}, cause_type, cause_id, cause_note, at)
  SELECT e.subject, e.subject_id, e.type, e.before, e.after, e.data, e.policy_version_id, ${own ? ACTOR_COLUMNS : '?, ?, ?'}, ?, ?, ?, ?
  FROM ROWS FROM (json_to_recordset(?::json)
         AS (subject text, subject_id int, type text, before jsonb, after jsonb, data jsonb, policy_version_id int${own ? `, ${ACTOR_TYPES}` : ''})) WITH ORDINALITY
         AS e(subject, subject_id, type, before, after, data, policy_version_id, ${own ? `${ACTOR_COLUMNS}, ` : ''}place)
  ORDER BY e.place
  RETURNING id`;
const OF_ONE = insertEvents(false);
const OF_SEVERAL = insertEvents(true);

/** Tells live listeners in the same transaction, so that they hear of it when it commits and not before, or never. */
async function announce(trx: Knex.Transaction, events: readonly EventInput[], ids: readonly number[]): Promise<void> {
  const payloads = announcements(
    events.map(({ subject, subjectId, type }, index) => ({ subject, id: subjectId, type, eventId: ids[index] ?? 0 })),
  );
  await trx.raw('SELECT pg_notify(?, payload) FROM unnest(?::text[]) AS payload', [LIVE_CHANNEL, payloads]);
}

async function append(trx: Knex.Transaction, events: readonly EventInput[], actor: Actor, cause: Cause, now: Date): Promise<number[]> {
  if (events.length === 0) return [];
  const own = events.some((event) => event.actor !== undefined);
  const actorColumns = ({ kind, memberId, name }: Actor): Record<string, unknown> => ({
    actor_kind: kind,
    actor_id: memberId,
    actor_name: name,
  });
  const rows = events.map((event) => ({
    subject: event.subject,
    subject_id: event.subjectId,
    type: event.type,
    before: event.before,
    after: event.after,
    data: event.data,
    policy_version_id: event.policyVersionId,
    ...(own ? actorColumns(event.actor ?? actor) : {}),
  }));
  const inserted = await many<{ id: string | number }>(trx, own ? OF_SEVERAL : OF_ONE, [
    ...(own ? [] : [actor.kind, actor.memberId, actor.name]),
    cause.type,
    cause.id ?? null,
    cause.note ?? null,
    now,
    databaseJson(rows),
  ]);
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

const INSERT_DECISIONS = `
  INSERT INTO crm_decisions (kind, subject, subject_id, event_id, policy_version_id, inputs, candidates, result, cause, at)
  SELECT d.kind, d.subject, d.subject_id, d.event_id, d.policy_version_id, d.inputs, d.candidates, d.result, d.cause, ?
  FROM ROWS FROM (json_to_recordset(?::json)
         AS (kind text, subject text, subject_id int, event_id bigint, policy_version_id int, inputs jsonb, candidates jsonb, result jsonb, cause text))
         WITH ORDINALITY
         AS d(kind, subject, subject_id, event_id, policy_version_id, inputs, candidates, result, cause, place)
  ORDER BY d.place
  RETURNING id`;

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
      const rows = decisions.map((decision) => ({
        kind: decision.kind,
        subject: decision.subject,
        subject_id: decision.subjectId,
        event_id: decision.eventId,
        policy_version_id: decision.policyVersionId,
        inputs: decision.inputs,
        candidates: decision.candidates,
        result: decision.result,
        cause: decision.cause,
      }));
      const inserted = await many<{ id: string | number }>(trx, INSERT_DECISIONS, [now, databaseJson(rows)]);
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
