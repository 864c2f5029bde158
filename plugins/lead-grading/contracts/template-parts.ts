import type { Condition, LocalisedText } from '@leadsea/crm-core';
import { GRADES } from './model';
import type { BehaviourRule, FitRule, Grade, GradingModelInput, Heat } from './model';

/** A model to start from: named, complete, publishable as it is. */
export interface GradingTemplate {
  readonly key: string;
  readonly name: LocalisedText;
  readonly description: LocalisedText;
  readonly body: GradingModelInput;
}

export const filled = (field: string): Condition => ({ combinator: 'and', rules: [{ field, operator: 'notNull' }] });

/** A1, A2, B1 are hot; D and the 4 column are cold, save A4 and B4 which fit too well to be forgotten. */
const GRID_HOT: readonly Grade[] = ['A1', 'A2', 'B1'];
const GRID_COLD: readonly Grade[] = ['C3', 'C4', 'D2', 'D3', 'D4', 'B4'];
const heatOf = (grade: Grade): Heat => (GRID_HOT.includes(grade) ? 'hot' : GRID_COLD.includes(grade) ? 'cold' : 'warm');
export const grid = Object.fromEntries(GRADES.map((grade) => [grade, heatOf(grade)])) as Record<Grade, Heat>;

/** Short titles are asked for as a whole word: "cto" is also in "director", "coo" in "coordinator". */
const SHORT = ['CTO', 'CIO', 'COO', 'CMO', 'CXO'];
export const decides: Condition = {
  combinator: 'or',
  rules: [
    {
      field: 'lead.title',
      operator: 'matchesAny',
      value: ['CEO', 'CFO', 'chief ', 'founder', 'managing director', 'Geschäftsführer', '首席', '总裁', '董事长', '创始人', '总经理'],
    },
    {
      field: 'lead.title',
      operator: 'in',
      value: [...SHORT, ...SHORT.map((title) => title.toLowerCase()), 'Owner', 'owner', 'President', 'president'],
    },
    ...SHORT.flatMap((title) => [
      { field: 'lead.title', operator: 'beginsWith', value: `${title} ` },
      { field: 'lead.title', operator: 'endsWith', value: ` ${title}` },
    ]),
  ],
};
const MANAGERS = ['director', 'head of', 'VP', 'vice president', 'manager', 'leiter', '总监', '经理', '主管', '负责人'];
/** 总经理 contains 经理, a managing director is a director: who decides is not counted again. */
export const manages: Condition = {
  combinator: 'and',
  rules: [
    { field: 'lead.title', operator: 'matchesAny', value: MANAGERS },
    { ...decides, not: true },
  ],
};
export const outside: Condition = {
  combinator: 'or',
  rules: [
    { field: 'lead.title', operator: 'matchesAny', value: ['student', 'internship', 'trainee', 'Praktikant', '学生', '实习'] },
    { field: 'lead.title', operator: 'in', value: ['Intern', 'intern'] },
    { field: 'lead.title', operator: 'endsWith', value: ' intern' },
  ],
};

type BehaviourInput = NonNullable<GradingModelInput['engagement']['rules']>[number];

export const t = (zh: string, en: string): LocalisedText => ({ zh, en });
export const anyOf = (field: string, ...values: readonly string[]): Condition => ({
  combinator: 'and',
  rules: [{ field, operator: 'matchesAny', value: [...values] }],
});
export const when = (key: string, label: LocalisedText, points: number, condition: Condition): FitRule => ({
  type: 'condition',
  key,
  label,
  points,
  when: condition,
});
type Band = readonly [from: number | null, points: number];
/** Bands that follow each other: each from its number to the next one's. */
export const bands = (key: string, label: LocalisedText, field: string, rows: readonly Band[]): FitRule => ({
  type: 'bands',
  key,
  label,
  field,
  bands: rows.map(([from, points], index) => {
    const to = rows[index + 1]?.[0] ?? null;
    return { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }), points };
  }),
});
interface Did {
  readonly match?: string;
  readonly repeat?: BehaviourRule['repeat'];
  readonly cap?: number;
}
export const did = (key: string, kind: string, label: LocalisedText, points: number, more: Did = {}): BehaviourInput => ({
  key,
  kind,
  label,
  points,
  repeat: 'oncePerAsset',
  ...more,
});

export const aDay = (max: number): BehaviourRule['repeat'] => ({ max, within: 'P1D' });
export const PERSON = [when('decides', t('决策人职位', 'Decides'), 30, decides), when('manages', t('管理职位', 'Manages'), 20, manages)];
export const STUDENT = [{ key: 'outsider', label: t('学生或实习生', 'Student or intern'), when: outside }];
export const REACHABLE = [
  when('phone', t('留有电话', 'Left a phone number'), 10, filled('lead.phone')),
  when('email', t('留有邮箱', 'Left an e-mail address'), 5, filled('lead.email')),
];
export const UNSUBSCRIBED = did('unsubscribe', 'unsubscribe', t('退订', 'Unsubscribed'), -20, { repeat: 'each' });
export const VISIT = did('visit', 'visit', t('访问网站', 'Visited the site'), 2, { repeat: aDay(5), cap: 20 });
export const PRICING = did('pricing', 'visit', t('访问价格页', 'Visited the price page'), 15, { match: 'pric', repeat: aDay(1), cap: 45 });
export const FORM = did('form', 'form', t('提交表单', 'Submitted a form'), 30, { repeat: aDay(1), cap: 60 });
export const DOWNLOAD = did('download', 'download', t('下载资料', 'Downloaded something'), 10, { cap: 30 });
export const EVENT = did('event', 'webinar', t('参加活动', 'Came to an event'), 20, { cap: 60 });

export const thresholds = { letters: { A: 60, B: 40, C: 20 }, numbers: { 1: 50, 2: 25, 3: 10 }, hysteresis: 3 };
export const byGrid = { by: 'grid' as const, cells: grid };
