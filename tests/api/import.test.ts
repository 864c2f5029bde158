import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { addPerson } from '../support/fixtures';
import { api, startServer, type Api, type TestServer } from '../support/server';
import { importFile, perform, settled, sharedFile, upload, uploadBytes, withSharedData } from '../support/import-file';

jest.setTimeout(600_000);

let server: TestServer;
let admin: Api;
let folder: string;

const count = async (sql: string, bindings: readonly unknown[] = []): Promise<number> => {
  const { rows } = await server.database.knex.raw<{ rows: { n: number }[] }>(`SELECT count(*)::int AS n FROM ${sql}`, [
    ...bindings,
  ] as string[]);
  return rows[0]?.n ?? -1;
};
const first = async <Row>(sql: string, bindings: readonly unknown[] = []): Promise<Row> => {
  const { rows } = await server.database.knex.raw<{ rows: Row[] }>(sql, [...bindings] as string[]);
  return rows[0] as Row;
};
const file = (name: string, text: string): string => {
  const full = path.join(folder, name);
  writeFileSync(full, text);
  return full;
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'leadsea-import-'));
  server = await startServer();
  const [account] = server.accounts;
  admin = await api(server.url).login(account!.identifier, account!.password);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server?.close();
});

withSharedData('a file of real leads', () => {
  const options = { createFields: true, emptyValues: ['Select'] };

  test('comes in whole: every row a lead, "Select" read as nothing, custom fields made of the columns', async () => {
    const draft = await upload(admin, sharedFile('xeducation/leads_older_70.csv'), options);
    expect(draft).toMatchObject({ status: 'draft', warning: null });
    expect(draft.headers).toHaveLength(37);
    expect(draft.samples).toHaveLength(20);
    expect(draft.mapping.find((column) => column.column === 'Prospect ID')?.target).toBe('externalId');

    const checked = await perform(admin, draft.id, 'dry-run');
    expect(checked.dryRun).toMatchObject({ rows: 6468, create: 6468, update: 0, duplicate: 0, errors: 0 });
    expect(await count('crm_leads')).toBe(0);
    expect(await count(`crm_fields WHERE entity = 'lead'`)).toBe(0);

    const done = await perform(admin, draft.id, 'start');
    expect(done.progress).toMatchObject({ done: 6468, total: 6468, created: 6468, failed: 0 });
    expect(await count('crm_leads')).toBe(6468);
    expect(await count(`crm_leads WHERE custom::text LIKE '%"select"%' OR city = 'Select'`)).toBe(0);
    expect(await count(`crm_leads WHERE (custom->>'converted')::boolean`)).toBe(2454);
    expect(await count(`crm_events WHERE type = 'lead.created'`)).toBe(6468);
    expect(await count(`crm_fields WHERE entity = 'lead' AND key = 'specialization' AND type = 'select'`)).toBe(1);
  });

  test('makes no duplicate when the same file comes again, and says that it came before', async () => {
    const before = await first<{ leads: number; events: number }>(
      `SELECT (SELECT count(*) FROM crm_leads)::int AS leads, (SELECT count(*) FROM crm_events WHERE subject = 'lead')::int AS events`,
    );
    const again = await upload(admin, sharedFile('xeducation/leads_older_70.csv'));
    expect(again.warning).toMatchObject({ code: 'FILE_IMPORTED_BEFORE' });
    expect(again.mapping.find((column) => column.column === 'Specialization')?.target ?? null).toBe(null);
    expect(again.options).toMatchObject(options);
    const done = await perform(admin, again.id, 'start');
    expect(done.progress).toMatchObject({ created: 0, skipped: 6468, failed: 0 });
    expect(
      await first(
        `SELECT (SELECT count(*) FROM crm_leads)::int AS leads, (SELECT count(*) FROM crm_events WHERE subject = 'lead')::int AS events`,
      ),
    ).toEqual(before);
  });

  test('keeps dates in the zone of the file, and a second file of the source updates what the first brought', async () => {
    const source = { createFields: true, timeZone: 'America/Sao_Paulo', externalSource: 'olist', source: 'Olist' };
    const leads = await importFile(admin, sharedFile('olist/olist_marketing_qualified_leads_dataset.csv'), source, (columns) =>
      columns.map((column) => (column.column === 'first_contact_date' ? { ...column, target: 'capturedAt' } : column)),
    );
    expect(leads.progress).toMatchObject({ created: 8000, failed: 0 });
    const one = await first<{ captured_at: Date }>(
      `SELECT captured_at FROM crm_leads WHERE external_id = 'olist:dac32acd4db4c29c230538b72f8dd87d'`,
    );
    expect(one.captured_at.toISOString()).toBe('2018-02-01T02:00:00.000Z');

    const deals = await importFile(
      admin,
      sharedFile('olist/olist_closed_deals_dataset.csv'),
      { ...source, mode: 'update', defaults: { stage: 'won' } },
      (columns) => columns.map((column) => (column.column === 'won_date' ? { ...column, target: 'stageEnteredAt', create: null } : column)),
    );
    expect(deals.progress).toMatchObject({ created: 0, updated: 842, failed: 0, skipped: 0 });
    expect(await count(`crm_leads WHERE external_id LIKE 'olist:%'`)).toBe(8000);
    expect(await count(`crm_leads WHERE external_id LIKE 'olist:%' AND stage = 'won'`)).toBe(842);
    const won = await first<{ stage_entered_at: Date }>(
      `SELECT stage_entered_at FROM crm_leads WHERE external_id = 'olist:5420aad7fec3549a85876ba1c529bd84'`,
    );
    expect(won.stage_entered_at.toISOString()).toBe('2018-02-26T22:58:54.000Z');
  });

  test('is read by its own delimiter', async () => {
    const sellers = await upload(admin, sharedFile('olist/sellers.csv'), { externalId: 'seller_id', externalSource: 'olist-sellers' });
    expect(sellers.sniffed.delimiter).toBe(';');
    expect((await perform(admin, sellers.id, 'start')).progress).toMatchObject({ created: 3095, failed: 0 });
    expect(await count(`crm_leads WHERE external_id LIKE 'olist-sellers:%' AND city IS NOT NULL`)).toBe(3095);
  });

  test('gives its refused rows back as a file, which comes in when it is mended', async () => {
    const people = await importFile(admin, sharedFile('dedupe/fake_1000.csv'), { createFields: true });
    const { failed = 0, created = 0, merged = 0, skipped = 0 } = people.progress;
    expect(failed).toBeGreaterThan(0);
    expect(failed + created + merged + skipped).toBe(1000);
    const { body, headers } = await admin.get<string>(`/api/console/imports/${people.id}/errors`);
    expect(headers.get('content-disposition')).toContain('fake_1000-errors.csv');
    const lines = body
      .replace(/^\uFEFF/, '')
      .trim()
      .split('\r\n');
    expect(lines).toHaveLength(failed + 1);
    expect(lines[0]).toBe('unique_id,first_name,surname,dob,city,email,cluster,error code,error message');
    expect(lines[1]).toContain('EMAIL_INVALID');

    const mended = lines.map((line, index) =>
      index === 0 ? line : line.replace(/[^,]*@[^,]*(?=,\d+,EMAIL_INVALID)|[^,]*(?=,\d+,EMAIL_INVALID)/, `mended${index}@example.com`),
    );
    const resent = await importFile(admin, file('mended.csv', mended.join('\n')));
    expect(resent.mapping.filter((column) => column.column.startsWith('error ')).map((column) => column.target)).toEqual([null, null]);
    expect(resent.progress).toMatchObject({ failed: 0, created: failed });
  });
});

