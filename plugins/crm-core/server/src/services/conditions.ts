import {
  badRequest,
  FACT_TYPES,
  type Condition,
  type ConditionService,
  type FactDefinition,
  type FactDescription,
  type LintFinding,
  type Sql,
} from '../../../contracts';
import { CONDITION_INVALID, compileCondition, examineCondition, findNever } from '../domain/conditions';

/** Any moment serves a check: whether a condition compiles does not depend on it. */
const SOME_MOMENT = new Date(Date.UTC(2000, 0, 1));

const describeFact = ({ key, label, type, operators, options, reference, args, accessField }: FactDefinition): FactDescription => ({
  key,
  label,
  type,
  operators,
  ...(options ? { options } : {}),
  ...(reference !== undefined ? { reference } : {}),
  ...(args ? { args } : {}),
  ...(accessField !== undefined ? { accessField } : {}),
});

/** The fact catalogue and the compiler over it. Facts are declared at start-up; sources (custom fields) are asked at each use. */
export function createConditionService(): ConditionService {
  const facts = new Map<string, Map<string, FactDefinition>>();
  const sources = new Map<string, (() => readonly FactDefinition[])[]>();

  const dynamicFacts = (subject: string): readonly FactDefinition[] => (sources.get(subject) ?? []).flatMap((source) => [...source()]);

  /** Lookup for one compile: sources are asked at most once, and only for a fact that was not declared. A declared fact wins. */
  const lookup = (subject: string): ((key: string) => FactDefinition | undefined) => {
    let dynamic: Map<string, FactDefinition> | null = null;
    return (key) => {
      const declared = facts.get(subject)?.get(key);
      if (declared) return declared;
      dynamic ??= new Map(dynamicFacts(subject).map((fact) => [fact.key, fact]));
      return dynamic.get(key);
    };
  };

  return {
    addFacts: (added) => {
      for (const fact of added) {
        const known = facts.get(fact.subject) ?? new Map<string, FactDefinition>();
        if (known.has(fact.key)) throw new Error(`The fact ${fact.key} of ${fact.subject} is declared twice.`);
        if (!FACT_TYPES.includes(fact.type)) throw new Error(`The fact ${fact.key} has an unknown type.`);
        facts.set(fact.subject, known.set(fact.key, fact));
      }
    },
    addFactSource: (subject, source) => {
      sources.set(subject, [...(sources.get(subject) ?? []), source]);
    },
    compile: (condition: Condition, subject, alias, context): Sql => compileCondition(condition, { alias, context, fact: lookup(subject) }),
    value: (field, subject, alias, context): Sql => {
      const fact = lookup(subject)(field);
      if (!fact) throw badRequest(CONDITION_INVALID, `There is no fact "${field}" of a ${subject}.`, { field });
      return fact.sql(alias, {}, context);
    },
    check: (condition, subject): LintFinding[] => {
      const fact = lookup(subject);
      const { problems } = examineCondition(condition, { alias: 'l', context: { now: SOME_MOMENT, actor: null }, fact });
      const found = problems.map(({ path, reason, level }): LintFinding => ({
        level,
        code: level === 'error' ? CONDITION_INVALID : 'CONDITION_DOUBTFUL',
        message: reason,
        path,
      }));
      if (found.some(({ level }) => level === 'error')) return found;
      const never = findNever(condition, fact).map(({ path, field }): LintFinding => ({
        level: 'warning',
        code: 'CONDITION_NEVER',
        message: `This can never hold: what is asked of "${field}" excludes itself.`,
        path,
      }));
      return [...found, ...never];
    },
    describe: (subject) => {
      const declared = [...(facts.get(subject)?.values() ?? [])];
      const keys = new Set(declared.map((fact) => fact.key));
      return [...declared, ...dynamicFacts(subject).filter((fact) => !keys.has(fact.key))].map(describeFact);
    },
  };
}
