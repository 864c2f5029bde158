import { expectStatus, poolBody, startCompany, type Company, type ErrorBody, type Person } from '../support/fixtures';
import { perform, uploadBytes, type ImportView } from '../support/import-file';
import { at, codeOf } from './pools-support';

interface Copy {
  readonly id: number;
  readonly state: string;
  readonly pool: number;
  readonly member: number;
  readonly grounds: readonly string[];
  readonly counted: boolean;
  readonly lead: { readonly id: number; readonly name: string | null; readonly createdAt: string };
  readonly original: { readonly id: number };
}
interface Brought {
  readonly view: ImportView;
  /** Ids of the leads the file made, by name. */
  readonly leads: ReadonlyMap<string, number>;
}

let company: Company;
let boss: Person;
let pool: number;
let made = 0;

/** Somebody of the sales team who may bring files. */
const typist = (): Promise<Person> => company.person(`bringer-${(made += 1)}`, { roles: ['sales', 'marketing'], team: company.teams.east });
const firmOf = (): string => `远帆仪表${(made += 1)}有限公司`;

/** Leads lying in the pool at a firm of their own. */
async function stocked(names: readonly string[]): Promise<{ firm: string; originals: ReadonlyMap<string, number> }> {
  const firm = firmOf();
  const ids = await company.stock(pool, names.length, (index) => ({ name: names[index], company: firm }));
  return { firm, originals: new Map(names.map((name, index) => [name, ids[index]!])) };
}

/** Brings a file of names at one firm, with contact data of their own, through the importer. */
async function bring(who: Person, firm: string, names: readonly string[], options: object): Promise<Brought> {
  made += 1;
  const rows = names.map((name, index) => `${name},${firm},new${made}-${index}@else.example`);
  const { status, body } = await uploadBytes(who.api, `mine-${made}.csv`, ['姓名,公司,邮箱', ...rows].join('\n'), options);
  if (status !== 200) throw new Error(JSON.stringify(body));
  const view = await perform(who.api, body.id, 'start');
  const found = await company.db<{ id: number; name: string }>('crm_leads').where({ import_id: view.id } as never);
  return { view, leads: new Map(found.map(({ id, name }) => [name, id])) };
}

const copies = async (): Promise<readonly Copy[]> =>
  expectStatus(await boss.api.get<{ copies: Copy[] }>('/api/console/pools/copies?limit=200'), 200).copies;
const copyOf = async (lead: number | undefined): Promise<Copy | undefined> => (await copies()).find((one) => one.lead.id === lead);
const decide = (id: number, verdict: 'confirm' | 'dismiss' | 'undo', body: Record<string, unknown> = {}) =>
  boss.api.post<{ state: string } & ErrorBody>(`/api/console/pools/copies/${id}/${verdict}`, body);
const claimsOf = ({ id }: Person) => company.db('crm_ledger').where({ member_id: id, cause: 'claim' }).whereNull('given_back_at');
const notices = async ({ id }: Pick<Person, 'id'>): Promise<readonly string[]> => {
  const rows = await company.db<{ title: { en: string } }>('crm_notifications').where({ member_id: id, type: 'pool.copy' } as never);
  return rows.map(({ title }) => title.en);
};

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(at('2026-03-02T09:00:00'));
  boss = await company.person('boss', { roles: ['pool-admin'], team: company.teams.east });
  pool = await company.publish(
    'pools',
    'copies-of-files',
    poolBody('east', {
      isDefault: true,
      members: [
        { type: 'team', ref: 'east', rights: ['claim'] },
        { type: 'member', ref: boss.id, rights: ['manage'] },
      ],
      limits: [{ kind: 'claims', per: 'month', max: 5 }],
    }),
  );
}, 300_000);
afterAll(() => company?.server.close());

