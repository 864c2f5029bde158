import { expectStatus, inLanes, poolBody, someone, startCompany, until, type Company, type Person } from '../support/fixtures';

/** Long past, so that what is due by the moved clock is due by the real one after a restart as well. */
const START = '2024-03-04T02:00:00Z';

let company: Company;
let poolId: number;
let reps: Person[];

const number = async (sql: string, bindings: readonly unknown[] = []): Promise<number> => {
  const { rows } = await company.db.raw<{ rows: { n: number }[] }>(sql, bindings as string[]);
  return rows[0]?.n ?? 0;
};
const quietly = <T>(promise: Promise<T>): Promise<T | null> => promise.catch(() => null);
/** Sessions of a killed process go when the database notices; until then their transaction is not decided. */
const settled = (): Promise<unknown> =>
  until(
    'no transaction is open',
    async () =>
      (await number(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
      )) === 0,
  );

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(START);
  poolId = await company.publish(
    'pools',
    'open',
    poolBody('east', {
      isDefault: true,
      recycle: { rules: [{ key: 'idle', label: { zh: '三天', en: 'Three days' }, after: 'P3D' }], warns: ['PT24H'] },
    }),
  );
  reps = [];
  for (let index = 0; index < 4; index += 1)
    reps.push(await company.person(`rep-${index}`, { roles: ['sales'], team: company.teams.east }));
}, 300_000);
afterAll(() => company?.server.close());

/** Rows, events, ledger, tasks and timers tell the same story about these leads. */
async function assertWhole(ids: readonly number[]): Promise<void> {
  const disagreeing = await number(
    `WITH last AS (SELECT DISTINCT ON (subject_id) subject_id, after->>'owner' AS owner, after->>'pool' AS pool FROM crm_events
       WHERE subject = 'lead' AND subject_id = ANY(?) AND jsonb_exists(after, 'owner') ORDER BY subject_id, id DESC)
     SELECT count(*)::int AS n FROM last JOIN crm_leads l ON l.id = last.subject_id WHERE l.owner_id IS DISTINCT FROM last.owner::int OR l.pool_id IS DISTINCT FROM last.pool::int`,
    [ids],
  );
  expect({ disagreeing }).toEqual({ disagreeing: 0 });
  const doubled = await number(`SELECT count(*)::int AS n FROM crm_leads WHERE id = ANY(?) AND (owner_id IS NULL) = (pool_id IS NULL)`, [
    ids,
  ]);
  const claims = await number(`SELECT count(*)::int AS n FROM crm_events WHERE type = 'lead.claimed' AND subject_id = ANY(?)`, [ids]);
  const lines = await number(`SELECT count(*)::int AS n FROM crm_ledger WHERE group_key LIKE 'claim:%' AND lead_id = ANY(?)`, [ids]);
  const held = await number(`SELECT count(*)::int AS n FROM crm_leads WHERE id = ANY(?) AND owner_id IS NOT NULL`, [ids]);
  const tasks = await number(
    `SELECT count(*)::int AS n FROM crm_tasks WHERE lead_id = ANY(?) AND state = 'open' AND key = 'first-contact'`,
    [ids],
  );
  const timers = await number(
    `SELECT count(*)::int AS n FROM crm_timers WHERE subject_id = ANY(?) AND state = 'armed' AND kind = 'pools.recycle'`,
    [ids],
  );
  expect({ doubled, lines, tasks, timers }).toEqual({ doubled: 0, lines: claims, tasks: held, timers: held });
}

test('killed in the middle of claims: each claim is there with its event, ledger line, task and timer, or not at all', async () => {
  const ids = await company.stock(poolId, 200);
  const answered = new Set<number>();
  for (let round = 0; round < 2; round += 1) {
    let stop = false;
    const claiming = Promise.all(
      reps.map(async (rep, index) => {
        for (let turn = round * 50 + index; !stop && turn < 200; turn += reps.length) {
          const answer = await quietly(rep.api.post(`/api/console/leads/${ids[turn]}/claim`));
          if (answer?.status === 200) answered.add(ids[turn]!);
          if (answer === null) return;
        }
      }),
    );
    const enough = answered.size + 12;
    await until('some claims are answered', async () => answered.size >= enough);
    await company.server.kill9();
    stop = true;
    await claiming;
    await settled();
    await assertWhole(ids);
    await company.server.restart();
    await company.moveClock(START);
  }
  const held = await number('SELECT count(*)::int AS n FROM crm_leads WHERE id = ANY(?) AND owner_id IS NOT NULL', [[...answered]]);
  expect(held).toBeLessThanOrEqual(answered.size);
  // What was answered is kept: nothing but a release or the clock takes a lead from its owner.
  const lost = await number(
    `SELECT count(*)::int AS n FROM unnest(?::int[]) AS a(id) WHERE NOT EXISTS (SELECT 1 FROM crm_events e WHERE e.subject_id = a.id AND e.type = 'lead.claimed')`,
    [[...answered]],
  );
  expect(lost).toBe(0);
}, 120_000);

