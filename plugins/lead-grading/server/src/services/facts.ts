import type { FactDefinition } from '@leadsea/crm-core';
import { GRADES } from '../../../contracts';

const NUMBER = ['=', '!=', '<', '<=', '>', '>=', 'between', 'notBetween', 'null', 'notNull'] as const;
const SELECT = ['=', '!=', 'in', 'notIn', 'null', 'notNull'] as const;

const column =
  (name: string): FactDefinition['sql'] =>
  (alias) => ({ sql: `${alias}.${name}`, bindings: [] });

/**
 * What grading tells conditions about a lead. Values are those of the last grading; a review timer keeps them within the model's
 * `refreshPoints` of the present and exact at every threshold.
 */
export const gradingFacts: readonly FactDefinition[] = [
  {
    subject: 'lead',
    key: 'lead.fitScore',
    label: { zh: '匹配度得分', en: 'Fit' },
    type: 'number',
    operators: NUMBER,
    sql: column('fit_score'),
  },
  {
    subject: 'lead',
    key: 'lead.engagement',
    label: { zh: '互动得分', en: 'Engagement' },
    type: 'number',
    operators: NUMBER,
    sql: column('engagement'),
  },
  {
    subject: 'lead',
    key: 'lead.intent',
    label: { zh: '意向得分', en: 'Intent' },
    type: 'number',
    operators: NUMBER,
    sql: column('intent_score'),
  },
  { subject: 'lead', key: 'lead.score', label: { zh: '总分', en: 'Score' }, type: 'number', operators: NUMBER, sql: column('score') },
  {
    subject: 'lead',
    key: 'lead.scoreGain',
    label: { zh: '回收后的得分变化', en: 'Score gained since recycled' },
    type: 'number',
    operators: NUMBER,
    sql: (alias) => ({ sql: `(${alias}.score - ${alias}.score_base)`, bindings: [] }),
  },
  {
    subject: 'lead',
    key: 'lead.stars',
    label: { zh: '星级', en: 'Stars' },
    type: 'number',
    operators: NUMBER,
    sql: column('stars'),
  },
  {
    subject: 'lead',
    key: 'lead.flames',
    label: { zh: '火焰', en: 'Flames' },
    type: 'number',
    operators: NUMBER,
    sql: column('flames'),
  },
  {
    subject: 'lead',
    key: 'lead.grade',
    label: { zh: '评级', en: 'Grade' },
    type: 'select',
    operators: [...SELECT, 'beginsWith'],
    options: GRADES.map((grade) => ({ value: grade, label: { zh: grade, en: grade } })),
    sql: column('grade'),
  },
  {
    subject: 'lead',
    key: 'lead.label',
    label: { zh: '热度', en: 'Heat' },
    type: 'select',
    operators: SELECT,
    options: [
      { value: 'hot', label: { zh: '热', en: 'Hot' } },
      { value: 'warm', label: { zh: '温', en: 'Warm' } },
      { value: 'cold', label: { zh: '冷', en: 'Cold' } },
      { value: 'disqualified', label: { zh: '不合格', en: 'Disqualified' } },
    ],
    sql: column('label'),
  },
  {
    subject: 'lead',
    key: 'lead.productScore',
    label: { zh: '产品分', en: 'Product score' },
    type: 'number',
    operators: NUMBER,
    sql: column('product_score'),
  },
  {
    subject: 'lead',
    key: 'lead.topProduct',
    label: { zh: '首选产品', en: 'Top product' },
    type: 'text',
    operators: [...SELECT, 'contains'],
    sql: column('top_product'),
  },
];
