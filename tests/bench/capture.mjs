/** Captures over HTTP through the whole pipeline, against Strapi's own create of the bare row and against a route that does nothing. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { emptyRoute, load, login, ping, row } from './support/load.mjs';
import { lead } from './support/leadgen.mjs';
import { addReps, connect, openPool, publishPolicy } from './support/world.mjs';
import { publishStandard } from './support/policies.mjs';

export const name = 'capture';
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(import.meta.url);

/** Pieces of each kind of work in one turn. */
const COUNT = 500;
const ROUNDS = 6;

/** Strapi's document service in this process, on the same database: eight writers, `count` rows at each call. Gives milliseconds. */
async function strapiWriters(databaseUrl) {
  Object.assign(process.env, {
    DATABASE_URL: databaseUrl,
    LEADSEA_GUARD: '0',
    LEADSEA_ROLE: 'web',
    APP_KEYS: 'a,b',
    JWT_SECRET: 'bench',
    ADMIN_JWT_SECRET: 'bench',
    API_TOKEN_SALT: 'bench',
    TRANSFER_TOKEN_SALT: 'bench',
    ENCRYPTION_KEY: 'bench-bench-bench-bench-bench-ben',
  });
  const { createStrapi } = require('@strapi/strapi');
  const strapi = createStrapi({ appDir: root, distDir: path.join(root, 'dist'), autoReload: false, serveAdminPanel: false });
  await strapi.load();
  const documents = strapi.documents('plugin::leads.lead');
  let next = 500_000;
  const create = () => {
    next += 1;
    const { name: who, email, phone, company, city, country } = lead(next);
    return documents.create({ data: { name: who, email, phone, company, city, country, stage: 'lead', status: 'open', custom: {} } });
  };
  return {
    write: async (count) => {
      let left = count;
      const start = performance.now();
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          while (left > 0) {
            left -= 1;
            await create();
          }
        }),
      );
      return performance.now() - start;
    },
    close: () => strapi.destroy(),
  };
}

/**
 * Two kinds of work in turns, so that both meet the same machine; the ratio is that of their rates over all turns.
 * @param work functions that do `count` pieces and give milliseconds
 */
async function inTurns(rounds, [one, other]) {
  const spent = [0, 0];
  for (let round = 0; round < rounds; round += 1) {
    spent[0] += await one.run(round);
    spent[1] += await other.run(round);
  }
  const rates = [one, other].map(({ count }, index) => (count * rounds) / (spent[index] / 1000));
  return { rates, ratio: rates[0] / rates[1] };
}

export async function run({ url, databaseUrl, accounts, log }) {
  const jwt = await login(url, accounts[0]);
  const db = await connect(databaseUrl);
  try {
    const reps = await addReps(db, 20);
    await publishPolicy(url, jwt, 'pools', 'open', 'Open', openPool);
    await publishStandard(url, jwt, reps);
    await db.query(
      `INSERT INTO crm_sources (document_id, key, name, adapter, active) VALUES ('bench-source', 'bench', 'Bench', 'json', true)`,
    );
    let statuses = {};
    let from = 0;
    const capture = async (clients, count) => {
      const offset = from;
      from += count;
      const { seconds, statuses: got } = await load({
        url,
        clients,
        count,
        request: (index) => {
          const { name: who, email, phone, company, city, country, website, employees, source } = lead(index + offset);
          return {
            method: 'POST',
            path: '/api/capture/bench',
            body: { name: who, email, phone, company, city, country, website, employees, source },
          };
        },
      });
      for (const [status, n] of Object.entries(got)) statuses[status] = (statuses[status] ?? 0) + n;
      return seconds * 1000;
    };
    const strapi = await strapiWriters(databaseUrl);
    await capture(8, 3000);
    await strapi.write(100);
    statuses = {};
    const eight = await inTurns(ROUNDS, [
      { count: COUNT, run: () => capture(8, COUNT) },
      { count: COUNT, run: () => strapi.write(COUNT) },
    ]);
    log(`8 clients, in ${ROUNDS} turns with documents().create: ${JSON.stringify(statuses)}`);
    await strapi.close();
    await capture(64, 2 * COUNT);
    await emptyRoute(url, jwt, 64, COUNT);
    statuses = {};
    const many = await inTurns(ROUNDS, [
      { count: COUNT, run: () => capture(64, COUNT) },
      { count: COUNT, run: async () => (await ping(url, jwt, 64, COUNT)).seconds * 1000 },
    ]);
    log(`64 clients, in ${ROUNDS} turns with an empty route: ${JSON.stringify(statuses)}`);
    const line = (work, { rates, ratio }, least) => row(work, rates[0], 'leads/s', rates[1], ratio, `≥ ${least}`, ratio >= least);
    return [
      line('capture, 8 clients, against documents().create', eight, 2),
      line('capture, 64 clients, against an empty route', many, 0.5),
    ];
  } finally {
    await db.end();
  }
}
