import { FIRST_RESPONSE_CONTRACT } from '../../plugins/lead-sla';
import type { LeadChange } from '../../plugins/leads';
import { cn, openSlaWorld, type World } from './sla-support';
let world: World;
beforeAll(async () => { world = await openSlaWorld(); await world.contract({ ...FIRST_RESPONSE_CONTRACT, calendar: 'c' }, cn('2026-03-02 09:00')); }, 240_000);
afterAll(() => world.close());
test('bench', async () => {
  const at = cn('2026-03-04 09:00');
  const log = (m: string) => process.stdout.write(m + '\n');
  let a = 0; let last = 0;
  const lap = (name: string) => { const now = performance.now(); log(`   ${name} ${Math.round(now - last)}`); last = now; };
  world.leads.reactors.add({ stage: 'hold', name: 't0', run: async () => lap('before clocks') });
  world.leads.reactors.add({ stage: 'clocks', name: 't', run: async () => lap('clocks') });
  world.leads.reactors.add({ stage: 'tasks', name: 't2', run: async () => lap('tasks') });
  for (const n of [1, 1, 5_000]) {
    const changes = Array.from({ length: n }, (_, index): LeadChange => ({ op: 'create', values: { name: `D${n}-${index}` }, holding: { ownerId: world.people.ann } }));
    const t = performance.now(); last = t;
    await world.apply(changes, at); lap('flush');
    log(`create ${n}: ${Math.round(performance.now() - t)} ms, stmts ${world.statements()} ${a}`);
  }
  world.next = world.people.bob;
  const t = performance.now(); const c = process.cpuUsage().user;
  log(`fired ${await world.kit.timers.drain(cn('2026-03-04 09:24'))} warns in ${Math.round(performance.now() - t)} cpu ${(process.cpuUsage().user - c) / 1000}`);
  const t2 = performance.now(); last = t2; const c2 = process.cpuUsage().user;
  log(`fired ${await world.kit.timers.drain(cn('2026-03-04 09:30'))} in ${Math.round(performance.now() - t2)} cpu ${(process.cpuUsage().user - c2) / 1000}`);
}, 240000);
