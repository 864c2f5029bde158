import { documentId, many, rowsAs, type Column } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { PipelineSet, TaskClose } from './working-set';
import { leadColumns } from './lead-columns';
import { rowText } from './row-text';
import { stamps } from './rows';

const identifier = (column: string): string => {
  if (!/^[a-z_][a-z0-9_]*$/.test(column)) throw new Error(`Not a column: ${column}`);
  return column;
};

/** Fewer leads are read faster as JSON without what is empty: most of the ninety columns are. */
const MANY = 50;

async function insertLeads(trx: Knex.Transaction, set: PipelineSet): Promise<void> {
  const fresh = set.entries.filter((entry) => entry.isNew);
  const [first] = fresh;
  if (!first) return;
  const columns = Object.keys(first.row).map(identifier);
  const names = columns.join(', ');
  const rows = fresh.map(({ row }) => row);
  const source =
    fresh.length < MANY
      ? { sql: 'json_populate_recordset(NULL::crm_leads, ?::json)', bindings: [`[${rows.map(rowText).join(',')}]`] }
      : rowsAs('n', leadColumns(set.types, columns), rows);
  const { created_at: created, updated_at: updated, published_at: published } = stamps(set.now);
  await many(
    trx,
    `INSERT INTO crm_leads (${names}, created_at, updated_at, published_at) SELECT ${names}, ?::timestamp, ?::timestamp, ?::timestamp FROM ${source.sql}`,
    [created, updated, published, ...source.bindings],
  );
}

async function updateLeads(trx: Knex.Transaction, set: PipelineSet): Promise<void> {
  const changed = set.entries.filter((entry) => !entry.isNew && entry.changed.size > 0);
  if (changed.length === 0) return;
  const columns = [...new Set(changed.flatMap((entry) => [...entry.changed]))].map(identifier);
  const source = rowsAs(
    'r',
    leadColumns(set.types, ['id', ...columns]),
    changed.map(({ row }) => row),
  );
  await many(
    trx,
    `UPDATE crm_leads t SET ${columns.map((column) => `${column} = r.${column}`).join(', ')}, version = coalesce(t.version, 1) + 1, updated_at = ?::timestamp
     FROM ${source.sql} WHERE t.id = r.id`,
    [stamps(set.now)['updated_at']!, ...source.bindings],
  );
  for (const { id } of changed) {
    const { row } = set.mutable(id);
    row.version = (row.version ?? 1) + 1;
  }
}

/** Tasks are closed in few ways: one statement for each, which names the leads. A join with the leads would be planned for far fewer than there may be. */
async function closeTasks(trx: Knex.Transaction, set: PipelineSet): Promise<void> {
  const ways = new Map<string, { readonly close: TaskClose; readonly leads: number[] }>();
  for (const close of set.staged.closes) {
    const way = `${close.state} ${JSON.stringify(close.keys)}`;
    const known = ways.get(way);
    if (known) known.leads.push(close.leadId);
    else ways.set(way, { close, leads: [close.leadId] });
  }
  for (const { close, leads } of ways.values())
    await many(
      trx,
      `UPDATE crm_tasks SET state = ?, closed_at = ?::timestamptz, updated_at = ?::timestamp
       WHERE lead_id = ANY(?::int[]) AND state = 'open' AND (?::text[] IS NULL OR key = ANY(?::text[]))`,
      [close.state, set.now, stamps(set.now)['updated_at']!, leads, close.keys, close.keys],
    );
}

const TASK_COLUMNS: readonly Column<PipelineSet['staged']['tasks'][number]>[] = [
  { name: 'document_id', type: 'text', of: documentId },
  { name: 'lead_id', type: 'int', of: ({ leadId }) => leadId },
  { name: 'owner_id', type: 'int', of: ({ task }) => task.ownerId },
  { name: 'kind', type: 'text', of: ({ task }) => task.kind },
  { name: 'key', type: 'text', of: ({ task }) => task.key },
  { name: 'title', type: 'jsonb', of: ({ task }) => task.title },
  { name: 'due_at', type: 'timestamptz', of: ({ task }) => task.dueAt },
];
const TASK_NAMES = TASK_COLUMNS.map(({ name }) => name).join(', ');

async function insertTasks(trx: Knex.Transaction, set: PipelineSet): Promise<void> {
  const { tasks } = set.staged;
  if (tasks.length === 0) return;
  const rows = [...new Map(tasks.map((item) => [`${item.leadId}:${item.task.key}`, item])).values()];
  const source = rowsAs('n', TASK_COLUMNS, rows);
  const { created_at: stamp = '' } = stamps(set.now);
  await many(
    trx,
    `INSERT INTO crm_tasks (${TASK_NAMES}, state, created_at, updated_at, published_at)
     SELECT ${TASK_NAMES}, 'open', s.at, s.at, s.at FROM ${source.sql}, (SELECT ?::timestamp AS at) s
     ON CONFLICT (lead_id, key) WHERE state = 'open' DO UPDATE SET owner_id = excluded.owner_id, title = excluded.title, due_at = excluded.due_at, updated_at = excluded.updated_at`,
    [...source.bindings, stamp],
  );
}

/** From so many leads on, the database begins with a statement while the next one is still being written out. */
const LARGE = 500;
const letGo = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Writes everything a change set has staged, each kind in one statement: new leads, timers, changed leads, tasks, deferred writes,
 * decisions, events, jobs, notices. They are sent in this order without waiting for each other's answers, so that all of it is one way to
 * the database and back. Timers are written out in no time and keep the database busy while the leads are.
 * @throws the first refusal of the database; the transaction is lost then
 */
export async function flush(trx: Knex.Transaction, set: PipelineSet): Promise<number[]> {
  const { kit, staged, now, actor, cause } = set;
  const sent: Promise<unknown>[] = [];
  const send = async (statement: Promise<unknown>): Promise<void> => {
    // Told at the end: a refusal must not look unhandled while others are still being sent.
    statement.catch(() => undefined);
    sent.push(statement);
    if (set.entries.length > LARGE) await letGo();
  };
  await send(insertLeads(trx, set));
  if (staged.disarmed.size > 0) await send(kit.timers.cancel(trx, [...staged.disarmed], now));
  if (staged.timers.size > 0) await send(kit.timers.arm(trx, [...staged.timers.values()], now));
  await send(updateLeads(trx, set));
  await send(closeTasks(trx, set));
  await send(insertTasks(trx, set));
  for (const write of staged.deferred) await send(write(trx));
  if (staged.decisions.length > 0) {
    const decisions = staged.decisions.map(({ leadId, ...rest }) => ({ ...rest, subject: 'lead', subjectId: leadId, cause: cause.type }));
    await send(kit.decisions.insert(trx, decisions, now));
  }
  const events = staged.events.length > 0 ? kit.events.append(trx, staged.events, actor, cause, now) : Promise.resolve([]);
  await send(events);
  if (staged.jobs.length > 0) await send(kit.jobs.enqueue(trx, staged.jobs));
  if (staged.notices.length > 0) await send(kit.notify(trx, staged.notices, now));
  await Promise.all(sent);
  return events;
}
