import { databaseJson, many, rewriteEvents, type RewrittenEvent } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { ERASED, isSentence, withoutPerson, withoutWords } from '../../domain/erasure/personal';
import { scrub } from '../../domain/erasure/scrub';
import type { Person } from './person';

const STEP = 1000;

interface EventRow extends Omit<RewrittenEvent, 'id'> {
  readonly id: string;
  readonly type: string;
}

/** What history tells of the lead and of its deals. */
const EVENTS = `
  SELECT id, type, before, after, data, cause_note AS "causeNote" FROM crm_events e
  WHERE e.id > ? AND ((e.subject = 'lead' AND e.subject_id = ANY(?::int[]))
    OR (e.subject = 'opportunity' AND e.subject_id = ANY(ARRAY(SELECT o.id FROM crm_opportunities o WHERE o.lead_id = ANY(?::int[])))))
  ORDER BY e.id LIMIT ${STEP}`;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

function rewritten(event: EventRow, { traces, customKeys }: Person): RewrittenEvent | null {
  const record = (value: unknown): unknown => scrub(withoutPerson(value, customKeys.lead), traces);
  const after: RewrittenEvent = {
    id: event.id,
    before: record(event.before),
    after: record(event.after),
    data: scrub(withoutWords(event.data, customKeys.lead, event.type), traces),
    causeNote: isSentence(event.causeNote) ? ERASED : event.causeNote,
  };
  const changed = (['before', 'after', 'data', 'causeNote'] as const).some((part) => !same(event[part], after[part]));
  return changed ? after : null;
}

/** Takes the person out of what was told of his lead; that something changed, when and by whom stays. Returns how many events it changed. */
export async function eraseEvents(trx: Knex.Transaction, person: Person, erasureId: number, now: Date): Promise<number> {
  let changed = 0;
  for (let after = 0; ;) {
    const rows = await many<EventRow>(trx, EVENTS, [after, [...person.leads], [...person.leads]]);
    const events = rows.flatMap((row) => rewritten(row, person) ?? []);
    await rewriteEvents(trx, erasureId, events, now);
    changed += events.length;
    const last = rows.at(-1);
    if (!last || rows.length < STEP) return changed;
    after = Number(last.id);
  }
}

interface DecisionRow {
  readonly id: string;
  readonly inputs: unknown;
  readonly candidates: unknown;
  readonly result: unknown;
}

/** Decisions keep what was decided and why; values of the person they were made from go. */
export async function eraseDecisions(trx: Knex.Transaction, { leads, traces, customKeys }: Person): Promise<number> {
  const rows = await many<DecisionRow>(
    trx,
    `SELECT id, inputs, candidates, result FROM crm_decisions WHERE subject = 'lead' AND subject_id = ANY(?::int[])`,
    [[...leads]],
  );
  const clean = (value: unknown): unknown => scrub(withoutWords(withoutPerson(value, customKeys.lead), customKeys.lead), traces);
  const changed = rows
    .map((row) => ({ id: row.id, inputs: clean(row.inputs), candidates: clean(row.candidates), result: clean(row.result) }))
    .filter((row, index) => !same(row, { ...rows[index] }));
  if (changed.length > 0)
    await trx.raw(
      `UPDATE crm_decisions d SET inputs = w.inputs, candidates = w.candidates, result = w.result
       FROM json_to_recordset(?::json) AS w(id bigint, inputs jsonb, candidates jsonb, result jsonb) WHERE d.id = w.id`,
      [databaseJson(changed)],
    );
  return changed.length;
}
