import fc from 'fast-check';
import type { Actor } from '@leadsea/crm-core';
import { openReading } from '../../plugins/leads/server/src/services/imports/context';
import type { Batch, Planned } from '../../plugins/leads/server/src/services/imports/entity';
import { importableOf } from '../../plugins/leads/server/src/services/imports/kinds';
import { getImport } from '../../plugins/leads/server/src/services/imports/store';
import type { RowRecord } from '../../plugins/leads/server/src/services/imports/store';
import { convertAll } from '../../plugins/leads/server/src/services/imports/step';
import { expectStatus, someone, startCompany, type Company } from '../support/fixtures';
import { uploadBytes } from '../support/import-file';
import { openInProcess, type InProcess } from '../support/in-process';

jest.setTimeout(300_000);

let company: Company;
let product: InProcess;
let actor: Actor;
class Undo extends Error {}

beforeAll(async () => {
  company = await startCompany();
  product = await openInProcess(company.server.database);
  const boss = await company.person('boss', { roles: ['crm-admin'] });
  await product.core.refreshRoles();
  actor = { ...(await product.core.kit.actors.member(boss.id)), kind: 'import' };
});
afterAll(async () => {
  await product?.close();
  await company?.server.close();
});

interface Work {
  readonly batch: Batch;
  readonly planned: readonly Planned[];
  readonly refused: readonly RowRecord[];
}

/** A file as the import reads it, ready to be checked and written in this process. */
async function workOf(kind: string, rows: readonly string[], options: object = { mode: 'upsert' }): Promise<Work> {
  const { kit } = product.core;
  const { id } = expectStatus(await uploadBytes(company.admin, 'law.csv', rows.join('\n'), options, kind), 200);
  const record = await getImport(kit.db, id);
  const reading = await openReading(kit, record);
  const all = [];
  for await (const chunk of reading.chunks(1)) all.push(...chunk);
  const { rows: refused, changes } = convertAll(all, reading);
  const batch: Batch = { kit, leads: product.leads, record, actor, fields: reading.fields, clocks: 'none', guarded: false };
  return { batch, planned: changes, refused };
}
const write = ({ batch, planned }: Work): Promise<RowRecord[]> =>
  batch.kit.db.transaction((trx) => importableOf(batch.record.kind).write(batch, trx, planned, async () => undefined));

async function statements(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const note = ({ sql }: { sql: string }): void => void sent.push(sql);
  const { db } = product.core.kit;
  db.on('query', note);
  try {
    await work();
  } finally {
    db.off('query', note);
  }
  return sent;
}

const FILES = {
  accounts: (ids: readonly number[], mark: string) => ['Company,City', ...ids.map((id) => `${mark} ${id} Law Ltd,Bonn`)],
  opportunities: (ids: readonly number[], mark: string) => [
    'Lead id,Deal name,Amount,Deal stage',
    ...ids.map((id, n) => `${id},${mark},${n},${n % 3 === 0 ? 'Won' : 'Open'}`),
  ],
  activities: (ids: readonly number[], mark: string) => [
    'Lead id,Type,When,Note',
    ...ids.map((id) => `${id},Call,2025-03-01 10:00,${mark}`),
  ],
} as const;

async function leads(count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let taken = 0; taken < count; taken += 400)
    ids.push(...(await company.capture(Array.from({ length: Math.min(400, count - taken) }, () => someone()))));
  return ids;
}

describe.each(Object.entries(FILES))('a step of %s', (kind, fileOf) => {
  test('sends as many statements for 600 rows as for 12, new or known', async () => {
    const few = await leads(12);
    const many = await leads(600);
    const sentFor = async (ids: readonly number[], mark: string): Promise<number[]> => {
      const counts: number[] = [];
      for (const _time of ['new', 'known']) {
        const work = await workOf(kind, fileOf(ids, mark));
        const sent = await statements(async () => {
          const records = await write(work);
          expect(records).toHaveLength(ids.length);
          expect(records.filter(({ status }) => status === 'failed')).toEqual([]);
        });
        counts.push(sent.length);
      }
      return counts;
    };
    await sentFor(await leads(12), 'Warm');
    const small = await sentFor(few, 'Few');
    expect(await sentFor(many, 'Many')).toEqual(small);
    expect(Math.max(...small)).toBeLessThan(60);
  });
});

