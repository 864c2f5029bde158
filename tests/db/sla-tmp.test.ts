import { FIRST_RESPONSE_CONTRACT } from '../../plugins/lead-sla';
import type { LeadChange } from '../../plugins/leads';
import { cn, openSlaWorld, type World } from './sla-support';
let world: World;
beforeAll(async () => { world = await openSlaWorld(); await world.contract({ ...FIRST_RESPONSE_CONTRACT, calendar: 'c' }, cn('2026-03-02 09:00')); }, 240_000);
afterAll(() => world.close());
test('bench', async () => {
  const at = cn('2026-03-04 09:00');
  const log = (m: string) => process.stdout.write(m + '\n');
  for (const n of [1, 1, 10_000]) {
    const changes = Array.from({ length: n }, (_, index): LeadChange => ({ op: 'create', values: { name: `D${n}-${index}` }, holding: { ownerId: world.people.ann } }));
    let t0 = 0; 
    const t = performance.now();
    await world.apply(changes, at);
    log(`create ${n}: ${Math.round(performance.now() - t)} ms, stmts ${world.statements()} ${t0}`);
  }
  world.next = world.people.bob;
  const t = performance.now();
  log(`fired ${await world.kit.timers.drain(cn('2026-03-04 09:24'))} warns in ${Math.round(performance.now() - t)}`);
  const t2 = performance.now();
  log(`fired ${await world.kit.timers.drain(cn('2026-03-04 09:30'))} in ${Math.round(performance.now() - t2)}`);
}, 240000);
