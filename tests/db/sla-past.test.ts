import { FIRST_RESPONSE_CONTRACT, type ContractInput } from '../../plugins/lead-sla';
import type { LeadChange } from '../../plugins/leads';
import { cn, openSlaWorld, type World } from './sla-support';

const [RESPONSE] = FIRST_RESPONSE_CONTRACT.metrics;
const inStage = (...value: string[]) => ({ combinator: 'and' as const, rules: [{ field: 'lead.stage', operator: 'in', value }] });
const at = cn('2026-03-04 09:00');
const minutes = (count: number): Date => new Date(at.getTime() + count * 60_000);
const stage = (id: number, to: string): LeadChange => ({ op: 'stage', id, to });
const contract = (over: Partial<NonNullable<typeof RESPONSE>>): ContractInput => ({
  ...FIRST_RESPONSE_CONTRACT,
  calendar: 'c',
  metrics: [{ ...RESPONSE!, clockOwner: 'lead', start: inStage('mql', 'srl'), onBreach: [], ...over }],
});

let world: World;
beforeAll(async () => {
  world = await openSlaWorld();
}, 240_000);
afterAll(() => world.close());

describe('a start that becomes true (R-21)', () => {
  test('opens a clock by the change that makes it so, and no other change does', async () => {
    await world.contract(contract({}), at);
    const id = await world.create(minutes(1));
    expect(await world.of(id)).toEqual([]);
    await world.apply([{ op: 'update', id, values: { title: 'Boss' } }], minutes(2));
    expect(await world.of(id)).toEqual([]);
    await world.apply([stage(id, 'mql')], minutes(3));
    expect(await world.of(id)).toMatchObject([{ state: 'running', started_at: minutes(3) }]);
  });
});
