import { createMongoAbility, subject, type MongoAbility } from '@casl/ability';
import type { AccessRule, ScopeCondition } from '../../../../contracts';
import { HAS, PARENT } from './scopes';
import { SCOPE_NAMES, type RowShape } from './shape';

export type CrmAbility = MongoAbility;

/** CASL's ability of serialised rules; the console builds the same one from the same JSON. */
export const abilityOf = (rules: readonly AccessRule[]): CrmAbility =>
  createMongoAbility(
    rules.map((rule) => ({ action: rule.action, subject: rule.subject, ...(rule.conditions && { conditions: rule.conditions }) })),
  );

/** Conditions of the rules that allow the verb: any one is enough, an empty list is a refusal, `{}` is every row. */
export function conditionsFor(ability: CrmAbility, resource: string, verb: string): readonly ScopeCondition[] {
  return ability.rulesFor(verb, resource).map((rule) => {
    if (rule.inverted) throw new Error(`The rule "cannot ${verb} ${resource}" cannot be turned into SQL`);
    return (rule.conditions ?? {}) as ScopeCondition;
  });
}

/**
 * Equal to nothing, not even to itself, so a fact that was left out matches no rule (CASL would read a missing nested value as null, and cannot
 * compare a symbol with a number).
 */
const ABSENT = Number.NaN;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const facts = (row: Readonly<Record<string, unknown>>, columns: RowShape['columns']): Record<string, unknown> => ({
  ...Object.fromEntries(SCOPE_NAMES.map((name) => [name, columns[name] === null ? null : row[name] === undefined ? ABSENT : row[name]])),
  // A list of values fits no limit: limits are on fields of one value.
  [HAS]: isRecord(row[HAS]) ? row[HAS] : {},
});

/** The rules evaluated on an object; see AccessService.canRow for what the object must hold. */
export function allowsRow(
  ability: CrmAbility,
  resource: string,
  verb: string,
  row: Readonly<Record<string, unknown>>,
  shape: RowShape,
  parentShape: RowShape | null,
): boolean {
  const parent = row[PARENT];
  const known = {
    ...facts(row, shape.columns),
    [PARENT]: parentShape && isRecord(parent) ? facts(parent, parentShape.columns) : parent === null ? null : ABSENT,
  };
  return ability.can(verb, subject(resource, known));
}