describe('an import', () => {
  test('is refused with a reason when the file is none, too odd, or names no lead', async () => {
    const refused = async (name: string, bytes: Uint8Array | string): Promise<string | undefined> =>
      (await uploadBytes(admin, name, bytes)).body.error?.details.code;
    expect(await refused('picture.png', Buffer.from('89504e470d0a1a0a30303030', 'hex'))).toBe('FILE_UNSUPPORTED');
    expect(await refused('empty.csv', '')).toBe('FILE_EMPTY');
    expect(await refused('header.csv', 'name,email\n')).toBe('FILE_EMPTY');
    expect(await refused('wide.csv', `${Array.from({ length: 501 }, (_, index) => `c${index}`).join(',')}\n${'1,'.repeat(500)}1\n`)).toBe(
      'FILE_TOO_MANY_COLUMNS',
    );
  });

  test('refuses a mapping that cannot work, naming each column', async () => {
    const draft = await upload(admin, file('two.csv', 'name,mail\nAda Lovelace,ada@example.com\n'));
    const { status, body } = await admin.put<{ error: { details: { code: string; problems: { column: string }[] } } }>(
      `/api/console/imports/${draft.id}`,
      { mapping: { name: 'nonsense', mail: 'email', third: 'city' } },
    );
    expect(status).toBe(400);
    expect(body.error.details.code).toBe('MAPPING_INVALID');
    expect(body.error.details.problems.map((problem) => problem.column)).toEqual(['name', 'third']);
  });

  test('a column goes into no field that the role does not write, one of the company’s own neither', async () => {
    const field = { entity: 'lead', section: 'custom', position: 1, type: 'text' };
    for (const key of ['open_note', 'board_note']) {
      const label = { zh: key, en: key };
      expect((await admin.post('/api/console/fields', { ...field, key, label })).status).toBe(200);
    }
    const role = {
      key: 'lead-importer',
      label: { zh: '导入', en: 'Importer' },
      resources: { imports: { read: ['own'], create: ['own'], update: ['own'] }, leads: { read: ['all'], import: ['all'] } },
      fields: { imports: { '*': 'write' }, leads: { name: 'write', email: 'write', city: 'read', 'custom.open_note': 'write' } },
    };
    expect((await admin.post('/api/console/roles', role)).status).toBe(200);
    const { token } = await addPerson(server.database.knex, 'importer', { roles: JSON.stringify(['lead-importer']) });
    const importer = api(server.url, token);
    const draft = await upload(importer, file('own.csv', 'Name,Email,City,open_note,board_note\nA,a@own.example,Bonn,x,y\n'));
    expect(draft.mapping.map(({ target }) => target)).toEqual(['name', 'email', null, 'custom.open_note', null]);
    for (const target of ['custom.board_note', 'city']) {
      const mapping = draft.mapping.map((one) => (one.column === 'board_note' ? { ...one, target } : one));
      expect((await importer.put(`/api/console/imports/${draft.id}`, { mapping })).status).toBe(400);
    }
    expect((await perform(importer, draft.id, 'start')).progress).toMatchObject({ created: 1, failed: 0 });
    expect(await first(`SELECT city, custom FROM crm_leads WHERE email = 'a@own.example'`)).toEqual({
      city: null,
      custom: { open_note: 'x' },
    });
  });

  test('a field made of a column knows every value of the column, also those that come late; another field refuses what is no option', async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => `Late ${index},late${index}@example.net,${['Gold', 'Silver'][index % 2]}`);
    const text = `Name,Email,Tier\n${rows.join('\n')}\nLast One,last@example.net,Bronze\n`;
    const draft = await upload(admin, file('late.csv', text), { destination: 'route' });
    const mapping = draft.mapping.map((column) =>
      column.column === 'Tier' && column.create ? { ...column, target: `custom.${column.create.key}` } : column,
    );
    expect((await admin.put(`/api/console/imports/${draft.id}`, { mapping })).status).toBe(200);
    expect((await perform(admin, draft.id, 'dry-run')).dryRun).toMatchObject({ create: 2501, errors: 0, newFields: ['tier'] });
    expect((await perform(admin, draft.id, 'start')).progress).toMatchObject({ created: 2501, failed: 0 });
    expect(await count(`crm_leads WHERE email = 'last@example.net' AND custom->>'tier' = 'bronze'`)).toBe(1);

    const later = await importFile(admin, file('later.csv', 'Name,Email,Tier\nOne More,more@example.net,Platinum\n'));
    expect(later.progress).toMatchObject({ created: 0, failed: 1 });
  });

  test('people who come again in every thousand rows are one lead each, filled in the order of the file', async () => {
    const people = Array.from({ length: 1000 }, (_, index) => `Again ${index},again${index}@example.net`);
    const part = (city: string, title: string): string[] => people.map((person) => `${person},${city},${title}`);
    const rows = [...part('', ''), ...part('Berlin', ''), ...part('Paris', 'Buyer'), ...part('Rome', 'Clerk')];
    const done = await importFile(admin, file('again-and-again.csv', `Name,Email,City,Title\n${rows.join('\n')}\n`));
    expect(done.progress).toMatchObject({ done: 4000, created: 1000, merged: 2000, skipped: 1000, failed: 0 });
    expect(await count(`crm_leads WHERE email LIKE 'again%@example.net'`)).toBe(1000);
    expect(await count(`crm_leads WHERE email LIKE 'again%@example.net' AND city = 'Berlin' AND title = 'Buyer'`)).toBe(1000);
    expect(await count(`crm_lead_keys WHERE value LIKE 'again%@example.net'`)).toBe(1000);
  });

  test('takes what it made back, keeps what was touched, and restores what it changed', async () => {
    const mine = await importFile(admin, file('first.csv', 'Name,Email,City\nGrace Hopper,grace@example.org,\n'));
    expect(mine.progress).toMatchObject({ created: 1 });
    const rows = Array.from({ length: 20 }, (_, index) => `Person ${index},person${index}@example.org,Berlin`);
    const second = await importFile(
      admin,
      file('second.csv', `Name,Email,City\n${rows.join('\n')}\nGrace Hopper,grace@example.org,Arlington\n`),
    );
    expect(second.progress).toMatchObject({ created: 20, merged: 1 });
    expect(await first(`SELECT city FROM crm_leads WHERE email = 'grace@example.org'`)).toEqual({ city: 'Arlington' });
    const touched = await first<{ id: number }>(`SELECT id FROM crm_leads WHERE email = 'person3@example.org'`);
    expect((await admin.post(`/api/console/leads/${touched.id}/activities`, { kind: 'call', note: 'Reached' })).status).toBe(200);
    const story = await count(`crm_events WHERE subject = 'lead'`);

    const reverted = await perform(admin, second.id, 'revert');
    expect(reverted).toMatchObject({
      status: 'reverted',
      revert: { removed: 19, restored: 1, conflictCount: 1, conflicts: [{ lead: touched.id, code: 'TOUCHED_SINCE' }] },
    });
    expect(await count(`crm_leads WHERE email LIKE 'person%@example.org'`)).toBe(1);
    expect(await count(`crm_lead_keys WHERE value LIKE 'person%@example.org'`)).toBe(1);
    expect(await first(`SELECT city FROM crm_leads WHERE email = 'grace@example.org'`)).toEqual({ city: null });
    expect(await count(`crm_events WHERE subject = 'lead'`)).toBeGreaterThanOrEqual(story);
    expect(await count(`crm_events WHERE type = 'import.reverted'`)).toBe(1);
  });

  test('a formula in a refused cell is harmless in the file of errors and whole when it comes back', async () => {
    const bad = await importFile(admin, file('formula.csv', 'Name,Email,Note\nEve,not an address,=1+cmd|calc\nBob,bob@example.net,fine\n'));
    expect(bad.progress).toMatchObject({ created: 1, failed: 1 });
    const { body } = await admin.get<string>(`/api/console/imports/${bad.id}/errors`);
    expect(body).toContain(`,'=1+cmd|calc,`);
    await importFile(admin, file('again.csv', body.replace('not an address', 'eve@example.net')));
    expect(await first(`SELECT note FROM crm_leads WHERE email = 'eve@example.net'`)).toEqual({ note: '=1+cmd|calc' });
  });

  test('goes on at the next row after kill -9: every row once, nothing twice', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `Crash ${index},crash${index}@example.net,Acme ${index % 500}`);
    const draft = await upload(admin, file('crash.csv', `Name,Email,Company\n${rows.join('\n')}\n`));
    expect((await admin.post(`/api/console/imports/${draft.id}/start`)).status).toBe(200);
    for (;;) {
      const { done } = await first<{ done: number }>('SELECT done FROM crm_imports WHERE id = ?', [draft.id]);
      if (done >= 2000) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await server.kill9();
    const half = await first<{ done: number; rows: number; leads: number }>(
      `SELECT done, (SELECT count(*)::int FROM crm_import_rows WHERE import_id = i.id) AS rows, (SELECT count(*)::int FROM crm_leads WHERE import_id = i.id) AS leads FROM crm_imports i WHERE id = ?`,
      [draft.id],
    );
    expect(half.done).toBeLessThan(20_000);
    expect(half).toMatchObject({ rows: half.done, leads: half.done });
    // The dead process's lease ends; the next one finds the job.
    await server.database.knex.raw(
      `UPDATE crm_jobs SET locked_until = now() - interval '1 second' WHERE kind = 'leads.import' AND state = 'running'`,
    );
    await server.restart();
    const done = await settled(admin, draft.id);
    expect(done).toMatchObject({ status: 'done', progress: { done: 20_000, created: 20_000, failed: 0 } });
    expect(await count('crm_leads WHERE import_id = ?', [draft.id])).toBe(20_000);
    expect(
      await count(
        `(SELECT subject_id FROM crm_events WHERE type = 'lead.created' AND cause_type = 'import' AND cause_id = ? GROUP BY 1 HAVING count(*) = 1) e`,
        [String(draft.id)],
      ),
    ).toBe(20_000);
    expect(await count('(SELECT DISTINCT lead_id FROM crm_import_rows WHERE import_id = ?) r', [draft.id])).toBe(20_000);
  });
});
