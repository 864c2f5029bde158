import { facts, type FactDefinition, type Kit } from '@leadsea/crm-core';
import { QUALIFIED_FACT, qualifiedCondition } from './domain/qualified';
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
  // The definition of the first contract in force that has one; without one nothing is qualified.
  boolean(QUALIFIED_FACT, '符合合约的合格线索定义', 'Is a qualified lead by the contract', (alias, _args, context) => {
    const definition = knownInForce(kit, context.now).find((version) => version.body.qualified)?.body.qualified;
    return definition ? kit.conditions.compile(qualifiedCondition(definition), 'lead', alias, context) : { sql: 'FALSE', bindings: [] };
  }),
];
