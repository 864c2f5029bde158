import { badRequest } from '../../../contracts';
import type { Condition, ConditionGroup, ConditionRule, ConditionService, FactDefinition, Sql } from '../../../contracts';

const isGroup = (rule: ConditionGroup | ConditionRule): rule is ConditionGroup => 'rules' in rule;

/** Fact catalogue and condition compiler. */
export function createConditionService(): ConditionService {
  const facts = new Map<string, FactDefinition>();
  const sources = new Map<string, (() => readonly FactDefinition[])[]>();
  const find = (subject: string, key: string): FactDefinition | undefined =>
    facts.get(`${subject} ${key}`) ?? (sources.get(subject) ?? []).flatMap((source) => [...source()]).find((fact) => fact.key === key);
  const compileRule = (rule: ConditionRule, subject: string, alias: string, context: Parameters<ConditionService['compile']>[3]): Sql => {
    const fact = find(subject, rule.field);
    if (!fact) throw badRequest('CONDITION_INVALID', `Unknown field ${rule.field}.`, { path: rule.field });
    const f = fact.sql(alias, rule.args ?? {}, context);
    const n = fact.type === 'number' || fact.type === 'count' || fact.type === 'duration';
    const v = n && typeof rule.value === 'string' ? Number(rule.value) : rule.value;
    const text = fact.type === 'text' || fact.type === 'select';
    const wrap = (sql: string, ...more: unknown[]): Sql => ({ sql: `coalesce(${sql}, false)`, bindings: [...f.bindings, ...more] });
    switch (rule.operator) {
      case '=': return text ? wrap(`lower(${f.sql}::text) = lower(?)`, v) : wrap(`${f.sql} = ?`, v);
      case '!=': return { sql: `(${f.sql} IS DISTINCT FROM ?)`, bindings: [...f.bindings, v] };
      case '<': case '<=': case '>': case '>=': return wrap(`${f.sql} ${rule.operator} ?`, v);
      case 'in': return wrap(`${f.sql}::text = ANY(?::text[])`, (Array.isArray(v) ? v : [v]).map(String));
      case 'notIn': return { sql: `NOT coalesce(${f.sql}::text = ANY(?::text[]), false)`, bindings: [...f.bindings, (Array.isArray(v) ? v : [v]).map(String)] };
      case 'contains': return wrap(`${f.sql} ILIKE ?`, `%${String(v)}%`);
      case 'null': return { sql: `(${f.sql} IS NULL)`, bindings: f.bindings };
      case 'notNull': return { sql: `(${f.sql} IS NOT NULL)`, bindings: f.bindings };
      case 'isTrue': return wrap(`${f.sql}`);
      case 'isFalse': return wrap(`NOT ${f.sql}`);
      case 'between': { const [a, b] = v as [unknown, unknown]; return wrap(`${f.sql} BETWEEN ? AND ?`, a, b); }
      default: throw badRequest('CONDITION_INVALID', `Unknown operator ${rule.operator}.`, { path: rule.field });
    }
  };
  const compileGroup = (group: Condition, subject: string, alias: string, context: Parameters<ConditionService['compile']>[3]): Sql => {
    const parts = group.rules.map((rule) => (isGroup(rule) ? compileGroup(rule, subject, alias, context) : compileRule(rule, subject, alias, context)));
    const sql = parts.length === 0 ? 'TRUE' : `(${parts.map((part) => part.sql).join(group.combinator === 'or' ? ' OR ' : ' AND ')})`;
    return { sql: group.not ? `NOT ${sql}` : sql, bindings: parts.flatMap((part) => [...part.bindings]) };
  };
  return {
    addFacts: (list) => list.forEach((fact) => void facts.set(`${fact.subject} ${fact.key}`, fact)),
    addFactSource: (subject, source) => void sources.set(subject, [...(sources.get(subject) ?? []), source]),
    compile: compileGroup,
    check: () => [],
    describe: (subject) => [...facts.values(), ...(sources.get(subject) ?? []).flatMap((source) => [...source()])].filter((fact) => fact.subject === subject),
  };
}
