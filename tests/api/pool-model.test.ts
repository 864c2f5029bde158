import fc from 'fast-check';
import { poolBody, startCompany, type Company, type ErrorBody, type Person, type VerbAnswer } from '../support/fixtures';

/** Many people at once against a simple model: whatever they do in whatever order, the events and the rows tell one story. */
const PEOPLE = 6;
const LEADS = 12;
const DAY_LIMIT = 5;
const HELD_LIMIT = 4;

type Step =
  | { readonly do: 'claim' | 'release' | 'recycle'; readonly lead: number }
  | { readonly do: 'next' }
  | { readonly do: 'transfer' | 'assign'; readonly lead: number; readonly to: number };

const lead = fc.nat(LEADS - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('claim' as const), lead }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('next' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('release' as const), lead }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recycle' as const), lead }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('transfer' as const), lead, to: fc.nat(PEOPLE - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('assign' as const), lead, to: fc.nat(PEOPLE - 1) }) },
);
const round = fc.array(fc.array(step, { minLength: 4, maxLength: 10 }), { minLength: PEOPLE, maxLength: PEOPLE });
/** What everybody does at once, then a leap of time in which leads are recycled, and so on. */
const story = fc.array(fc.record({ steps: round, leapDays: fc.integer({ min: 0, max: 3 }) }), { minLength: 1, maxLength: 3 });

interface Hand {
  readonly id: string;
  readonly subject_id: number;
  readonly type: string;
  readonly before: { readonly owner?: number | null; readonly pool?: number | null } | null;
  readonly after: { readonly owner?: number | null; readonly pool?: number | null };
  readonly actor_id: number | null;
  readonly data: Record<string, unknown> | null;
  readonly at: Date;
}
interface Done {
  readonly what: string;
  readonly by: number | null;
  readonly lead: number;
}

let company: Company;
let people: Person[];
let day = 0;
let pools = 0;

beforeAll(async () => {
  company = await startCompany();
  people = [];
  for (let index = 0; index < PEOPLE; index += 1)
    people.push(await company.person(`p-${index}`, { roles: ['sales'], team: company.teams.east, timeZone: 'UTC' }));
}, 300_000);
afterAll(() => company?.server.close());

const moveTo = (hours: number) => company.moveClock(new Date(Date.UTC(2026, 2, 2) + hours * 3_600_000).toISOString());

/** One person works through his steps; answers with what he was told had happened. */
async function work(
  index: number,
  steps: readonly Step[],
  pool: number,
  ids: readonly number[],
  refusals: Map<string, number>,
): Promise<Done[]> {
  const me = people[index]!;
  const done: Done[] = [];
  for (const one of steps) {
    const id = 'lead' in one ? ids[one.lead]! : 0;
    const to = 'to' in one ? people[one.to]! : me;
    const path = {
      claim: `leads/${id}/claim`,
      release: `leads/${id}/release`,
      transfer: `leads/${id}/transfer`,
      assign: `leads/${id}/assign`,
      recycle: `leads/${id}/recycle`,
      next: `pools/${pool}/claim`,
    }[one.do];
    const body = {
      claim: { pool },
      release: { reason: 'no_time' },
      transfer: { owner: to.id },
      assign: { owner: to.id },
      recycle: {},
      next: { count: 1 },
    }[one.do];
    const api = one.do === 'assign' || one.do === 'recycle' ? company.admin : me.api;
    const answer = await api.post<VerbAnswer & ErrorBody>(`/api/console/${path}`, body);
    if (answer.status >= 500) throw new Error(`${one.do} failed: ${JSON.stringify(answer.body)}`);
    if (answer.status !== 200) {
      const { code } = answer.body.error.details;
      refusals.set(code, (refusals.get(code) ?? 0) + 1);
      continue;
    }
    for (const result of answer.body.results)
      if (result.ok)
        done.push({
          what: one.do === 'next' ? 'claim' : one.do,
          by: one.do === 'assign' || one.do === 'recycle' ? null : me.id,
          lead: result.id,
        });
  }
  return done;
}

const handsOf = async (ids: readonly number[]): Promise<Hand[]> =>
  company
    .db<Hand>('crm_events')
    .where({ subject: 'lead' } as never)
    .whereIn('subject_id' as never, [...ids] as never)
    .whereRaw(`jsonb_exists(after, 'owner')`)
    .orderBy('id');

