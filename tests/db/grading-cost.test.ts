import type { Knex } from 'knex';
import { NOW, addLeads, engagement, makeWorld, model, openGradingDatabase, react, rows, text } from './grading-support';

interface Statement {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

const fields = ['lead.title', 'lead.company', 'lead.industry', 'lead.city'];
const withRules = (count: number) => ({
  ...model,
  fit: {
    rules: Array.from({ length: count }, (_, index) => ({
      type: 'condition' as const,
      key: `r${index}`,
      label: text(`r${index}`),
      points: 2,
      when: rows({ field: fields[index % fields.length] ?? '', operator: index % 2 ? '=' : 'contains', value: `v${index}` }),
    })),
  },
});

/** What the database reads for a statement: no table but the one lead's rows. */
async function rowsRead(db: Knex, { sql, bindings }: Statement): Promise<number> {
  const { rows: lines } = await db.raw<{ rows: { 'QUERY PLAN': string }[] }>(
    `EXPLAIN (ANALYZE, BUFFERS OFF, TIMING OFF) ${sql.replace(/\$\d+/g, '?')}`,
    bindings as Knex.RawBinding[],
  );
  const plan = lines.map((line) => line['QUERY PLAN']).join('\n');
  expect(plan).not.toContain('Seq Scan on crm_engagements');
  return Math.max(...[...plan.matchAll(/actual rows=([\d.]+)/g)].map(([, count]) => Number(count)));
}

// How long it takes is a benchmark (`npm run bench grading`): this holds what makes it short.
test.each([2, 40])('one lead is graded again by %i rules with two statements that read its own rows and no others', async (count) => {
  const database = await openGradingDatabase();
  const db = database.knex;
  const world = makeWorld(db, [withRules(count)]);
  const [id = 0, ...others] = await addLeads(
    db,
    Array.from({ length: 500 }, () => ({ title: 'CEO', company: 'v1' })),
  );
  const visits = (lead: number) =>
    Array.from({ length: 10 }, (_, index) => engagement(lead, 'visit', new Date(NOW.getTime() - index * 3_600_000)));
  await db('crm_engagements').insert(visits(id));
  for (const lead of others) await db('crm_engagements').insert(visits(lead));
  await db.raw('ANALYZE');
  const seen: Statement[] = [];
  const watch = (statement: Statement): void => void seen.push(statement);
  const change = () => react(world, [{ id, asks: ['regrade'] }]);
  await change();
  db.on('query', watch);
  const { statements } = await change();
  db.removeListener('query', watch);
  expect(statements).toBe(2);
  const asked = seen.filter(({ sql }) => /^SELECT (l\.id|lead_id)/.test(sql));
  expect(asked).toHaveLength(2);
  for (const statement of asked) expect(await rowsRead(db, statement)).toBeLessThanOrEqual(10);
  await database.close();
});