describe('a check', () => {
  test('says of every row what the import does with it, whatever the rows are', async () => {
    const [one, two] = await leads(2);
    const who = fc.constantFrom(String(one), String(two), '', '99999999', 'x');
    const deal = fc.tuple(
      who,
      fc.constantFrom('A', 'B', 'a ', ''),
      fc.constantFrom('Open', 'Won', 'Lost', 'Odd', ''),
      fc.constantFrom('1', '-1', '2,5', '', 'many'),
    );
    const call = fc.tuple(
      who,
      fc.constantFrom('Call', 'Visit', 'Odd', ''),
      fc.constantFrom('2025-01-01', '2040-01-01', '', 'then'),
      fc.constantFrom('a', 'b', ''),
    );
    const account = fc.tuple(
      fc.constantFrom('Lawful GmbH', 'Lawful', 'Other Law Inc', ''),
      fc.constantFrom('lawful-one.com', 'https://www.lawful-one.com/x', 'other-law.com', '', 'none at all'),
      fc.constantFrom('1', 'x', ''),
      fc.constantFrom('boss', 'stranger', ''),
    );
    const cases = [
      ['opportunities', 'Lead id,Deal name,Deal stage,Amount', deal, ['lead', 'name', 'state', 'amount']],
      ['activities', 'Lead id,Type,When,Note', call, ['lead', 'kind', 'occurredAt', 'note']],
      ['accounts', 'Company,Website,Employees,Owner', account, ['name', 'website', 'employees', 'owner']],
    ] as const;
    for (const [kind, header, row, targets] of cases) {
      await fc.assert(
        fc.asyncProperty(
          fc.array(row, { minLength: 1, maxLength: 12 }),
          fc.constantFrom('upsert', 'create', 'update'),
          fc.constantFrom(undefined, 'overwrite', 'merge'),
          async (cells, mode, onDuplicate) => {
            const options = { mode, ...(onDuplicate ? { onDuplicate } : {}) };
            const draft = await workOf(kind, [header, ...cells.map((line) => line.map((cell) => `"${cell}"`).join(','))], options);
            const mapping = header.split(',').map((column, index) => ({ column, target: targets[index]! }));
            const record = { ...draft.batch.record, mapping };
            const reading = await openReading(product.core.kit, record);
            const all = [];
            for await (const chunk of reading.chunks(1)) all.push(...chunk);
            const { changes } = convertAll(all, reading);
            const batch = { ...draft.batch, record };
            const importable = importableOf(record.kind);
            const checked = await importable.check(batch, changes, new Set());
            const told = checked.map((found) => (found.ok ? found.verdict : found.code));
            let written: RowRecord[] = [];
            await product.core.kit.db
              .transaction(async (trx) => {
                written = await importable.write(batch, trx, changes, async () => undefined);
                throw new Undo();
              })
              .catch((error: unknown) => {
                if (!(error instanceof Undo)) throw error;
              });
            const byRow = new Map(written.map((one) => [one.row, one]));
            const VERDICT: Record<string, string> = { created: 'create', updated: 'update', skipped: 'skip' };
            const done = changes.map(({ row: { row: at } }) => {
              const one = byRow.get(at)!;
              return one.status === 'failed' ? one.code : VERDICT[one.status];
            });
            expect(told).toEqual(done);
          },
        ),
        { numRuns: 25 },
      );
    }
  });
});

describe('the lead of a row', () => {
  test('that was merged stands for the one it became part of', async () => {
    const [winner, loser] = await leads(2);
    expectStatus(await company.admin.post(`/api/console/leads/${winner}/merge`, { others: [loser], ids: [loser] }), 200);
    const [record] = await write(await workOf('activities', ['Lead id,Type,When,Note', `${loser},Call,2025-04-01 10:00,merged`]));
    expect(record).toMatchObject({ status: 'created', leadId: winner });
  });
});
