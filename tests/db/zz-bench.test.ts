import { openDemo, MANAGER, SALES, AUDITOR } from './resources-support';
test('bench', async () => {
  const demo = await openDemo();
  const k = demo.database.knex;
  await k.raw(`INSERT INTO demo_leads (name,email,phone,score,stage,owner_id,team_id,pool_id,custom) SELECT 'n'||i, 'e'||i||'@x', '138'||i, (i*7919)%1000, CASE i%5 WHEN 0 THEN 'new' ELSE 'old' END, CASE WHEN i%4=0 THEN NULL ELSE i%50 END, i%10, CASE WHEN i%4=0 THEN 5 END, '{}' FROM generate_series(1,1000000) i`);
  await k.raw(`CREATE INDEX ON demo_leads (score, id); CREATE INDEX ON demo_leads(owner_id, score DESC, id DESC); CREATE INDEX ON demo_leads(pool_id) WHERE owner_id IS NULL; ANALYZE demo_leads`);
  for (const [n, a, q] of [['all', AUDITOR, {}], ['team', MANAGER, {}], ['own+pool', SALES, {}], ['stage', MANAGER, { filter: { stage: 'new', score_gte: 500 } }], ['owner', MANAGER, { filter: { owner: 11 } }], ['deep', MANAGER, { range: [5000, 5024] }]] as const) {
    const times: number[] = [];
    let last;
    for (let i = 0; i < 20; i += 1) { const t = performance.now(); last = await demo.list(a, q); times.push(performance.now() - t); }
    times.sort((x, y) => x - y);
    process.stdout.write(`${n}: median ${times[10]!.toFixed(1)} p95 ${times[18]!.toFixed(1)} ${last!.headers['Content-Range']}\n`);
  }
  await demo.database.close();
}, 300000);
