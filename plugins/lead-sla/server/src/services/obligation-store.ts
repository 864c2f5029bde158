import { many } from '@leadsea/crm-core';
import type { ActivityRow, WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { TouchObligation } from '../../../contracts';
import type { ObligationState, Progress, Touch, Verdict } from '../domain/obligation';
import type { NamedCondition } from './metrics';

/** A row of `crm_sla_obligations`. */
export interface ObligationRow {
  readonly id: number;
  readonly lead_id: number;
  readonly contract_id: number;
  readonly version_id: number;
  readonly key: string;
  readonly label: { readonly zh: string; readonly en: string };
  readonly obligor: string;
  readonly owner_id: number | null;
  readonly latest: boolean;
  readonly state: ObligationState;
  readonly started_at: Date;
  readonly window_ends_at: Date;
  readonly possible_until: Date | null;
  readonly done: number;
  readonly needed: number;
  readonly progress: { readonly counts: Readonly<Record<string, number>>; readonly channels: number; readonly touches: readonly number[] };
  readonly ended_at: Date | null;
  readonly breached_at: Date | null;
  readonly breach_cause: string | null;
  readonly end_reason: string | null;
}
export type ObligationWrite = ObligationRow;

const COLUMNS =
  'id, lead_id, contract_id, version_id, key, label, obligor, owner_id, latest, state, started_at, window_ends_at, possible_until, done, needed, progress, ended_at, breached_at, breach_cause, end_reason';

/** Every condition an obligation asks. */
export const conditionsOfObligation = (key: string, rule: TouchObligation): NamedCondition[] => [
  { key: `${key}:start`, condition: rule.start },
  ...(rule.closed ? [{ key: `${key}:closed`, condition: rule.closed }] : []),
];

export const anyOpen = async (trx: Knex.Transaction, leadIds: readonly number[]): Promise<boolean> =>
  leadIds.length > 0 &&
  (
    await many(trx, `SELECT 1 FROM crm_sla_obligations WHERE lead_id = ANY(?::int[]) AND latest AND state = 'running' LIMIT 1`, [
      [...leadIds],
    ])
  ).length > 0;

/** The obligations of these leads, locked; the leads are locked already. */
export const lockLatest = (trx: Knex.Transaction, leadIds: readonly number[]): Promise<ObligationRow[]> =>
  leadIds.length === 0
    ? Promise.resolve([])
    : many<ObligationRow>(
        trx,
        `SELECT ${COLUMNS} FROM crm_sla_obligations WHERE lead_id = ANY(?::int[]) AND latest ORDER BY id FOR UPDATE`,
        [[...leadIds]],
      );

export const byIds = (trx: Knex.Transaction, ids: readonly number[]): Promise<ObligationRow[]> =>
  many<ObligationRow>(trx, `SELECT ${COLUMNS} FROM crm_sla_obligations WHERE id = ANY(?::int[]) ORDER BY id`, [[...ids]]);

/** What was logged for the leads of running obligations since they began: one statement, none when nothing runs. */
export async function activitiesSince(
  set: WorkingSet,
  rows: readonly ObligationRow[],
): Promise<ReadonlyMap<number, readonly ActivityRow[]>> {
  const running = rows.filter((row) => row.state === 'running');
  if (running.length === 0) return new Map();
  const since = running.reduce((first, row) => (row.started_at < first ? row.started_at : first), running[0]!.started_at);
  const found = await many<ActivityRow>(
    set.trx,
    'SELECT * FROM crm_activities WHERE lead_id = ANY(?::int[]) AND occurred_at >= ? AND NOT coalesce(automatic, false) AND NOT coalesce(bulk, false)',
    [running.map((row) => row.lead_id), since],
  );
  const byLead = new Map<number, ActivityRow[]>();
  for (const one of found) byLead.set(one.lead_id, [...(byLead.get(one.lead_id) ?? []), one]);
  return byLead;
}

export async function nextIds(trx: Knex.Transaction, count: number): Promise<number[]> {
  if (count === 0) return [];
  const rows = await many<{ id: string | number }>(
    trx,
    `SELECT nextval(pg_get_serial_sequence('crm_sla_obligations', 'id')) AS id FROM generate_series(1, ?)`,
    [count],
  );
  return rows.map((row) => Number(row.id));
}

const kept = ({ counts, channels, counted }: Progress): ObligationRow['progress'] => ({
  counts,
  channels,
  touches: counted.map((touch: Touch) => touch.id),
});

/** A row as a verdict leaves it. */
export const written = (row: ObligationRow, verdict: Verdict): ObligationRow => ({
  ...row,
  state: verdict.state,
  possible_until: verdict.state === 'running' ? verdict.progress.possibleUntil : null,
  done: verdict.progress.counted.length,
  needed: verdict.progress.counted.length + verdict.progress.missing,
  progress: kept(verdict.progress),
  ended_at: verdict.at,
  breached_at: verdict.state === 'breached' ? verdict.at : null,
  breach_cause: verdict.state === 'breached' ? verdict.reason : null,
  end_reason: verdict.reason,
});

/** The verdict a row stands for, so that a new one can be compared with it. */
export const verdictOf = (row: ObligationRow): Verdict => ({
  state: row.state,
  at: row.ended_at,
  reason: row.end_reason as Verdict['reason'],
  progress: {
    counted: row.progress.touches.map((id) => ({ id, kind: '', at: row.started_at })),
    counts: row.progress.counts,
    channels: row.progress.channels,
    missing: row.needed - row.done,
    possibleUntil: row.possible_until,
  },
});

export interface Fresh {
  readonly id: number;
  readonly leadId: number;
  readonly ownerId: number | null;
  readonly rule: TouchObligation;
  readonly contractId: number;
  readonly versionId: number;
  readonly start: Date;
  readonly end: Date;
  readonly verdict: Verdict;
}

export const fresh = ({ id, leadId, ownerId, rule, contractId, versionId, start, end, verdict }: Fresh): ObligationRow =>
  written(
    {
      id,
      lead_id: leadId,
      contract_id: contractId,
      version_id: versionId,
      key: rule.key,
      label: rule.label,
      obligor: rule.obligor,
      owner_id: ownerId,
      latest: true,
      state: 'running',
      started_at: start,
      window_ends_at: end,
      possible_until: null,
      done: 0,
      needed: 0,
      progress: { counts: {}, channels: 0, touches: [] },
      ended_at: null,
      breached_at: null,
      breach_cause: null,
      end_reason: null,
    },
    verdict,
  );

const UPDATES = [
  'owner_id',
  'latest',
  'state',
  'possible_until',
  'done',
  'needed',
  'progress',
  'ended_at',
  'breached_at',
  'breach_cause',
  'end_reason',
]
  .map((column) => `${column} = r.${column}`)
  .join(', ');

/** Writes what changed and what is new: at most two statements. */
export async function save(trx: Knex.Transaction, changed: readonly ObligationRow[], added: readonly ObligationRow[]): Promise<void> {
  if (changed.length > 0)
    await trx.raw(
      `UPDATE crm_sla_obligations o SET ${UPDATES} FROM jsonb_populate_recordset(NULL::crm_sla_obligations, ?::jsonb) r WHERE o.id = r.id`,
      [JSON.stringify(changed)],
    );
  if (added.length > 0)
    await trx.raw(
      `INSERT INTO crm_sla_obligations (${COLUMNS}) SELECT ${COLUMNS} FROM jsonb_populate_recordset(NULL::crm_sla_obligations, ?::jsonb)`,
      [JSON.stringify(added)],
    );
}
