import { facts, type FactDefinition, type Kit } from '@leadsea/crm-core';
import { QUALIFIED_FACT, qualifiedCondition } from './domain/qualified';
import { HAND_OFF_LABELS } from './resources/sla-hand-offs';
import { knownInForce } from './services/in-force';

const boolean = (key: string, zh: string, en: string, sql: FactDefinition['sql']): FactDefinition => ({
  subject: 'lead',
  key,
  label: { zh, en },
  type: 'boolean',
  operators: facts.operatorsOf('boolean'),
  sql,
});

/** What other policies may ask about promises: for filters, routing, grading, and the rule of the lifecycle. */
export const slaFacts = (kit: Kit): readonly FactDefinition[] => [
  boolean('sla.breached', '有超时未完成的时钟', 'Has a missed deadline', (alias) => ({
    sql: `EXISTS (SELECT 1 FROM crm_sla_clocks sla WHERE sla.lead_id = ${alias}.id AND sla.latest AND sla.state = 'breached_open')`,
    bindings: [],
  })),
  // Nothing of it is due while all its deadlines rest: it counts less against a person's capacity.
  boolean('sla.paused', '时钟均已暂停', 'All its deadlines are paused', (alias) => ({
    sql: `(EXISTS (SELECT 1 FROM crm_sla_clocks sla WHERE sla.lead_id = ${alias}.id AND sla.latest AND sla.state = 'paused')
      AND NOT EXISTS (SELECT 1 FROM crm_sla_clocks sla WHERE sla.lead_id = ${alias}.id AND sla.latest AND sla.state IN ('running', 'blocked', 'breached_open')))`,
    bindings: [],
  })),
  // The definition of the first contract in force that has one; without one nothing is qualified.
  boolean(QUALIFIED_FACT, '符合合约的合格线索定义', 'Is a qualified lead by the contract', (alias, _args, context) => {
    const definition = knownInForce(kit, context.now).find((version) => version.body.qualified)?.body.qualified;
    return definition ? kit.conditions.compile(qualifiedCondition(definition), 'lead', alias, context) : { sql: 'FALSE', bindings: [] };
  }),
  {
    subject: 'lead',
    key: 'sla.handOff',
    label: { zh: '移交状态', en: 'Hand-off' },
    type: 'select',
    operators: facts.operatorsOf('select'),
    options: Object.entries(HAND_OFF_LABELS).map(([value, label]) => ({ value, label })),
    sql: (alias) => ({ sql: `(SELECT ho.state FROM crm_sla_hand_offs ho WHERE ho.lead_id = ${alias}.id AND ho.latest)`, bindings: [] }),
  },
  boolean('sla.handOffReplied', '市场已答复退回', 'Marketing has answered the rejection', (alias) => ({
    sql: `EXISTS (SELECT 1 FROM crm_sla_hand_offs ho WHERE ho.lead_id = ${alias}.id AND ho.latest AND ho.replied_at IS NOT NULL)`,
    bindings: [],
  })),
  {
    subject: 'lead',
    key: 'sla.rejections',
    label: { zh: '被销售退回次数', en: 'Times sent back by sales' },
    type: 'number',
    operators: facts.operatorsOf('number'),
    sql: (alias) => ({
      sql: `(SELECT count(*) FROM crm_sla_hand_offs ho WHERE ho.lead_id = ${alias}.id AND ho.state = 'rejected')`,
      bindings: [],
    }),
  },
];