describe('a file somebody brings for himself', () => {
  test('its rows that look like leads of the pool are suspected, each with its own one; the others are not, and all of them are his', async () => {
    const who = await typist();
    const { firm, originals } = await stocked(['韩梅梅', '李雷']);
    const before = (await notices(boss)).length;
    const { view, leads } = await bring(who, firm, ['韩梅梅', '李雷', '孙丽'], { destination: { owner: who.id } });
    expect(view).toMatchObject({ status: 'done', progress: { created: 3 } });
    for (const name of ['韩梅梅', '李雷'])
      expect(await copyOf(leads.get(name))).toMatchObject({
        state: 'suspected',
        pool,
        member: who.id,
        grounds: ['company', 'name'],
        original: { id: originals.get(name) },
      });
    expect(await copyOf(leads.get('孙丽'))).toBeUndefined();
    // An instant with its zone, so that every reader means the same one.
    const { lead } = (await copyOf(leads.get('李雷')))!;
    expect(lead.createdAt).toMatch(/(Z|[+-]\d\d:\d\d)$/);
    expect(new Date(lead.createdAt).toISOString().slice(0, 13)).toBe('2026-03-02T01');
    for (const id of leads.values()) expect(await company.lead(id)).toMatchObject({ owner_id: who.id, merged_into: null });
    for (const id of originals.values()) expect(await company.lead(id)).toMatchObject({ owner_id: null, pool_id: pool });
    expect(await claimsOf(who)).toEqual([]);
    expect(await notices(who)).toEqual([expect.stringContaining('韩梅梅'), expect.stringContaining('李雷')]);
    // Whoever decides is told once of a file, not once of each row.
    expect((await notices(boss)).slice(before)).toEqual([expect.stringContaining('entered a lead that looks like one in the pool')]);
    const told = (await company.events('lead.copy_suspected')).filter((event) => [...leads.values()].includes(event.subject_id));
    expect(told.map(({ actor_id, data }) => [actor_id, data?.['of']])).toEqual([
      [who.id, originals.get('韩梅梅')],
      [who.id, originals.get('李雷')],
    ]);
  });

  test('what a file gives to others, to the rules or into a pool is no copy of his', async () => {
    const who = await typist();
    const colleague = await typist();
    const { firm } = await stocked(['钱多多']);
    const forPool = await bring(who, firm, ['钱多多'], { destination: { pool } });
    const routed = await bring(who, firm, ['钱多多'], { destination: 'route' });
    const admin = { ...who, api: company.admin };
    const given = await bring(admin, firm, ['钱多多'], { destination: { owner: colleague.id } });
    for (const { leads } of [forPool, routed, given]) {
      expect(leads.size).toBe(1);
      expect(await copyOf(leads.get('钱多多'))).toBeUndefined();
    }
    expect(await notices(colleague)).toEqual([]);
  });

  test('confirmed it is merged into the lead of the pool and counts as a claim; taken back, both are as they were and the claim is free again', async () => {
    const who = await typist();
    const { firm, originals } = await stocked(['吴双']);
    const { leads } = await bring(who, firm, ['吴双'], { destination: { owner: who.id } });
    const [copy, original] = [leads.get('吴双')!, originals.get('吴双')!];
    const held = (await company.lead(copy))['held_since'];
    const { id } = (await copyOf(copy))!;
    await company.moveClock(at('2026-03-03T10:00:00'));
    expect(expectStatus(await decide(id, 'confirm', { reason: 'The same person' }), 200)).toMatchObject({ state: 'confirmed' });
    expect(await company.lead(copy)).toMatchObject({ merged_into: original, owner_id: null });
    expect(await company.lead(original)).toMatchObject({ owner_id: null, pool_id: pool, merged_into: null });
    const [claim] = await claimsOf(who);
    expect(claim).toMatchObject({ group_key: `claim:${pool}`, lead_id: copy });
    expect(new Date((claim as { at: Date }).at).toISOString().slice(0, 10)).toBe('2026-03-02');
    expect((await notices(who)).at(-1)).toContain('merged into it, and counts as a claim');
    expect(await copyOf(copy)).toMatchObject({ state: 'confirmed', counted: true });

    expectStatus(await decide(id, 'undo'), 200);
    expect(await company.lead(copy)).toMatchObject({ merged_into: null, owner_id: who.id, held_since: held });
    expect(await company.lead(original)).toMatchObject({ owner_id: null, pool_id: pool });
    expect(await claimsOf(who)).toEqual([]);
    expect(await copyOf(copy)).toMatchObject({ state: 'suspected', counted: false });
  });

  test('dismissed nothing changes, and the same file brought once more does not raise the pair again', async () => {
    const who = await typist();
    const { firm } = await stocked(['郑重']);
    const csv = `姓名,公司,邮箱,编号\n郑重,${firm},kept@else.example,K-${made}`;
    const options = { destination: { owner: who.id }, onDuplicate: 'overwrite' };
    const send = async (): Promise<ImportView> => {
      const { body } = await uploadBytes(who.api, 'again.csv', csv, options);
      return perform(who.api, body.id, 'start');
    };
    const first = await send();
    const [lead] = await company.db('crm_leads').where({ import_id: first.id }).pluck<number[]>('id');
    expect(lead).toBeDefined();
    const { id } = (await copyOf(lead))!;
    expectStatus(await decide(id, 'dismiss', { reason: 'Father and son' }), 200);
    expect(await company.lead(lead!)).toMatchObject({ owner_id: who.id, merged_into: null });
    expect((await notices(who)).at(-1)).toContain('nothing changes');
    const again = await send();
    expect(again.progress['created']).toBe(0);
    expect((await copies()).filter((one) => one.lead.id === lead)).toMatchObject([{ id, state: 'dismissed' }]);
    expectStatus(await decide(id, 'undo'), 200);
    expect(await copyOf(lead)).toMatchObject({ state: 'suspected' });
  });

  test('an import taken back leaves nothing to decide: its leads are gone, those of the pool stay', async () => {
    const who = await typist();
    const { firm, originals } = await stocked(['冯程']);
    const { view, leads } = await bring(who, firm, ['冯程'], { destination: { owner: who.id } });
    const { id } = (await copyOf(leads.get('冯程')))!;
    expect(await perform(who.api, view.id, 'revert')).toMatchObject({ status: 'reverted', revert: { removed: 1 } });
    expect(codeOf(await decide(id, 'confirm', { reason: 'Late' }))).toBe('NOT_FOUND');
    expect((await copies()).filter((one) => one.id === id)).toEqual([]);
    expect(await company.lead(originals.get('冯程')!)).toMatchObject({ owner_id: null, pool_id: pool, merged_into: null });
    expect(await claimsOf(who)).toEqual([]);
  });
});