test('killed in the middle of a burst of captures: what was answered is there; sent again with the same keys, every lead is there once', async () => {
  const people = Array.from({ length: 300 }, (_, index) => ({ key: `burst-${index}`, payload: someone({ note: `burst ${index}` }) }));
  const accepted = new Set<string>();
  const post = async (person: (typeof people)[number]): Promise<boolean> => {
    const response = await quietly(
      fetch(`${company.server.url}/api/capture/web`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': person.key },
        body: JSON.stringify(person.payload),
      }),
    );
    if (response?.status === 202) accepted.add(person.key);
    return response?.status === 202;
  };
  const burst = inLanes(people, 16, async (person) => void (await post(person)));
  await until('some are accepted', async () => accepted.size >= 40);
  await company.server.kill9();
  await burst;
  await settled();
  const burstLeads = `SELECT count(*)::int AS n FROM crm_leads WHERE note LIKE 'burst %'`;
  const stored = await number(burstLeads);
  expect(stored).toBeGreaterThanOrEqual(accepted.size);
  expect(stored).toBeLessThan(300);
  const half = async (): Promise<Record<string, number>> => ({
    leads: await number(burstLeads),
    created: await number(
      `SELECT count(*)::int AS n FROM crm_events e JOIN crm_leads l ON l.id = e.subject_id WHERE e.type = 'lead.created' AND l.note LIKE 'burst %'`,
    ),
    captures: await number(`SELECT count(*)::int AS n FROM crm_captures WHERE idempotency_key LIKE 'burst-%'`),
    engagements: await number(
      `SELECT count(*)::int AS n FROM crm_engagements e JOIN crm_leads l ON l.id = e.lead_id WHERE l.note LIKE 'burst %'`,
    ),
    keys: await number(
      `SELECT count(*)::int AS n FROM crm_lead_keys k JOIN crm_leads l ON l.id = k.lead_id WHERE l.note LIKE 'burst %' AND k.kind = 'email'`,
    ),
    orphans: await number(
      'SELECT count(*)::int AS n FROM crm_lead_keys k WHERE NOT EXISTS (SELECT 1 FROM crm_leads l WHERE l.id = k.lead_id)',
    ),
  });
  expect(await half()).toEqual({ leads: stored, created: stored, captures: stored, engagements: stored, keys: stored, orphans: 0 });
  await company.server.restart();
  await inLanes(people, 8, async (person) => expect(await post(person)).toBe(true));
  expect(await half()).toEqual({ leads: 300, created: 300, captures: 300, engagements: 300, keys: 300, orphans: 0 });
}, 120_000);

test('killed while a thousand timers are due: every lead goes back once, with one event, and no timer is left or fired twice', async () => {
  await company.moveClock(START);
  const ids = await company.stock(poolId, 1000);
  for (let from = 0; from < ids.length; from += 250)
    expectStatus(await company.admin.post('/api/console/leads/assign', { ids: ids.slice(from, from + 250), owner: reps[0]!.id }), 200);
  const state = async (): Promise<Record<string, number>> => ({
    back: await number('SELECT count(*)::int AS n FROM crm_leads WHERE id = ANY(?) AND owner_id IS NULL AND pool_id IS NOT NULL', [ids]),
    counted: await number('SELECT coalesce(sum(recycle_count), 0)::int AS n FROM crm_leads WHERE id = ANY(?)', [ids]),
    events: await number(
      `SELECT count(*)::int AS n FROM crm_events WHERE type = 'lead.recycled' AND cause_type = 'timer' AND subject_id = ANY(?)`,
      [ids],
    ),
    fired: await number(
      `SELECT count(*)::int AS n FROM crm_timers WHERE kind = 'pools.recycle' AND state = 'fired' AND subject_id = ANY(?)`,
      [ids],
    ),
  });
  expect(
    await number(`SELECT count(*)::int AS n FROM crm_timers WHERE kind = 'pools.recycle' AND state = 'armed' AND subject_id = ANY(?)`, [
      ids,
    ]),
  ).toBe(1000);
  const now = new Date(Date.parse(START) + 10 * 86_400_000).toISOString();
  const firing = quietly(company.admin.put('/api/console/clock', { now }));
  await until(
    'the timers are in hand',
    async () =>
      (await number(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND state IN ('active', 'idle in transaction') AND pid <> pg_backend_pid()`,
      )) > 0,
  );
  await new Promise((resolve) => setTimeout(resolve, 120));
  await company.server.kill9();
  await firing;
  await settled();
  const between = await state();
  expect(between).toEqual({ back: between['events'], counted: between['events'], events: between['events'], fired: between['events'] });
  await company.server.restart();
  await until('all are back', async () => (await state())['back'] === 1000, 40);
  expect(await state()).toEqual({ back: 1000, counted: 1000, events: 1000, fired: 1000 });
  expect(
    await number(`SELECT count(*)::int AS n FROM crm_timers WHERE state = 'armed' AND kind LIKE 'pools.%' AND subject_id = ANY(?)`, [ids]),
  ).toBe(0);
  expect(await number(`SELECT count(*)::int AS n FROM crm_tasks WHERE state = 'open' AND lead_id = ANY(?)`, [ids])).toBe(0);
  const warned = await number(
    `SELECT coalesce(max(c), 0)::int AS n FROM (SELECT count(*) AS c FROM crm_events WHERE type = 'lead.recycle_warned' AND subject_id = ANY(?) GROUP BY subject_id) x`,
    [ids],
  );
  expect(warned).toBeLessThanOrEqual(1);
}, 120_000);
