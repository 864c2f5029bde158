import type { Kit, LocalisedText, ResourceDefinition, ResourceField, ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import { CLOCK_OWNERS, CLOCK_STATES, OBLIGORS, type ClockState, type Clocks, type Obligor } from '../../../contracts';
import { pauseRulesOf } from '../domain/pause';
import { findClocks } from '../services/clock-store';
import { remainingOf } from '../services/clocks';
import { missReason, wasAnswered } from '../services/scorecard';
import { loadShelf } from '../services/shelf';
import { handVerbs } from './clock-verbs';

const l = (zh: string, en: string): LocalisedText => ({ zh, en });
const field = (name: string, type: ResourceField['type'], zh: string, en: string, more: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type,
  label: l(zh, en),
  ...more,
});

export const STATE_LABELS: Readonly<Record<ClockState, LocalisedText>> = {
  running: l('计时中', 'Running'),
  paused: l('已暂停', 'Paused'),
  blocked: l('无法计时', 'Blocked'),
  breached_open: l('已超时', 'Breached'),
  met: l('按时完成', 'Met'),
  breached_closed: l('超时完成', 'Closed late'),
  cancelled: l('已取消', 'Cancelled'),
  waived: l('已豁免', 'Waived'),
};
const OBLIGOR_LABELS: Readonly<Record<Obligor, LocalisedText>> = {
  sales: l('销售', 'Sales'),
  marketing: l('市场', 'Marketing'),
  system: l('系统', 'System'),
};

const WARN_AT = (alias: string): string =>
  `(SELECT jsonb_agg(w.value -> 'at' ORDER BY w.ordinality) FROM jsonb_array_elements(${alias}.warns) WITH ORDINALITY w WHERE w.value ->> 'at' IS NOT NULL)`;

const FIELDS: readonly ResourceField[] = [
  { name: 'id', type: 'id', nullable: false },
  field('lead', 'reference', '线索', 'Lead', { column: 'lead_id', reference: 'leads', nullable: false }),
  field('contract', 'reference', '合约', 'Contract', { column: 'contract_id', reference: 'sla-contracts', nullable: false }),
  field('version', 'number', '合约版本', 'Version', { column: 'version_id', nullable: false }),
  field('metric', 'text', '指标', 'Metric', { nullable: false }),
  field('label', 'json', '名称', 'Name'),
  field('metricLabel', 'json', '名称', 'Name', { column: 'label' }),
  field('obligor', 'select', '责任方', 'Obligor', {
    nullable: false,
    options: OBLIGORS.map((value) => ({ value, label: OBLIGOR_LABELS[value] })),
  }),
  field('clockOwner', 'select', '计时归属', 'Belongs to', {
    column: 'clock_owner',
    nullable: false,
    options: CLOCK_OWNERS.map((value) => ({ value, label: l(value, value) })),
  }),
  field('cycle', 'number', '轮次', 'Cycle', { nullable: false }),
  field('state', 'select', '状态', 'State', {
    nullable: false,
    options: CLOCK_STATES.map((value) => ({ value, label: STATE_LABELS[value] })),
  }),
  field('owner', 'reference', '负责人', 'Owner', { column: 'owner_id', reference: 'members' }),
  field('calendar', 'text', '日历', 'Calendar', { column: 'calendar_key' }),
  field('startedAt', 'datetime', '开始', 'Started', { nullable: false }),
  field('dueAt', 'datetime', '截止', 'Due'),
  field('warnAt', 'json', '提醒', 'Warnings', { sql: WARN_AT }),
  field('targetSeconds', 'number', '目标(秒)', 'Target (s)', { nullable: false }),
  // As booked; the rows that are read are brought up to now below.
  field('elapsedSeconds', 'number', '已用(秒)', 'Elapsed (s)', { sortable: false, filterable: false }),
  field('remainingSeconds', 'number', '剩余(秒)', 'Remaining (s)', {
    sql: (alias) => `(${alias}.target_seconds - ${alias}.elapsed_seconds)`,
    sortable: false,
    filterable: false,
  }),
  field('paused', 'boolean', '暂停中', 'Paused', { sql: (alias) => `(${alias}.state = 'paused')` }),
  field('pausedSince', 'datetime', '暂停自', 'Paused since', {
    sql: (alias) => `(CASE WHEN ${alias}.state = 'paused' THEN ${alias}.segment_since END)`,
  }),
  field('pauseSeconds', 'number', '暂停(秒)', 'Paused for (s)', { nullable: false }),
  field('breachedAt', 'datetime', '超时', 'Breached'),
  field('breachCause', 'select', '超时原因', 'Cause of the breach'),
  field('breachOwner', 'reference', '超时时负责人', 'Held at the breach by', { column: 'breach_owner_id', reference: 'members' }),
  field('stoppedAt', 'datetime', '结束', 'Stopped'),
  field('endReason', 'text', '结束原因', 'Ended by'),
  field('provisional', 'boolean', '暂定', 'Provisional', { nullable: false }),
  field('backdated', 'boolean', '补记', 'Logged later', { nullable: false }),
  field('pauseKind', 'select', '暂停方式', 'Paused by', { column: 'pause_kind' }),
  field('pauseReason', 'text', '暂停原因', 'Reason of the pause', { column: 'pause_reason' }),
  field('pauseBy', 'reference', '暂停人', 'Paused by', { column: 'pause_by', reference: 'members' }),
  field('pauseUntil', 'datetime', '暂停至', 'Paused until', { column: 'pause_limit_at' }),
  field('pauseCount', 'number', '暂停次数', 'Pauses', { column: 'pause_count', nullable: false }),
  field('waivedAt', 'datetime', '豁免时间', 'Waived', { column: 'waived_at' }),
  field('waivedBy', 'reference', '豁免人', 'Waived by', { column: 'waived_by', reference: 'members' }),
  field('waiveReason', 'text', '豁免原因', 'Why waived', { column: 'waive_reason' }),
  // Who answers for it on a score card.
  field('holder', 'reference', '责任人', 'Answers for it', {
    reference: 'members',
    sql: (alias) => `coalesce(${alias}.breach_owner_id, ${alias}.owner_id)`,
  }),
  // When it was decided whether the promise was kept: what a score card counts by.
  field('outcomeAt', 'datetime', '结果时间', 'Decided at', { sql: (alias) => `coalesce(${alias}.breached_at, ${alias}.stopped_at)` }),
  field('missReason', 'text', '未达成原因', 'Why missed', {
    sql: (alias) => `(CASE WHEN ${alias}.breached_at IS NOT NULL THEN ${missReason(alias)} END)`,
  }),
  field('answered', 'boolean', '已有回应', 'Answered', { sql: wasAnswered }),
  field('disputed', 'boolean', '有争议', 'Disputed', { nullable: false }),
  field('hops', 'number', '改派次数', 'Passed on', { nullable: false }),
  field('latest', 'boolean', '最新', 'Latest', { nullable: false }),
];

