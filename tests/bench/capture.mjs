/** Captures over HTTP through the whole pipeline, against Strapi's own create of the bare row and against a route that does nothing. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { emptyRoute, load, login, row } from './support/load.mjs';
import { lead } from './support/leadgen.mjs';
import { addReps, connect, openPool, publishPolicy } from './support/world.mjs';
import { publishStandard } from './support/policies.mjs';

export const name = 'capture';
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(import.meta.url);

const COUNT = 3000;

/** Eight writers of Strapi's document service in a process of its own, on the same database. */
async function strapiCreates(databaseUrl, count) {
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
  const create = (i) => {
    const { name: who, email, phone, company, city, country } = lead(i + 500_000);
    return documents.create({ data: { name: who, email, phone, company, city, country, stage: 'lead', status: 'open', custom: {} } });
  };
  for (let i = 0; i < 50; i += 1) await create(i);
  let next = 50;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (next < count) {
        next += 1;
        await create(next);
      }
    }),
  );
  const rate = (count - 50) / ((performance.now() - start) / 1000);
  await strapi.destroy();
  return rate;
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
    const capture = (clients, offset) =>
      load({
        url,
        clients,
        count: COUNT,
        request: (index) => {
          const { name: who, email, phone, company, city, country, website, employees, source } = lead(index + offset);
          return {
            method: 'POST',
            path: '/api/capture/bench',
            body: { name: who, email, phone, company, city, country, website, employees, source },
          };
        },
      });
    await capture(8, 900_000);
    const eight = await capture(8, 0);
    const many = await capture(64, 100_000);
    log(`8 clients ${JSON.stringify(eight.statuses)}, 64 clients ${JSON.stringify(many.statuses)}`);
    const empty = await emptyRoute(url, jwt, 64);
    const strapi = await strapiCreates(databaseUrl, 1500);
    return [
      row(
        'capture, 8 clients, against documents().create',
        eight.rate,
        'leads/s',
        strapi,
        eight.rate / strapi,
        '≥ 2',
        eight.rate / strapi >= 2,
      ),
      row(
        'capture, 64 clients, against an empty route',
        many.rate,
        'leads/s',
        empty.rate,
        many.rate / empty.rate,
        '≥ 0.5',
        many.rate / empty.rate >= 0.5,
      ),
    ];
  } finally {
    await db.end();
  }
}
