import type { Condition } from '../../../../contracts';
import { queryInvalid } from './problems';

const MAX_RULES = 200;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function operandFields(value: unknown, byField: boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => operandFields(item, byField));
  if (isRecord(value)) return typeof value['field'] === 'string' ? [value['field']] : [];
  return byField && typeof value === 'string' ? value.split(',').map((name) => name.trim()) : [];
}

/**
 * Every fact a condition tree speaks of, on either side of a comparison.
 * @throws AppError QUERY_INVALID when it is not a tree of rules
 */
export function conditionFields(tree: unknown): readonly string[] {
  if (!isConditionGroup(tree)) throw queryInvalid('"where" must be a condition group.', { parameter: 'where' });
  const found: string[] = [];
  const stack: unknown[] = [tree];
  let seen = 0;
  while (stack.length > 0) {
    const node = stack.pop();
    seen += 1;
    if (seen > MAX_RULES) throw queryInvalid(`"where" may hold ${MAX_RULES} rules at most.`, { parameter: 'where', limit: MAX_RULES });
    if (isRecord(node) && 'rules' in node && 'field' in node)
      throw queryInvalid('"where" holds a rule that is also a group.', { parameter: 'where' });
    if (isRecord(node) && Array.isArray(node['rules'])) stack.push(...(node['rules'] as unknown[]));
    else if (isRecord(node) && typeof node['field'] === 'string')
      found.push(node['field'], ...operandFields(node['value'], node['valueSource'] === 'field'));
    else throw queryInvalid('"where" holds something that is neither a group nor a rule.', { parameter: 'where' });
  }
  return [...new Set(found)];
}

/** Whether it has the outline of a condition group; the compiler checks combinators, operators and values. */
export const isConditionGroup = (tree: unknown): tree is Condition => isRecord(tree) && Array.isArray(tree['rules']);