/** `sla-clocks`: read only; a clock is moved by what happens to its lead. Rows follow the lead's. */
export function clocksResource(kit: Kit, clocks: Clocks): ResourceDefinition {
  const explain: ResourceVerb<Record<string, never>> = {
    name: 'explain',
    target: 'record',
    method: 'GET',
    input: z.object({}).transform(() => ({})),
    summary: 'Why this deadline, day by day.',
    access: 'read',
    run: ({ now }, ids) => clocks.explain(ids[0]!, now),
  };
  return {
    name: 'sla-clocks',
    table: 'crm_sla_clocks',
    rows: { via: { column: 'lead_id', resource: 'leads' } },
    fields: FIELDS,
    defaultSort: ['dueAt', 'ASC'],
    // Not `decorate`: what the gate has read of a field is replaced by what it is now.
    redact: async ({ now }, rows) => {
      const ids = rows.flatMap((row) => (typeof row['id'] === 'number' ? [row['id']] : []));
      const found = await findClocks(kit.db, 'WHERE c.id = ANY(?::int[])', [ids]);
      const remaining = await remainingOf(kit, found, now);
      const byId = new Map(found.map((clock) => [clock.id, clock]));
      const paused = found.filter((clock) => clock.pauseReason !== null);
      const shelf = paused.length > 0 ? await loadShelf(kit, paused) : null;
      const words = new Map(
        paused.map((clock) => {
          const rules = shelf ? pauseRulesOf(shelf.metric(clock.versionId, clock.metric)) : null;
          return [clock.id, rules?.reasons.find((reason) => reason.key === clock.pauseReason)?.label ?? null] as const;
        }),
      );
      for (const row of rows) {
        const clock = byId.get(Number(row['id']));
        const left = remaining.get(Number(row['id']));
        if (!clock || left === undefined) continue;
        if ('remainingSeconds' in row) row['remainingSeconds'] = left;
        if ('pauseReason' in row) row['pauseLabel'] = words.get(clock.id) ?? null;
        if ('elapsedSeconds' in row) row['elapsedSeconds'] = clock.targetSeconds - left;
      }
    },
    verbs: [explain, ...handVerbs(kit)],
  };
}
