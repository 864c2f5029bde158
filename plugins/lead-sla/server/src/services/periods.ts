import {
  calendarTime,
  many,
  notFound,
  one,
  type Actor,
  type Kit,
  type LocalisedText,
  type Sql,
  type TimerHandler,
} from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Obligor, Period, PeriodObligation } from '../../../contracts';
import { forecastOf, periodOf, type Forecast, type PeriodSpan } from '../domain/period';
import { contractsInForce, type ContractVersion } from './in-force';
import { sideOf } from './obligation-breach';

export interface WeekPoint {
  readonly week: string;
  readonly measured: number;
}

export interface PeriodStanding extends Forecast {
  readonly contractId: number;
  readonly versionId: number;
  readonly key: string;
  readonly label: LocalisedText;
  readonly obligor: Obligor;
  readonly period: Period;
  readonly kind: PeriodObligation['measure']['kind'];
  readonly start: Date;
  readonly end: Date;
  readonly atLeast: number;
  readonly measured: number;
  /** Week by week from the start of the period, cumulated; a share is that of the period so far. */
  readonly weeks: readonly WeekPoint[];
}

/** The period that `now` is in, by the local dates of the contract's calendar. */
async function spanOf(kit: Kit, calendarKey: string | null, period: Period, now: Date, offset = 0): Promise<PeriodSpan> {
  const calendar = await kit.calendar(calendarKey);
  const local = new Intl.DateTimeFormat('en-CA', { timeZone: calendar?.tz ?? 'UTC' }).format(now);
  const { from, to } = periodOf(period, local, offset);
  const midnight = (date: string): Date =>
    calendar ? calendarTime.startOfLocalDay(calendar, new Date(`${date}T12:00:00Z`)) : new Date(`${date}T00:00:00Z`);
  return { start: midnight(from), end: midnight(to) };
}

const ALIVE = `l.merged_into IS NULL AND l.quarantine IS NULL AND NOT coalesce(l.is_test, false)`;

interface Counted {
  readonly id: number;
  readonly at: Date;
  readonly hit: boolean;
}

/** Leads that count for a measure between two instants: when, and whether its condition holds. A lead reaches a stage once in each of its cycles. `seen` narrows them to what somebody may see. */
async function countedBetween(
  kit: Kit,
  { measure }: PeriodObligation,
  { start, end }: PeriodSpan,
  now: Date,
  seen: Sql = { sql: 'TRUE', bindings: [] },
): Promise<Counted[]> {
  const when = 'when' in measure && measure.when ? measure.when : { combinator: 'and' as const, rules: [] };
  const { sql, bindings } = kit.conditions.compile(when, 'lead', 'l', { now, actor: null });
  if (measure.kind === 'captured')
    return many<Counted>(
      kit.db,
      `SELECT l.id, l.captured_at AS at, (${sql}) AS hit FROM crm_leads l WHERE l.captured_at >= ? AND l.captured_at < ? AND ${ALIVE} AND (${seen.sql})`,
      [...bindings, start, end, ...seen.bindings],
    );
  return many<Counted>(
    kit.db,
    `SELECT l.id, e.at, (${sql}) AS hit FROM crm_leads l JOIN (
       SELECT r.subject_id, min(r.at) AS at FROM crm_events r WHERE r.type IN ('lead.stage_changed', 'lead.created') AND r.subject = 'lead'
         AND r.at >= ? AND r.at < ? AND r.after ->> 'stage' = ? AND NOT EXISTS (
           SELECT 1 FROM crm_events p WHERE p.subject = 'lead' AND p.subject_id = r.subject_id AND p.id < r.id AND p.type IN ('lead.stage_changed', 'lead.created')
             AND p.after ->> 'stage' = r.after ->> 'stage' AND coalesce(p.data ->> 'cycle', '1') = coalesce(r.data ->> 'cycle', '1'))
       GROUP BY r.subject_id, coalesce(r.data ->> 'cycle', '1')
     ) e ON e.subject_id = l.id WHERE ${ALIVE} AND (${seen.sql})`,
    [...bindings, start, end, measure.stage, ...seen.bindings],
  );
}

const WEEK_MS = 604_800_000;

const amountOf = (counted: readonly Counted[], isShare: boolean): number => {
  const hits = counted.filter(({ hit }) => hit).length;
  if (!isShare) return hits;
  return counted.length === 0 ? 100 : Math.round((hits * 1000) / counted.length) / 10;
};

async function standingOf(
  kit: Kit,
  version: ContractVersion,
  rule: PeriodObligation,
  span: PeriodSpan,
  now: Date,
): Promise<PeriodStanding> {
  const isShare = rule.measure.kind === 'share';
  const counted = await countedBetween(kit, rule, span, now);
  const until = now < span.end ? now : span.end;
  const weeks: WeekPoint[] = [];
  for (let from = span.start.getTime(); from < until.getTime(); from += WEEK_MS) {
    const before = counted.filter(({ at }) => at.getTime() < from + WEEK_MS);
    weeks.push({ week: new Date(from).toISOString(), measured: amountOf(before, isShare) });
  }
  const measured = amountOf(counted, isShare);
  return {
    contractId: version.contractId,
    versionId: version.versionId,
    key: rule.key,
    label: rule.label,
    obligor: rule.obligor,
    period: rule.period,
    kind: rule.measure.kind,
    start: span.start,
    end: span.end,
    atLeast: rule.atLeast,
    measured,
    weeks,
    ...forecastOf(measured, rule.atLeast, span, now, isShare),
  };
}

