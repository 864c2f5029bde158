import type { Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { STANDARD_LIFECYCLE } from '@leadsea/leads';
import type { Lifecycle } from '@leadsea/leads';
import { rowAsOf } from '../../domain/study/outcome';
import type { DecidedLead, FieldChange } from '../../domain/study/outcome';
import { snakeCase } from '../../domain/study/names';
import type { EngagementEvent } from '../../domain/engagement';
import type { WrittenWhen } from '../../domain/study/leaks';
import type { Progress } from './store';

/** Of more decided leads than this the newest are studied: more teach little and take long. */
export const MOST_LEADS = 20_000;
const BATCH = 1000;

/** Decided leads in order of capture, oldest first, each as it was at its `asOf`. */
export interface History {
  readonly leads: readonly DecidedLead[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** What each lead had done by its `asOf`. */
  readonly engagements: readonly (readonly EngagementEvent[])[];
  /** Per fact when its values were set. */
  readonly written: ReadonlyMap<string, WrittenWhen>;
  /** How many decided leads there are; more than were read when the newest were taken. */
  readonly total: number;
  /** Keys of the stages that count as won, and of all that end a lead's way. */
  readonly stages: Stages;
}

interface Row {
  readonly [column: string]: unknown;
  readonly id: number;
  readonly stage: string;
  readonly stage_entered_at: Date;
  readonly captured_at: Date;
  readonly contacted_at: Date | null;
}

interface Stages {
  readonly won: readonly string[];
  readonly closed: readonly string[];
}

async function stagesOf(kit: Kit): Promise<Stages> {
  const [live] = await kit.policies.live<Lifecycle>('lifecycle');
  const { stages } = live?.body ?? STANDARD_LIFECYCLE;
  const of = (...types: readonly string[]): string[] => stages.flatMap((stage) => (types.includes(stage.type) ? [stage.key] : []));
  return { won: of('won'), closed: of('won', 'lost') };
}

/** How many leads were won and lost; what every study needs before it begins. */
export async function countDecided(kit: Kit): Promise<{ won: number; lost: number }> {
  const { won, closed } = await stagesOf(kit);
  const { rows } = await kit.db.raw<{ rows: { won: number; lost: number }[] }>(
    `SELECT count(*) FILTER (WHERE stage = ANY(?))::int AS won, count(*) FILTER (WHERE NOT stage = ANY(?))::int AS lost
     FROM crm_leads WHERE stage = ANY(?) AND merged_into IS NULL AND is_test IS NOT TRUE`,
    [[...won], [...won], [...closed]],
  );
  return rows[0] ?? { won: 0, lost: 0 };
}

interface ChangeRow extends FieldChange {
  readonly subject_id: number;
  readonly after: Readonly<Record<string, unknown>> | null;
}

async function changesOf(kit: Kit, ids: readonly number[]): Promise<ReadonlyMap<number, readonly ChangeRow[]>> {
  const { rows } = await kit.db.raw<{ rows: ChangeRow[] }>(
    `SELECT subject_id, at, before, after FROM crm_events WHERE subject = 'lead' AND subject_id = ANY(?::int[]) AND type = 'lead.updated'
     UNION ALL SELECT subject_id, at, jsonb_build_object('scoreEpoch', before -> 'scoreEpoch'), NULL FROM crm_events
     WHERE subject = 'lead' AND subject_id = ANY(?::int[]) AND type = 'lead.stage_changed' AND jsonb_exists(before, 'scoreEpoch')`,
    [[...ids], [...ids]],
  );
  return grouped(rows, (row) => row.subject_id);
}

interface EngagementRow extends EngagementEvent {
  readonly lead_id: number;
}

async function engagementsOf(kit: Kit, ids: readonly number[]): Promise<ReadonlyMap<number, readonly EngagementRow[]>> {
  const { rows } = await kit.db.raw<{ rows: EngagementRow[] }>(
    `SELECT id::int AS id, lead_id, kind, asset, product, occurred_at AS at, human FROM crm_engagements WHERE lead_id = ANY(?::int[])`,
    [[...ids]],
  );
  return grouped(rows, (row) => row.lead_id);
}

export function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => number): ReadonlyMap<number, readonly Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

const filled = (value: unknown): boolean => value !== null && value !== undefined && value !== '';
const customOf = (values: unknown): Readonly<Record<string, unknown>> =>
  typeof values === 'object' && values !== null ? (values as Readonly<Record<string, unknown>>) : {};

/** Facts (`lead.title`, `lead.custom.budget`) that had a value. */
function filledFacts(values: Readonly<Record<string, unknown>>, nameOf: (column: string) => string): Set<string> {
  const facts = new Set<string>();
  for (const [column, value] of Object.entries(values)) {
    if (column === 'custom') for (const [key, item] of Object.entries(customOf(value))) if (filled(item)) facts.add(`lead.custom.${key}`);
    if (column !== 'custom' && filled(value)) facts.add(`lead.${nameOf(column)}`);
  }
  return facts;
}

const camelCase = (column: string): string => column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Counts for each fact the leads that had it by `asOf`, and those that got it afterwards. */
function countWritten(
  written: Map<string, { before: number; after: number }>,
  past: Readonly<Record<string, unknown>>,
  later: readonly ChangeRow[],
): void {
  const count = (fact: string, when: 'before' | 'after'): void => {
    const counts = written.get(fact) ?? { before: 0, after: 0 };
    counts[when] += 1;
    written.set(fact, counts);
  };
  const had = filledFacts(past, camelCase);
  for (const fact of had) count(fact, 'before');
  const got = new Set(later.flatMap(({ after }) => [...filledFacts(after ?? {}, (name) => camelCase(snakeCase(name)))]));
  for (const fact of got) if (!had.has(fact)) count(fact, 'after');
}

/** Reads the decided leads with their history, in batches, newest outcomes first when there are too many. */
export async function readHistory(
  kit: Kit,
  progress: Progress,
  { since = null, most = MOST_LEADS }: { readonly since?: Date | null; readonly most?: number } = {},
): Promise<History> {
  const stages = await stagesOf(kit);
  const { won, closed } = stages;
  const { won: wins, lost } = await countDecided(kit);
  const { rows: ids } = await kit.db.raw<{ rows: { id: number }[] }>(
    `SELECT id FROM (SELECT id, captured_at FROM crm_leads WHERE stage = ANY(?) AND merged_into IS NULL AND is_test IS NOT TRUE AND (?::timestamptz IS NULL OR stage_entered_at >= ?)
       ORDER BY stage_entered_at DESC, id DESC LIMIT ?) d ORDER BY captured_at, id`,
    [[...closed], since, since, most] as Knex.RawBinding[],
  );
  const isWon = new Set(won);
  const leads: DecidedLead[] = [];
  const rows: Record<string, unknown>[] = [];
  const engagements: EngagementEvent[][] = [];
  const written = new Map<string, { before: number; after: number }>();
  for (let start = 0; start < ids.length; start += BATCH) {
    const batch = ids.slice(start, start + BATCH).map((row) => row.id);
    const { rows: found } = await kit.db.raw<{ rows: Row[] }>(
      `SELECT l.*, (SELECT min(a.occurred_at) FROM crm_activities a WHERE a.lead_id = l.id AND a.automatic IS NOT TRUE AND a.bulk IS NOT TRUE AND a.kind <> 'note') AS contacted_at
       FROM crm_leads l WHERE l.id = ANY(?::int[]) ORDER BY l.captured_at, l.id`,
      [batch],
    );
    const [changes, done] = [await changesOf(kit, batch), await engagementsOf(kit, batch)];
    for (const { contacted_at: contacted, ...row } of found) {
      const closedAt = row.stage_entered_at;
      const asOf = contacted && contacted < closedAt ? contacted : closedAt;
      const own = changes.get(row.id) ?? [];
      const past = rowAsOf(row, own, asOf);
      leads.push({ id: row.id, won: isWon.has(row.stage), asOf, capturedAt: row.captured_at, closedAt });
      rows.push(past);
      engagements.push((done.get(row.id) ?? []).filter((event) => event.at <= asOf));
      countWritten(
        written,
        past,
        own.filter((change) => change.at > asOf),
      );
    }
    await progress(start + batch.length, ids.length * 2, 'history');
  }
  return { leads, rows, engagements, written, total: wins + lost, stages };
}
