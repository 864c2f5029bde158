import { openTestDatabase } from '../support/postgres';

test('a test database answers and is dropped afterwards', async () => {
  const database = await openTestDatabase();
  const { rows } = await database.knex.raw<{ rows: { v: string }[] }>('select version() as v');
  expect(rows[0]?.v).toMatch(/PostgreSQL 1[4-9]/);
  await database.close();
});