/** Replays all hands in order and checks the laws on the way; answers with where every lead ends. */
function replay(
  hands: readonly Hand[],
  start: ReadonlyMap<number, { owner: number | null; pool: number | null }>,
): Map<number, { owner: number | null; pool: number | null }> {
  const model = new Map(start);
  const held = new Map<number, number>();
  const claims = new Map<string, number>();
  for (const hand of hands) {
    const known = model.get(hand.subject_id)!;
    // Never two owners and nothing lost: each hand takes the lead from where the one before had left it.
    expect({ lead: hand.subject_id, event: hand.id, owner: hand.before?.owner ?? null, pool: hand.before?.pool ?? null }).toEqual({
      lead: hand.subject_id,
      event: hand.id,
      ...known,
    });
    const next = { owner: hand.after.owner ?? null, pool: hand.after.pool ?? null };
    expect(next.owner === null || next.pool === null).toBe(true);
    expect(next.owner === null && next.pool === null).toBe(false);
    if (known.owner !== null) held.set(known.owner, (held.get(known.owner) ?? 0) - 1);
    if (next.owner !== null) held.set(next.owner, (held.get(next.owner) ?? 0) + 1);
    model.set(hand.subject_id, next);
    if (hand.type !== 'lead.claimed') continue;
    // No limit passed at the moment of a claim, by the events alone.
    expect(hand.actor_id).toBe(next.owner);
    expect(held.get(next.owner!)).toBeLessThanOrEqual(HELD_LIMIT);
    const key = `${next.owner}:${hand.at.toISOString().slice(0, 10)}`;
    claims.set(key, (claims.get(key) ?? 0) + 1);
    expect(claims.get(key)).toBeLessThanOrEqual(DAY_LIMIT);
  }
  return model;
}

test('random interleaved claims, releases, transfers, assignments, recycles and leaps of time by six people keep one story: never two owners, no limit passed, nothing lost, every state has its events', async () => {
  const refusals = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(story, async (chapters) => {
      day += 20;
      pools += 1;
      await moveTo(day * 24 + 1);
      const pool = await company.publish(
        'pools',
        `model-${pools}`,
        poolBody('east', {
          isDefault: true,
          limits: [
            { kind: 'claims', per: 'day', max: DAY_LIMIT },
            { kind: 'held', scope: 'pool', max: HELD_LIMIT },
          ],
          recycle: { rules: [{ key: 'idle', label: { zh: '未跟进', en: 'Idle' }, since: 'claim', after: 'P2D' }] },
        }),
      );
      const ids = await company.stock(pool, LEADS);
      const before = await handsOf(ids);
      const start = new Map(ids.map((id) => [id, { owner: null, pool }] as const));
      const told: Done[] = [];
      for (const { steps, leapDays } of chapters) {
        told.push(...(await Promise.all(steps.map((own, index) => work(index, own, pool, ids, refusals)))).flat());
        day += leapDays;
        await moveTo(day * 24 + 2);
      }
      const hands = (await handsOf(ids)).slice(before.length);
      const model = replay(hands, start);
      const rows = await company
        .db<{ id: number; owner_id: number | null; pool_id: number | null }>('crm_leads')
        .whereIn('id', ids)
        .select('id', 'owner_id', 'pool_id');
      expect(rows).toHaveLength(LEADS);
      for (const row of rows) expect({ owner: row.owner_id, pool: row.pool_id }).toEqual(model.get(row.id));
      // What people were told happened, happened, and nothing else did but what the clock did.
      const types: Readonly<Record<string, string>> = {
        claim: 'lead.claimed',
        release: 'lead.released',
        transfer: 'lead.transferred',
        assign: 'lead.assigned',
        recycle: 'lead.recycled',
      };
      for (const [what, type] of Object.entries(types)) {
        const events = hands.filter((hand) => hand.type === type && (type !== 'lead.recycled' || hand.actor_id !== null));
        expect(events.map((hand) => hand.subject_id).sort((a, b) => a - b)).toEqual(
          told
            .filter((one) => one.what === what)
            .map((one) => one.lead)
            .sort((a, b) => a - b),
        );
      }
      // A held lead has a date on which it goes back, one that lies in the pool has none.
      const dates = await company
        .db<{ owner_id: number | null; recycle_at: Date | null }>('crm_leads')
        .whereIn('id', ids)
        .select('owner_id', 'recycle_at');
      for (const row of dates) expect(row.recycle_at !== null).toBe(row.owner_id !== null);
      // What the ledger counts is what the events claim.
      const ledger = await company.db('crm_ledger').whereIn('lead_id', ids).where({ cause: 'claim' });
      expect(ledger).toHaveLength(hands.filter((hand) => hand.type === 'lead.claimed').length);
    }),
    { numRuns: 6, endOnFailure: true },
  );
  expect([...refusals.keys()].length).toBeGreaterThan(2);
}, 240_000);
