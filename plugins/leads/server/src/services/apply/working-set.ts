import type { Condition, EventInput, JobInput, Kit, NoticeInput, TimerInput } from '@leadsea/crm-core';
import { databaseJson, many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { ActivityRow, ApplyInput, DecisionInput, EngagementRow, Entry, LeadRow, TaskInput, WorkingSet } from '../../../../contracts';

/** An entry as the pipeline itself may change it. */
export interface MutableEntry extends Entry {
  row: LeadRow;
  readonly changed: Set<string>;
  readonly activities: ActivityRow[];
  readonly engagements: EngagementRow[];
  readonly emitted: EventInput[];
  readonly asks: Set<string>;
}

export interface TaskClose {
  readonly leadId: number;
  readonly state: 'done' | 'cancelled';
  readonly keys: readonly string[] | null;
}

/** All that a change set wants written, gathered while the reactors run and written once by `flush`. */
export interface Staged {
  readonly events: EventInput[];
  readonly decisions: DecisionInput[];
  readonly timers: Map<string, TimerInput>;
  readonly disarmed: Set<string>;
  readonly tasks: { leadId: number; task: TaskInput }[];
  readonly closes: TaskClose[];
  readonly notices: NoticeInput[];
  readonly jobs: JobInput[];
  readonly deferred: ((trx: Knex.Transaction) => Promise<void>)[];
}

export interface PipelineSet extends WorkingSet {
  readonly staged: Staged;
  add(entry: MutableEntry): void;
  /** The row as JSON for the database; absent keys are NULL, of repeated ones the last counts. */
  textOf(entry: Entry): string;
  mutable(id: number): MutableEntry;
  has(id: number): boolean;
}

const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') return JSON.stringify(a) === JSON.stringify(b);
  return (a ?? null) === (b ?? null);
};

export function createEntry(id: number, row: LeadRow, before: LeadRow | null): MutableEntry {
  return { id, isNew: before === null, before, row, changed: new Set(), activities: [], engagements: [], emitted: [], asks: new Set() };
}

/** A row as JSON without its nulls: an absent key is NULL to the database, and a third of the text is read three times as fast. */
export function rowJson(row: Readonly<Record<string, unknown>>): string {
  const filled: Record<string, unknown> = {};
  for (const column in row) {
    const value = row[column];
    if (value !== null && value !== undefined) filled[column] = value;
  }
  return databaseJson(filled);
}

export function createWorkingSet(kit: Kit, trx: Knex.Transaction, input: ApplyInput, dryRun: boolean): PipelineSet {
  const entries: MutableEntry[] = [];
  const byId = new Map<number, MutableEntry>();
  /** Text of each row and the columns set since it was written: of a key that stands twice the last one counts, so only those are written anew. */
  const texts = new Map<number, { text: string; readonly stale: Set<string> }>();
  const textOf = ({ id, row }: Entry): string => {
    // A lead as it was, or might be, is not the lead as it is: only the row of the set itself is remembered.
    if (byId.get(id)?.row !== row) return rowJson(row);
    const known = texts.get(id);
    if (!known) {
      const text = rowJson(row);
      texts.set(id, { text, stale: new Set() });
      return text;
    }
    if (known.stale.size > 0) {
      const changes = Object.fromEntries([...known.stale].map((column) => [column, row[column] ?? null]));
      known.text = `${known.text.slice(0, -1)},${databaseJson(changes).slice(1)}`;
      known.stale.clear();
    }
    return known.text;
  };
  const asJson = (only: readonly Entry[]): string => `[${only.map(textOf).join(',')}]`;
  const staged: Staged = {
    events: [],
    decisions: [],
    timers: new Map(),
    disarmed: new Set(),
    tasks: [],
    closes: [],
    notices: [],
    jobs: [],
    deferred: [],
  };

  const mutable = (id: number): MutableEntry => {
    const entry = byId.get(id);
    if (!entry) throw new Error(`Lead ${id} is not part of this change set.`);
    return entry;
  };

  const select: WorkingSet['select'] = async <Row>(
    build: (alias: string) => {
      readonly columns: string;
      readonly bindings: readonly unknown[];
      readonly joins?: string;
      readonly where?: string;
    },
    only: readonly Entry[] = entries,
  ): Promise<Row[]> => {
    if (only.length === 0) return [];
    const { columns, bindings, joins, where } = build('l');
    return many<Row>(
      trx,
      `WITH working AS (SELECT * FROM json_populate_recordset(NULL::crm_leads, ?::json)) SELECT ${columns} FROM working l ${joins ?? ''} ${where ? `WHERE ${where}` : ''}`,
      [asJson(only), ...bindings],
    );
  };

  const set: PipelineSet = {
    kit,
    trx,
    now: input.now,
    actor: input.actor,
    cause: input.cause,
    clocks: input.clocks ?? 'now',
    dryRun,
    entries,
    staged,
    textOf,
    add: (entry) => {
      entries.push(entry);
      byId.set(entry.id, entry);
    },
    has: (id) => byId.has(id),
    mutable,
    entry: mutable,
    set: (id, columns) => {
      const entry = mutable(id);
      for (const [column, value] of Object.entries(columns)) {
        if (same(entry.row[column], value)) continue;
        entry.row[column] = value ?? null;
        entry.changed.add(column);
        texts.get(id)?.stale.add(column);
      }
    },
    ask: (id, mark) => {
      mutable(id).asks.add(mark);
    },
    emit: (event) => {
      staged.events.push(event);
      if (event.subject === 'lead') byId.get(event.subjectId)?.emitted.push(event);
    },
    decide: (decision) => {
      staged.decisions.push(decision);
    },
    arm: (timer) => {
      staged.disarmed.delete(timer.key);
      staged.timers.set(timer.key, timer);
    },
    disarm: (key) => {
      staged.timers.delete(key);
      staged.disarmed.add(key);
    },
    task: (leadId, task) => {
      staged.tasks.push({ leadId, task });
    },
    closeTasks: (leadId, state, keys) => {
      staged.closes.push({ leadId, state, keys: keys ?? null });
    },
    notify: (notice) => {
      staged.notices.push(notice);
    },
    enqueue: (job) => {
      staged.jobs.push(job);
    },
    defer: (write) => {
      staged.deferred.push(write);
    },
    select,
    matches: async (conditions: readonly { readonly key: string; readonly condition: Condition }[], only: readonly Entry[] = entries) => {
      const result = new Map<number, Set<string>>(only.map((entry) => [entry.id, new Set<string>()]));
      if (conditions.length === 0 || only.length === 0) return result;
      const context = { now: input.now, actor: input.actor };
      const compiled = conditions.map(({ condition }) => kit.conditions.compile(condition, 'lead', 'l', context));
      const rows = await select<{ id: number; hits: boolean[] }>(
        () => ({
          columns: `l.id, ARRAY[${compiled.map((one) => `(${one.sql})`).join(', ')}]::boolean[] AS hits`,
          bindings: compiled.flatMap((one) => [...one.bindings]),
        }),
        only,
      );
      for (const row of rows) {
        row.hits.forEach((hit, index) => {
          if (hit) result.get(row.id)?.add(conditions[index]!.key);
        });
      }
      return result;
    },
  };
  return set;
}
