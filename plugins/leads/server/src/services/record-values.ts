import { badRequest, type Actor, type CustomField, type FieldAccess, type Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { parseCustomValues, type ValueProblem } from '../domain/values';
import { checkFieldRules, type RuleScope } from './apply/field-rules';

type Values = Readonly<Record<string, unknown>>;

export interface RecordValues {
  readonly entity: 'opportunity' | 'activity';
  /** Custom values as given; what is not named stays as it was. */
  readonly given: Values;
  /** The row as it was; null for a new one, which gets defaults and must be complete. */
  readonly before: (Values & { readonly id: number; readonly custom?: unknown }) | null;
  /** The row as it would be, without its custom values. */
  readonly after: Values & { readonly id: number };
}

const asValues = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...(value as Values) } : {};

/**
 * Keeps somebody from filling in what his role does not let him, where the values come with a verb and not through the resource's own gate.
 * @throws AppError FIELD_NOT_WRITABLE
 */
export function assertFillable(
  kit: Pick<Kit, 'access'>,
  actor: Actor,
  resource: string,
  given: Values | undefined,
  levels: readonly FieldAccess[],
): void {
  for (const key of Object.keys(given ?? {}))
    if (!levels.includes(kit.access.field(actor, resource, `custom.${key}`)))
      throw badRequest('FIELD_NOT_WRITABLE', `Your role does not fill in "custom.${key}".`, { field: `custom.${key}` });
}

/**
 * The custom values of an opportunity or activity after a change, checked as on every entrance: known fields, valid values, what is required, the
 * conditions of the fields. Without custom fields of this kind nothing is asked of the database.
 * @throws AppError with the code of the first problem and all of them as `problems`
 */
export async function customValues(
  kit: Kit,
  trx: Knex | Knex.Transaction,
  { actor, now }: { readonly actor: Actor; readonly now: Date },
  { entity, given, before, after }: RecordValues,
): Promise<Record<string, unknown>> {
  const fields = kit.custom.fields(entity);
  const parsed = parseCustomValues(given, fields, before === null);
  const refuse = (problems: readonly { field: string; code: string; message: string }[]): void => {
    const [problem] = problems;
    if (problem) throw badRequest(problem.code, problem.message, { field: problem.field, problems });
  };
  refuse(parsed.problems);
  const was = asValues(before?.custom);
  const custom = Object.fromEntries(Object.entries({ ...was, ...parsed.custom }).filter(([, value]) => value !== null));
  const [problems = []] = await checkFieldRules({ kit, trx, actor, now, subject: entity }, fields, [
    { before: before && { ...before, custom: was }, after: { ...after, custom }, given: new Set(Object.keys(given)) },
  ]);
  refuse(problems);
  return custom;
}

export type OwnValues =
  { readonly ok: true; readonly custom: Record<string, unknown> } | { readonly ok: false; readonly problem: ValueProblem };

/** The custom values of many new records, each by the same terms as one: a constant number of statements for all of them. */
export async function customValuesOf(
  scope: RuleScope,
  fields: readonly CustomField[],
  rows: readonly { readonly given: Values; readonly after: Values & { readonly id: number } }[],
): Promise<readonly OwnValues[]> {
  const parsed = rows.map(({ given }) => parseCustomValues(given, fields, true));
  const own = parsed.map(({ custom }) => Object.fromEntries(Object.entries(custom).filter(([, value]) => value !== null)));
  const rules = await checkFieldRules(
    scope,
    fields,
    rows.map(({ given, after }, index) => ({ before: null, after: { ...after, custom: own[index]! }, given: new Set(Object.keys(given)) })),
  );
  return parsed.map(({ problems }, index): OwnValues => {
    const [problem] = [...problems, ...(rules[index] ?? [])];
    return problem ? { ok: false, problem } : { ok: true, custom: own[index]! };
  });
}
