import type { Condition, ConditionGroup, ConditionRule, ConditionService, Sql } from '../../../../../contracts';
import { AppError } from '../../../../../contracts';

const label = { zh: '', en: '' };

const FACTS = [
  { key: 'lead.name', column: 'name' },
  { key: 'lead.salary', column: 'salary' },
  { key: 'lead.mail', column: 'email', accessField: 'email' },
  { key: 'lead.tel', column: 'phone', accessField: 'phone' },
  { key: 'lead.score', column: 'score' },
];
const isGroup = (node: ConditionGroup | ConditionRule): node is ConditionGroup => 'rules' in node;

/** A port of the condition compiler that knows equality on five facts: what is tested here is the gate around it. */
export const conditions: Pick<ConditionService, 'compile' | 'describe'> = {
  describe: () => FACTS.map(({ key, column: _column, ...rest }) => ({ key, label, type: 'text', operators: ['='], ...rest })),
  compile: (condition: Condition, _subject, alias) => {
    const node = (one: ConditionGroup | ConditionRule): Sql => {
      if (isGroup(one)) {
        const parts = one.rules.map(node);
        return {
          sql: `(${parts.map((part) => part.sql).join(` ${one.combinator} `)})`,
          bindings: parts.flatMap((part) => [...part.bindings]),
        };
      }
      const fact = FACTS.find((candidate) => candidate.key === one.field);
      if (!fact || one.operator !== '=') throw new AppError('CONDITION_INVALID', 400, 'No such rule.');
      return { sql: `${alias}.${fact.column} = ?`, bindings: [one.value] };
    };
    return node(condition);
  },
};