const rulesOf = (version: ContractVersion): PeriodObligation[] =>
  (version.body.obligations ?? []).filter((rule): rule is PeriodObligation => rule.kind === 'period');

/** how every period obligation in force stands now, with its weeks and its forecast. */
export async function periodStandings(kit: Kit, now: Date): Promise<PeriodStanding[]> {
  const versions = await contractsInForce(kit, now);
  const asked = versions.flatMap((version) => rulesOf(version).map((rule) => ({ version, rule })));
  return Promise.all(
    asked.map(async ({ version, rule }) => standingOf(kit, version, rule, await spanOf(kit, version.body.calendar, rule.period, now), now)),
  );
}

export const periodRowsQuery = z.object({
  contract: z.coerce.number().int().positive(),
  key: z.string().min(1).max(80),
  /** False: the leads that count and do not meet the condition, which is what lowers a share. */
  hit: z.enum(['true', 'false']).default('true'),
});

const MOST_ROWS = 500;

/** The leads behind what was measured in the present period, the newest first, at most 500, as far as the actor may see them. @throws AppError NOT_FOUND */
export async function periodRows(
  kit: Kit,
  actor: Actor,
  { contract, key, hit }: z.infer<typeof periodRowsQuery>,
  now: Date,
): Promise<{ readonly label: LocalisedText; readonly ids: readonly number[]; readonly total: number }> {
  const version = (await contractsInForce(kit, now)).find((one) => one.contractId === contract);
  const rule = version && rulesOf(version).find((one) => one.key === key);
  if (!version || !rule) throw notFound('Obligation');
  const span = await spanOf(kit, version.body.calendar, rule.period, now);
  const counted = await countedBetween(kit, rule, span, now, kit.access.scope(actor, 'leads', 'read', 'l'));
  const found = counted.filter((one) => one.hit === (hit === 'true')).sort((a, b) => b.at.getTime() - a.at.getTime());
  return { label: rule.label, ids: [...new Set(found.slice(0, MOST_ROWS).map(({ id }) => id))], total: found.length };
}

const managersOfSales = async (trx: Knex.Transaction): Promise<number[]> =>
  (
    await many<{ id: number }>(
      trx,
      `SELECT id FROM crm_members WHERE active AND jsonb_exists(coalesce(roles, '[]')::jsonb, 'sales-manager') ORDER BY id`,
      [],
    )
  ).map(({ id }) => id);

const KEY = 'sla-periods';
const DAY = 86_400_000;

/** Writes down the periods that have ended since the last look, each once, and tells those who promised. */
export async function closePeriods(kit: Kit, trx: Knex.Transaction, now: Date): Promise<void> {
  for (const version of await contractsInForce(kit, now)) {
    for (const rule of rulesOf(version)) {
      const span = await spanOf(kit, version.body.calendar, rule.period, now, -1);
      if (span.start < version.publishedAt) continue;
      const known = await one(trx, 'SELECT id FROM crm_sla_periods WHERE contract_id = ? AND key = ? AND period_start = ?', [
        version.contractId,
        rule.key,
        span.start,
      ]);
      if (known) continue;
      const standing = await standingOf(kit, version, rule, span, now);
      const met = standing.measured >= rule.atLeast;
      await trx('crm_sla_periods')
        .insert({
          contract_id: version.contractId,
          version_id: version.versionId,
          key: rule.key,
          label: JSON.stringify(rule.label),
          obligor: rule.obligor,
          period_start: span.start,
          period_end: span.end,
          at_least: rule.atLeast,
          measured: standing.measured,
          met,
          at: now,
        })
        .onConflict(['contract_id', 'key', 'period_start'])
        .ignore();
      const members = rule.obligor === 'sales' ? await managersOfSales(trx) : await sideOf(trx, rule.obligor);
      const title = {
        zh: `${rule.label.zh}：${met ? '已达成' : '未达成'}（${standing.measured}/${rule.atLeast}）`,
        en: `${rule.label.en}: ${met ? 'kept' : 'not kept'} (${standing.measured}/${rule.atLeast})`,
      };
      await kit.notify(
        trx,
        members.map((memberId) => ({ memberId, type: 'sla.period', title, link: '/sla/scorecard' })),
        now,
      );
    }
  }
}

const arm = (kit: Kit, trx: Knex.Transaction, now: Date): Promise<void> =>
  kit.timers.arm(
    trx,
    [{ kind: 'sla.periods', key: KEY, subject: 'sla', subjectId: 0, dueAt: new Date(Math.floor(now.getTime() / DAY) * DAY + DAY) }],
    now,
  );

/** `sla.periods`: once a day. */
export const onPeriods =
  (kit: Kit): TimerHandler =>
  async (trx, _due, now) => {
    await closePeriods(kit, trx, now);
    await arm(kit, trx, now);
  };

export const watchPeriods = (kit: Kit, now: Date): Promise<void> => kit.db.transaction((trx) => arm(kit, trx, now));
