import type { Knex } from 'knex';
import { NOW, addLeads, engagement, makeWorld, model, openGradingDatabase, react, rows, text } from './grading-support';

/** A single change re-graded in its transaction, with forty rules. */
const MOST_MS = 10;
const ROUNDS = 6;
const PER_ROUND = 10;

interface Statement {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}
interface Plan {
  readonly 'Planning Time': number;
  readonly 'Execution Time': number;
}

const fields = ['lead.title', 'lead.company', 'lead.industry', 'lead.city'];
const forty = {
  ...model,
  fit: {
    rules: Array.from({ length: 38 }, (_, index) => ({
      type: 'condition' as const,
      key: `r${index}`,
      label: text(`r${index}`),
      points: 2,
      when: rows({ field: fields[index % fields.length] ?? '', operator: index % 2 ? '=' : 'contains', value: `v${index}` }),
    })),
  },
};

/** The least planning and execution time of ten, in milliseconds: what the statement costs and not what the machine was busy with. */
async function costOf(db: Knex, { sql, bindings }: Statement): Promise<number> {
  let least = Infinity;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const { rows: found } = await db.raw<{ rows: { 'QUERY PLAN': Plan[] }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql.replace(/\$\d+/g, '?')}`,
      bindings as Knex.RawBinding[],
    );
    const plan = found[0]?.['QUERY PLAN'][0];
    if (plan) least = Math.min(least, plan['Planning Time'] + plan['Execution Time']);
  }
  return least;
}

/** The least processor time of this process per change over several rounds: waiting for the database or for a busy machine is no work. */
async function processorTime(change: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (let index = 0; index < PER_ROUND; index += 1) await change();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000 / PER_ROUND);
  }
  return least;
}

test(`one lead is graded again by forty rules in under ${MOST_MS} ms of work, the database's and our own`, async () => {
  const database = await openGradingDatabase();
  const db = database.knex;
  const world = makeWorld(db, [forty]);
  const [id = 0] = await addLeads(db, [{ title: 'CEO', company: 'v1' }]);
  await db('crm_engagements').insert(
    Array.from({ length: 10 }, (_, index) => engagement(id, 'visit', new Date(NOW.getTime() - index * 3_600_000))),
  );
  const change = () => react(world, [{ id, asks: ['regrade'] }]);
  const seen: Statement[] = [];
  const watch = (statement: Statement): void => void seen.push(statement);
  await change();
  db.on('query', watch);
  const { statements } = await change();
  db.removeListener('query', watch);
  expect(statements).toBe(2);
  const asked = seen.filter(({ sql }) => /^SELECT (l\.id|lead_id)/.test(sql));
  expect(asked).toHaveLength(2);
  let total = await processorTime(change);
  for (const statement of asked) total += await costOf(db, statement);
  expect(total).toBeLessThan(MOST_MS);
  await database.close();
});
