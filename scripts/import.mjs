/** Imports a file of leads through the console API: `npm run import -- FILE [options]`. See `--help`. */
import { createWriteStream, openAsBlob } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { installIfNeeded } from './lib/install.mjs';
import { main, Refusal, say, seconds } from './lib/run.mjs';

const HELP = `npm run import -- FILE [options]

  --url URL              where Leadsea runs (http://localhost:1337)
  --identifier NAME      who imports; with --password, or LEADSEA_TOKEN holds a token
  --password PASSWORD    (or LEADSEA_PASSWORD)
  --mapping FILE         column mapping and options as YAML or JSON; otherwise Leadsea's own proposal
  --source NAME          the source the leads are recorded under
  --external-id COLUMN   the column that identifies a row: importing again updates instead of doubling
  --empty A,B            values that mean "nothing", e.g. Select,N/A
  --time-zone ZONE       zone of dates without one, e.g. America/Sao_Paulo
  --mode MODE            create, update or upsert
  --clocks WHEN          now, none or captured: when the SLA clocks of these leads start
  --create-fields        make custom fields of columns that map to nothing
  --dry-run              check every row, write nothing
  --errors FILE          write the refused rows and their reasons to this CSV file`;

const OPTIONS = {
  url: { type: 'string', default: process.env.LEADSEA_URL ?? 'http://localhost:1337' },
  identifier: { type: 'string' },
  password: { type: 'string' },
  mapping: { type: 'string' },
  source: { type: 'string' },
  'external-id': { type: 'string' },
  empty: { type: 'string' },
  'time-zone': { type: 'string' },
  mode: { type: 'string' },
  clocks: { type: 'string' },
  'create-fields': { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  errors: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
};
const CHOICES = { mode: ['create', 'update', 'upsert'], clocks: ['now', 'none', 'captured'] };
const ENDED = new Set(['done', 'completed', 'failed', 'cancelled', 'dry-run', 'checked', 'reverted']);
const COUNTS = ['created', 'updated', 'merged', 'skipped', 'failed'];

/** One call; a refusal of the server becomes one sentence. */
async function call(session, method, route, body) {
  let response;
  try {
    response = await fetch(`${session.url}${route}`, {
      method,
      headers: {
        ...(session.token ? { authorization: `Bearer ${session.token}` } : {}),
        ...(body && !(body instanceof FormData) ? { 'content-type': 'application/json' } : {}),
      },
      body: body instanceof FormData ? body : body && JSON.stringify(body),
    });
  } catch (error) {
    throw new Refusal(
      `Leadsea does not answer at ${session.url} (${error.cause?.code ?? error.message}). Start it with npm start, or pass --url.`,
    );
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => null))?.error;
  const code = problem?.details?.code ? ` [${problem.details.code}]` : '';
  throw new Refusal(`${problem?.message ?? `${method} ${route} answered ${response.status}`}${code}`);
}
const callJson = async (...args) => (await call(...args)).json();

async function login(values) {
  const session = { url: values.url.replace(/\/$/, ''), token: process.env.LEADSEA_TOKEN ?? null };
  if (session.token) return session;
  const password = values.password ?? process.env.LEADSEA_PASSWORD;
  if (!values.identifier || !password) throw new Refusal('Who imports? Pass --identifier and --password, or set LEADSEA_TOKEN.');
  const { jwt } = await callJson(session, 'POST', '/api/auth/local', { identifier: values.identifier, password });
  return { ...session, token: jwt };
}

async function readMapping(file) {
  if (!file) return {};
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new Refusal(`The mapping ${file} cannot be read: ${error.message}.`);
  });
  const { parse } = await import('yaml');
  const document = parse(text);
  return document?.mapping || document?.columns ? document : { mapping: document };
}

const optionsFrom = (values, fromFile) => ({
  ...fromFile,
  ...(values.source && { source: values.source }),
  ...(values['external-id'] && { externalId: values['external-id'] }),
  ...(values.empty && { emptyValues: values.empty.split(',') }),
  ...(values['time-zone'] && { timeZone: values['time-zone'] }),
  ...(values.mode && { mode: values.mode }),
  ...(values.clocks && { clocks: values.clocks }),
  ...(values['create-fields'] && { createFields: true }),
});

const sum = (progress) =>
  COUNTS.filter((name) => progress?.[name] !== undefined)
    .map((name) => `${progress[name]} ${name}`)
    .join(', ');

/** Polls until the import has ended, rewriting one line on a terminal. */
async function follow(session, id) {
  const live = process.stdout.isTTY;
  let last = '';
  for (;;) {
    const record = await callJson(session, 'GET', `/api/console/imports/${id}`);
    const { done = 0, total } = record.progress ?? {};
    const line = `${done}${total ? ` of ${total}` : ''} rows: ${sum(record.progress)}`;
    if (line !== last && live) process.stdout.write(`\r\x1b[K${line}`);
    last = line;
    if (ENDED.has(record.status)) {
      if (live) process.stdout.write('\r\x1b[K');
      return record;
    }
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}

async function importFile(file, values) {
  const size = await stat(file).catch(() => null);
  if (!size?.isFile()) throw new Refusal(`There is no file ${file}.`);
  const session = await login(values);
  const { mapping, columns, options: fileOptions, ...rest } = await readMapping(values.mapping);
  const options = optionsFrom(values, { ...rest, ...fileOptions });
  const form = new FormData();
  form.set('options', JSON.stringify(options));
  form.set('file', await openAsBlob(file), path.basename(file));
  const start = performance.now();
  const record = await callJson(session, 'POST', '/api/console/imports', form);
  const route = `/api/console/imports/${record.id}`;
  await callJson(session, 'PUT', route, { mapping: mapping ?? columns ?? record.mapping, options });
  await call(session, 'POST', `${route}/${values['dry-run'] ? 'dry-run' : 'start'}`, {});
  const result = await follow(session, record.id);
  say(`${values['dry-run'] ? 'Dry run' : 'Import'} ${record.id}: ${sum(result.progress) || result.status} (${seconds(start)})`);
  if (values.errors && (result.progress?.failed ?? 0) > 0) {
    const response = await call(session, 'GET', `${route}/errors`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(values.errors));
    say(`Refused rows: ${values.errors}`);
  }
  return result.status === 'failed' || result.status === 'cancelled' ? 1 : 0;
}

await main(async () => {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help || positionals.length !== 1) {
    say(HELP);
    return values.help ? 0 : 1;
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    if (values[name] && !choices.includes(values[name])) throw new Refusal(`--${name} is one of ${choices.join(', ')}.`);
  }
  await installIfNeeded();
  return importFile(positionals[0], values);
});
