import { many, type Actor, type Condition, type CustomField, type FieldEntity, type Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { conditionsOf, ruledFields, ruleProblems, type RuleAnswer } from '../../domain/field-rules';
import type { ValueProblem } from '../../domain/values';
import { rowText } from './row-text';

type Row = Readonly<Record<string, unknown>> & { readonly id: number; readonly custom: Record<string, unknown> };

/** One record as it was and as it would be. */
export interface RuledRow {
  readonly before: Row | null;
  readonly after: Row;
  /** Custom keys the change names. */
  readonly given: ReadonlySet<string>;
}

export interface RuleScope {
  readonly kit: Kit;
  readonly trx: Knex | Knex.Transaction;
  readonly actor: Actor;
  readonly now: Date;
  readonly subject: FieldEntity;
}

const TABLES = { lead: 'crm_leads', account: 'crm_accounts', opportunity: 'crm_opportunities', activity: 'crm_activities' } as const;

/**
 * Whether each condition holds for each row, in one statement. A condition that no longer compiles (its fact is gone) is left out and logged: it
 * must not stop all work on leads.
 */
async function ask(
  { kit, trx, actor, now, subject }: RuleScope,
  rows: readonly Row[],
  conditions: ReadonlyMap<string, Condition>,
): Promise<(id: number, name: string) => boolean | undefined> {
  const compiled = [...conditions].flatMap(([name, condition]) => {
    try {
      return [{ name, sql: kit.conditions.compile(condition, subject, 'l', { now, actor }) }];
    } catch (error) {
      kit.log.error(`A condition of the field ${name} does not compile and is passed over.`, error);
      return [];
    }
  });
  if (compiled.length === 0 || rows.length === 0) return () => undefined;
  const columns = compiled.map(({ sql }, index) => `(${sql.sql}) AS c${index}`).join(', ');
  const answers = await many<Record<string, unknown> & { id: number }>(
    trx,
    `WITH working AS (SELECT * FROM json_populate_recordset(NULL::${TABLES[subject]}, ?::json)) SELECT l.id, ${columns} FROM working l`,
    [`[${rows.map(rowText).join(',')}]`, ...compiled.flatMap(({ sql }) => sql.bindings)],
  );
  const byId = new Map(answers.map((answer) => [Number(answer.id), answer]));
  const places = new Map(compiled.map(({ name }, index) => [name, `c${index}`]));
  return (id, name) => {
    const place = places.get(name);
    const answer = place === undefined ? undefined : byId.get(id)?.[place];
    return place === undefined ? undefined : answer === true;
  };
}

function named(fields: readonly CustomField[], what: readonly ('visible' | 'required' | 'readOnly')[]): Map<string, Condition> {
  const all = new Map<string, Condition>();
  for (const field of fields) {
    const conditions = conditionsOf(field);
    for (const one of what) if (conditions[one]) all.set(`${one} ${field.key}`, conditions[one]);
  }
  return all;
}

/**
 * Problems of each row by the rules of its custom fields, by index. No statement where no field has a rule, otherwise one for the rows as they
 * would be and one for those that were there before.
 */
export async function checkFieldRules(
  scope: RuleScope,
  fields: readonly CustomField[],
  rows: readonly RuledRow[],
): Promise<readonly (readonly ValueProblem[])[]> {
  const ruled = ruledFields(fields);
  if (ruled.length === 0 || rows.length === 0) return rows.map(() => []);
  const after = await ask(
    scope,
    rows.map((row) => row.after),
    named(ruled, ['visible', 'required']),
  );
  const before = await ask(
    scope,
    rows.flatMap((row) => row.before ?? []),
    named(ruled, ['required', 'readOnly']),
  );
  return rows.map((row) => {
    const { id } = row.after;
    return ruleProblems(ruled, {
      before: row.before?.custom ?? null,
      after: row.after.custom,
      given: row.given,
      answer: (key): RuleAnswer => ({
        visible: after(id, `visible ${key}`),
        required: after(id, `required ${key}`),
        ...(row.before ? { wasRequired: before(id, `required ${key}`), readOnly: before(id, `readOnly ${key}`) } : {}),
      }),
    });
  });
}
