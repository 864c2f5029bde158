import type { Condition, LocalisedText } from '@leadsea/crm-core';
import { z } from 'zod';

const text = z.object({ zh: z.string().min(1).max(100), en: z.string().min(1).max(100) });
const definition = z.object({ zh: z.string().max(2000), en: z.string().max(2000) });
const key = z.string().regex(/^[a-z][a-z0-9_-]*$/);
const condition = z.custom<Condition>(
  (value) => typeof value === 'object' && value !== null && Array.isArray((value as { rules?: unknown }).rules),
  'must be a condition',
);

export const STAGE_TYPES = ['inventory', 'sla', 'gate', 'won', 'lost'] as const;

/** A stage graph: which stages there are, and which moves between them are allowed and on what terms. */
export const lifecycleSchema = z.object({
  initial: key,
  stages: z
    .array(
      z.object({
        key,
        label: text,
        type: z.enum(STAGE_TYPES),
        color: z.string().max(20).optional(),
        /** What the company means by this stage: shown wherever a number counts it, and kept with each version. */
        definition: definition.optional(),
        /** Seconds a lead should stay here at most. */
        dwell: z.number().int().min(60).max(31_536_000).nullish(),
        /** A lead in this stage has an opportunity; converting a lead leads here. */
        opportunity: z.boolean().optional(),
        /** Where the editor draws it. */
        at: z.object({ x: z.number(), y: z.number() }).optional(),
      }),
    )
    .min(2)
    .max(40),
  transitions: z
    .array(
      z.object({
        from: z.union([key, z.literal('*')]),
        to: key,
        label: text,
        /** Lead fields that must be filled before this move. */
        requires: z.array(z.string()).default([]),
        reasons: z.array(z.object({ value: key, label: text })).default([]),
        /** The move is only for leads of which this holds; people are refused, the product does not make it. */
        guard: condition.nullish(),
        /** Keys of the roles that may make it; absent or empty = everybody who may change the lead. */
        roles: z.array(key).optional(),
        /** The product makes this move by itself as soon as the condition holds. */
        auto: condition.nullish(),
        /** The product makes it at most once in a cycle of the lead; absent: when its condition asks for a score, grade or label. */
        once: z.boolean().optional(),
        /** The lead goes back to marketing and its next cycle begins; absent: from work to a stage of inventory that is not the first. */
        recycles: z.boolean().optional(),
        /** People may make it too. */
        manual: z.boolean().default(true),
      }),
    )
    .max(200),
});

export type Lifecycle = z.infer<typeof lifecycleSchema>;
export type Transition = Lifecycle['transitions'][number];

export const stage = (
  stageKey: string,
  zh: string,
  en: string,
  type: (typeof STAGE_TYPES)[number],
  color: string,
): Lifecycle['stages'][number] => ({
  key: stageKey,
  label: { zh, en },
  type,
  color,
});
/** A stage with what it means: the entry of the dictionary. */
const means = (one: Lifecycle['stages'][number], zh: string, en: string): Lifecycle['stages'][number] => ({
  ...one,
  definition: { zh, en },
});

export const move = (from: string, to: string, zh: string, en: string, more: Partial<Transition> = {}): Transition => ({
  from,
  to,
  label: { zh, en },
  requires: [],
  reasons: [],
  manual: true,
  ...more,
});
export const reason = (value: string, zh: string, en: string): { value: string; label: LocalisedText } => ({ value, label: { zh, en } });

export const DISQUALIFY_REASONS = [
  reason('no_need', '无需求', 'No need'),
  reason('no_budget', '无预算', 'No budget'),
  reason('wrong_contact', '联系人不对', 'Wrong contact'),
  reason('invalid', '信息无效', 'Invalid data'),
  reason('competitor', '竞争对手', 'Competitor'),
  reason('spam', '垃圾线索', 'Spam'),
];

const LOST_REASONS = [
  reason('price', '价格', 'Price'),
  reason('competitor', '竞争对手', 'Competitor'),
  reason('timing', '时机', 'Timing'),
  reason('other', '其他', 'Other'),
];

const NURTURE_REASONS = [
  reason('not_now', '暂无计划', 'Not now'),
  reason('no_answer', '联系不上', 'Cannot be reached'),
  reason('no_budget', '暂无预算', 'No budget yet'),
];

/** The MQL/SRL/SQL model: what a company starts with when it publishes no graph of its own. */
export const STANDARD_LIFECYCLE: Lifecycle = {
  initial: 'lead',
  stages: [
    means(stage('lead', '线索', 'Lead', 'inventory', '#64748b'), '刚进入、尚未判断的线索。', 'Came in and has not been judged yet.'),
    means(
      stage('mql', '市场认可 (MQL)', 'MQL', 'sla', '#0ea5e9'),
      '市场认可：标签为热或温，值得销售跟进。',
      'Marketing recognised it: its label is hot or warm, it is worth a call by sales.',
    ),
    means(
      stage('srl', '销售接收 (SRL)', 'SRL', 'sla', '#6366f1'),
      '销售已接收，正在核实需求。',
      'Sales accepted it and is finding out what is needed.',
    ),
    means(
      stage('sql', '销售认可 (SQL)', 'SQL', 'gate', '#8b5cf6'),
      '销售认可：需求、预算、决策人和时间已核实。',
      'Sales recognised it: need, budget, who decides and when are known.',
    ),
    {
      ...means(
        stage('opportunity', '商机', 'Opportunity', 'gate', '#d97706'),
        '已转为商机，进入报价与谈判。',
        'An opportunity was made; offers and talks are on.',
      ),
      opportunity: true,
    },
    means(stage('won', '赢单', 'Won', 'won', '#059669'), '已成交。', 'The deal is done.'),
    means(
      stage('lost', '输单', 'Lost', 'lost', '#dc2626'),
      '谈过但未成交，原因已记录。',
      'Talked about and not bought; the reason is kept.',
    ),
    means(
      stage('recycled', '回收培育', 'Recycled', 'inventory', '#94a3b8'),
      '暂不推进，由市场继续培育。',
      'Not now: marketing keeps in touch.',
    ),
    means(stage('disqualified', '无效', 'Disqualified', 'lost', '#a8a29e'), '不是线索，原因已记录。', 'No lead; the reason is kept.'),
  ],
  transitions: [
    move('lead', 'mql', '标记为 MQL', 'Mark as MQL', {
      auto: { combinator: 'and', rules: [{ field: 'lead.label', operator: 'in', value: ['hot', 'warm'] }] },
    }),
    move('recycled', 'mql', '重新激活', 'Re-activate'),
    move('mql', 'srl', '接收', 'Accept'),
    move('lead', 'srl', '接收', 'Accept'),
    move('srl', 'sql', '确认为 SQL', 'Qualify', { requires: ['name'] }),
    move('sql', 'opportunity', '转为商机', 'Make an opportunity', { requires: ['name'] }),
    move('opportunity', 'won', '赢单', 'Won'),
    move('opportunity', 'lost', '输单', 'Lost', { reasons: LOST_REASONS }),
    move('*', 'recycled', '回收培育', 'Recycle to nurture', { reasons: NURTURE_REASONS }),
    move('*', 'disqualified', '判为无效', 'Disqualify', { reasons: DISQUALIFY_REASONS }),
    move('disqualified', 'lead', '恢复', 'Restore'),
  ],
};
