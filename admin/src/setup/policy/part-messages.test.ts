import { calendarSchema } from '../../../../plugins/crm-core/server/src/domain/calendar/schema';
import { gradingModelSchema } from '../../../../plugins/lead-grading/contracts/model';
import { poolSchema } from '../../../../plugins/lead-pools/contracts/pool';
import { routingPolicySchema } from '../../../../plugins/lead-routing/contracts/policy';
import { contractSchema } from '../../../../plugins/lead-sla/contracts/contract';
import { accountMatchingSchema } from '../../../../plugins/leads/contracts/account-matching';
import { lifecycleSchema } from '../../../../plugins/leads/contracts/lifecycle';
import { partMessages } from './part-messages';

/** What a schema tells of itself, whichever copy of the library made it. */
interface Schema {
  readonly _zod: { readonly def: object };
}

const KINDS: Readonly<Record<string, Schema>> = {
  pool: poolSchema,
  grading: gradingModelSchema,
  routing: routingPolicySchema,
  sla: contractSchema,
  calendar: calendarSchema,
  lifecycle: lifecycleSchema,
  matching: accountMatchingSchema,
};

interface Def {
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly entries?: Readonly<Record<string, string | number>>;
  readonly values?: readonly unknown[];
}

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && '_zod' in value;

/** Names of properties and values of enumerations anywhere in a schema. */
function wordsOf({ _zod: { def } }: Schema, found = new Set<string>()): Set<string> {
  const { shape = {}, entries = {}, values = [] }: Def = def;
  for (const [name, inner] of Object.entries(shape)) {
    found.add(name);
    wordsOf(inner, found);
  }
  for (const value of [...Object.values(entries), ...values]) if (typeof value === 'string') found.add(value);
  for (const inner of Object.values(def).flat() as unknown[]) if (isSchema(inner)) wordsOf(inner, found);
  return found;
}

/** Cells of the grid, coordinates, languages and what stands for itself. */
const OWN = /^([A-D]?[1-4]?|\*|x|y|id|en|zh)$/;

test.each(Object.entries(KINDS))(
  'every part of a %s has words, so that no list of changes shows a name of the program',
  (_kind, schema) => {
    const words = wordsOf(schema);
    expect(words.size).toBeGreaterThan(5);
    expect([...words].filter((word) => !OWN.test(word) && !(word in partMessages.en)).sort()).toEqual([]);
  },
);
