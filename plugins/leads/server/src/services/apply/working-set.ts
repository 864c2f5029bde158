import type { Actor, Condition, EventInput, JobInput, Kit, NoticeInput, Sql, TimerInput } from '@leadsea/crm-core';
import { many, rowsAs } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { leadColumns, type ColumnTypes } from './lead-columns';
import { columnsRead } from './row-text';
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
  readonly types: ColumnTypes;
  add(entry: MutableEntry): void;
  mutable(id: number): MutableEntry;
  has(id: number): boolean;
}

const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') return JSON.stringify(a) === JSON.stringify(b);
  return (a ?? null) === (b ?? null);
};

interface Question {
  readonly compiled: readonly Sql[];
  readonly entries: readonly Entry[];
}

function groupBy<Item, Key>(items: readonly Item[], key: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

export function createEntry(id: number, row: LeadRow, before: LeadRow | null): MutableEntry {
  return { id, isNew: before === null, before, row, changed: new Set(), activities: [], engagements: [], emitted: [], asks: new Set() };
}

export function createWorkingSet(kit: Kit, trx: Knex.Transaction, types: ColumnTypes, input: ApplyInput, dryRun: boolean): PipelineSet {
  const entries: MutableEntry[] = [];
  const byId = new Map<number, MutableEntry>();
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
    // Only what the statement looks at is written out and read again.
    const named = columnsRead(`${columns} ${joins ?? ''} ${where ?? ''}`, 'l');
    const read = named?.every((column) => types.has(column)) ? named : null;
    const source = rowsAs(
      'w',
      leadColumns(types, read ?? [...types.keys()]),
      only.map(({ row }) => row),
    );
    return many<Row>(
      trx,
      `WITH working AS (SELECT * FROM ${source.sql}) SELECT ${columns} FROM working l ${joins ?? ''} ${where ? `WHERE ${where}` : ''}`,
      [...source.bindings, ...bindings],
    );
  };

  const actorOf = (id: number): Actor => input.actors?.get(id) ?? input.actor;
  const signed = (event: EventInput): EventInput => {
    const actor = event.subject === 'lead' ? input.actors?.get(event.subjectId) : undefined;
    return actor ? { ...event, actor } : event;
  };

  /** A condition may ask for the person acting or his time zone: those to whom it says the same are asked together. */
  const questions = (conditions: readonly { readonly condition: Condition }[], only: readonly Entry[]): Question[] => {
    const compile = (actor: Actor): readonly Sql[] =>
      conditions.map(({ condition }) => kit.conditions.compile(condition, 'lead', 'l', { now: input.now, actor }));
    if (!input.actors) return [{ compiled: compile(input.actor), entries: [...only] }];
    const byText = new Map<string, Question>();
    for (const [actor, asked] of groupBy(only, ({ id }) => actorOf(id))) {
      const compiled = compile(actor);
      const text = JSON.stringify(compiled);
      byText.set(text, { compiled, entries: [...(byText.get(text)?.entries ?? []), ...asked] });
    }
    return [...byText.values()];
  };

  const set: PipelineSet = {
    kit,
    trx,
    types,
    now: input.now,
    actor: input.actor,
    actorOf,
    cause: input.cause,
    clocks: input.clocks ?? 'now',
    dryRun,
    entries,
    staged,
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
      }
    },
    ask: (id, mark) => {
      mutable(id).asks.add(mark);
    },
    emit: (event) => {
      staged.events.push(signed(event));
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
      for (const { compiled, entries: asked } of questions(conditions, only)) {
        const rows = await select<{ id: number; hits: boolean[] }>(
          () => ({
            columns: `l.id, ARRAY[${compiled.map((one) => `(${one.sql})`).join(', ')}]::boolean[] AS hits`,
            bindings: compiled.flatMap((one) => [...one.bindings]),
          }),
          asked,
        );
        for (const row of rows) {
          row.hits.forEach((hit, index) => {
            if (hit) result.get(row.id)?.add(conditions[index]!.key);
          });
        }
      }
      return result;
    },
  };
  return set;
}
