/** The whole configuration as text: `npm run config -- export|plan|apply`. See `--help`. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { main, Refusal, say } from './lib/run.mjs';

const HELP = `npm run config -- COMMAND [FILE] [options]

  export [FILE]          write the configuration as YAML to FILE (or to the terminal)
  plan FILE              show what would change here; changes nothing
  apply FILE             change it; only what the plan shows
  schema [FILE]          write the JSON Schema of such a text, for editors that complete and check it
  lint                   what is wrong or doubtful in everything configured there

  --url URL              where Leadsea runs (http://localhost:1337)
  --identifier NAME      who configures; with --password, or LEADSEA_TOKEN holds a token
  --password PASSWORD    (or LEADSEA_PASSWORD)
  --sections A,B         export only these sections
  --json                 export JSON instead of YAML; print plans and findings as JSON
  --prune                also take out of use what FILE's sections do not have
  --check                plan: end with 2 when something would change; lint: when there are errors (for CI)`;

const OPTIONS = {
  url: { type: 'string', default: process.env.LEADSEA_URL ?? 'http://localhost:1337' },
  identifier: { type: 'string' },
  password: { type: 'string' },
  sections: { type: 'string' },
  json: { type: 'boolean' },
  prune: { type: 'boolean' },
  check: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};
const CHANGES_PENDING = 2;

async function call(session, method, route, body) {
  let response;
  try {
    response = await fetch(`${session.url}${route}`, {
      method,
      headers: {
        ...(session.token ? { authorization: `Bearer ${session.token}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      body: body && JSON.stringify(body),
    });
  } catch (error) {
    throw new Refusal(`Leadsea does not answer at ${session.url} (${error.cause?.code ?? error.message}).`);
  }
  const text = await response.text();
  if (response.ok) return text;
  const problem = JSON.parse(text || '{}')?.error;
  const problems = (problem?.details?.problems ?? []).map(
    ({ section, key, message }) => `\n  ${section}${key ? ` ${key}` : ''}: ${message}`,
  );
  throw new Refusal(`${problem?.message ?? `${method} ${route} answered ${response.status}`}${problems.join('')}`);
}

async function login(values) {
  const session = { url: values.url.replace(/\/$/, ''), token: process.env.LEADSEA_TOKEN ?? null };
  if (session.token) return session;
  const password = values.password ?? process.env.LEADSEA_PASSWORD;
  if (!values.identifier || !password) throw new Refusal('Who configures? Pass --identifier and --password, or set LEADSEA_TOKEN.');
  const { jwt } = JSON.parse(await call(session, 'POST', '/api/auth/local', { identifier: values.identifier, password }));
  return { ...session, token: jwt };
}

const short = (value) => {
  const text = JSON.stringify(value);
  return text === undefined ? 'nothing' : text.length > 80 ? `${text.slice(0, 77)}…` : text;
};

function showPlan(plan) {
  const marks = { create: '+', update: '~', remove: '-' };
  for (const { section, key, action, differences } of plan.changes) {
    say(`${marks[action]} ${section} ${key}`);
    if (action === 'update') for (const { path, before, after } of differences) say(`    ${path}: ${short(before)} → ${short(after)}`);
  }
  for (const { section, key, message } of plan.problems) say(`! ${section}${key ? ` ${key}` : ''}: ${message}`);
  if (plan.extra.length > 0) say(`  here only: ${plan.extra.map(({ section, key }) => `${section} ${key}`).join(', ')}`);
  say(plan.changes.length === 0 ? 'Nothing to change.' : `${plan.changes.length} to change.`);
}

const readBundle = (file) => {
  if (!file) throw new Refusal('Which file? See --help.');
  return readFile(file, 'utf8').catch((error) => {
    throw new Refusal(`${file} cannot be read: ${error.message}.`);
  });
};

async function exportTo(session, file, { sections, json }) {
  const query = new URLSearchParams({ format: json ? 'json' : 'yaml', ...(sections ? { sections } : {}) });
  const answer = await call(session, 'GET', `/api/console/config?${query}`);
  const text = json ? `${JSON.stringify(JSON.parse(answer), null, 2)}\n` : answer;
  if (file) await writeFile(file, text);
  else process.stdout.write(text);
}

async function schemaTo(session, file) {
  const text = `${JSON.stringify(JSON.parse(await call(session, 'GET', '/api/console/config/schema')), null, 2)}\n`;
  if (file) await writeFile(file, text);
  else process.stdout.write(text);
}

async function lint(session, { json, check }) {
  const answer = JSON.parse(await call(session, 'GET', '/api/console/lint'));
  if (json) process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  else {
    for (const { level, resource, key, version, path, message, code } of answer.findings)
      say(
        `${level === 'error' ? '!' : '-'} ${resource} ${key}${version === 'draft' ? ' (draft)' : ''}${path ? ` ${path}` : ''}: ${message} [${code}]`,
      );
    say(`${answer.errors} errors, ${answer.warnings} warnings.`);
  }
  if (check && answer.errors > 0) process.exitCode = CHANGES_PENDING;
}

await main(async () => {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [command, file] = positionals;
  if (values.help || !command) return void say(HELP);
  if (!['export', 'plan', 'apply', 'lint', 'schema'].includes(command)) throw new Refusal(`There is no "${command}". See --help.`);
  const session = await login(values);
  if (command === 'lint') return lint(session, values);
  if (command === 'schema') return schemaTo(session, file);
  if (command === 'export') return exportTo(session, file, values);
  const body = { bundle: await readBundle(file), prune: values.prune ?? false };
  const plan = JSON.parse(await call(session, 'POST', '/api/console/config/plan', body));
  if (command === 'plan') {
    if (values.json) process.stdout.write(`${JSON.stringify(plan, null, 2)}\n`);
    else showPlan(plan);
    if (values.check && (plan.changes.length > 0 || plan.problems.length > 0)) process.exitCode = CHANGES_PENDING;
    return undefined;
  }
  showPlan(plan);
  const { applied, asked, failed } = JSON.parse(await call(session, 'POST', '/api/console/config/apply', { ...body, base: plan.base }));
  if (failed)
    throw new Refusal(`${applied.length} done, then ${failed.section} ${failed.key} was refused: ${failed.message} [${failed.code}]`);
  return void say(`${applied.length} done.${asked.length > 0 ? ` ${asked.length} asked for, waiting for a second person.` : ''}`);
});
