import { FIRST_RESPONSE_CONTRACT } from '../../plugins/lead-sla';
import { previewRevision, replanClocks } from '../../plugins/lead-sla/server/src/services/replan';
import { act, cn, openSlaWorld, type World } from './sla-support';

/** A part of the measurement (`npm run bench -- sla` plans 100,000 again); what it shows here is that every clock moves. */
const CLOCKS = Number(process.env['SLA_BENCH_CLOCKS'] ?? 3000);
const at = cn('2026-03-04 09:00');
const week = Object.fromEntries(
  ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [
    day,
    [
      { start: '09:00', end: '12:00' },
      { start: '13:30', end: '18:00' },
    ],
  ]),
);
const REVISED = { key: 'c', tz: 'Asia/Shanghai', week, exceptions: [{ from: '2026-03-05', kind: 'off' as const }] };

let world: World;
beforeAll(async () => {
  world = await openSlaWorld();
  await world.contract(
    { ...FIRST_RESPONSE_CONTRACT, calendar: 'c', metrics: [{ ...FIRST_RESPONSE_CONTRACT.metrics[1]!, targets: [{ duration: 'PT12H' }] }] },
    at,
  );
  const id = await world.create(at, {}, world.people.ann);
  // The first clock and its lead again and again: what the engine itself would have written.
  const columnsOf = async (table: string): Promise<string[]> =>
    (
      await world.db.raw<{ rows: { name: string }[] }>('SELECT column_name AS name FROM information_schema.columns WHERE table_name = ?', [
        table,
      ])
    ).rows.map((row) => row.name);
  const leads = (await columnsOf('crm_leads')).filter((name) => name !== 'id' && name !== 'document_id');
  const clocks = (await columnsOf('crm_sla_clocks')).filter((name) => name !== 'id' && name !== 'lead_id');
  await world.db.raw(
    `INSERT INTO crm_leads (${leads.join(', ')}) SELECT ${leads.map((name) => `l.${name}`).join(', ')} FROM crm_leads l, generate_series(2, ?) WHERE l.id = ?`,
    [CLOCKS, id],
  );
  await world.db.raw(
    `INSERT INTO crm_sla_clocks (lead_id, ${clocks.join(', ')}) SELECT l.id, ${clocks.map((name) => `c.${name}`).join(', ')} FROM crm_sla_clocks c, crm_leads l WHERE c.lead_id = ? AND l.id <> ?`,
    [id, id],
  );
  await world.db.raw('ANALYZE');
}, 300_000);
afterAll(() => world.close());

test(`${CLOCKS} running clocks: what a revision would move is shown, and moved, and how long it took is printed`, async () => {
  expect(await world.db('crm_sla_clocks').count()).toEqual([{ count: String(CLOCKS) }]);
  const now = new Date(at.getTime() + 3_600_000);
  const draft = await world.kit.calendarDraft('c', REVISED);
  const shown = performance.now();
  const preview = await previewRevision(world.kit, ['c'], draft.of, now);
  const previewMs = performance.now() - shown;
  expect(preview).toMatchObject({ clocks: CLOCKS, replan: { moved: CLOCKS, breached: 0 } });
  await world.kit.policies.upsert(
    { kind: 'calendar', key: 'c', name: 'c', body: REVISED, publish: true },
    await act(world, world.people.admin),
    now,
  );
  const start = performance.now();
  const done = await replanClocks(world.kit, { keys: ['c'], mode: 'replan' }, now);
  const replanMs = performance.now() - start;
  process.stdout.write(`${CLOCKS} clocks: preview ${Math.round(previewMs)} ms, re-plan ${Math.round(replanMs)} ms\n`);
  expect(done).toMatchObject({ clocks: CLOCKS, moved: CLOCKS });
  expect(
    await world
      .db('crm_sla_clocks')
      .whereNot({ calendar_revision: done.clocks > 0 ? ((await world.kit.calendar('c'))?.revision ?? '') : '' })
      .count(),
  ).toEqual([{ count: '0' }]);
  expect(await world.db('crm_timers').where({ state: 'armed', kind: 'sla.breach' }).count()).toEqual([{ count: String(CLOCKS) }]);
}, 600_000);
