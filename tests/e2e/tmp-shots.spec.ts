import { as, go, memberOf, ok, test } from './support';
import { claim, leadsIn, newPool, only } from './pools-support';

test('shots', async ({ openAs }) => {
  test.setTimeout(400_000);
  const pool = await newPool('shots', { kind: 'claimable', members: await only(['wang', 'li', 'zhang']), limits: [{ kind: 'claims', per: 'day', max: 10 }], recycle: { rules: [{ key: 'idle', label: { zh: '未跟进', en: 'Not followed up' }, since: 'claim', after: 'P300D' }], warns: ['P1BD'] } });
  const leads = await leadsIn(pool.id, 'Shots', 6);
  await claim('zhang', leads.slice(0, 4), pool.id);
  const [zhang, li] = [await memberOf('zhang'), await memberOf('li')];
  const h = await ok(as('admin').post<{ id: number }>('/api/console/handovers', { member: zhang.id, kind: 'leave', to: new Date(Date.now() + 5 * 86_400_000).toISOString(), split: [{ to: { type: 'member', id: li.id } }] }));
  await ok(as('li').post(`/api/console/leads/${leads[0]!.id}/activities`, { kind: 'call', outcome: 'connected', durationSeconds: 90 }));
  await ok(as('admin').put(`/api/console/pools/${pool.id}`, { draft: { kind: 'claimable', members: await only(['wang', 'li', 'zhang']), recycle: { rules: [{ key: 'idle', label: { zh: '未跟进', en: 'Not followed up' }, since: 'claim', after: 'P2D' }], warns: ['P1BD'] } } }));
  const pages: [string, string][] = [
    ['board', `/pools?pool=${pool.id}`], ['next', '/pools/next'], ['drops', '/pools/drops'], ['requests', '/pools/requests'], ['reports', '/pools/reports'], ['fair', '/pools/fair-play'],
    ['hand', '/pools/hand-over'], ['hand-open', `/pools/hand-over?open=${h.id}`], ['exhausted', '/pools/exhausted'], ['undo', '/pools/undo'], ['setup', '/setup/pools'], ['form', `/setup/pools/${pool.id}`], ['lead', `/leads/${leads[0]!.id}`],
  ];
  for (const [name, look] of [['zh', { locale: 'zh', viewport: { width: 1440, height: 900 } }], ['m', { locale: 'zh', viewport: { width: 390, height: 844 } }], ['en', { locale: 'en', viewport: { width: 1440, height: 900 } }]] as const) {
    const page = await openAs('admin', look);
    for (const [key, path] of pages) {
      await go(page, path);
      await page.waitForTimeout(2500);
      await page.screenshot({ path: `/tmp/pools-shots/${key}-${name}.png`, fullPage: name === 'm' });
    }
  }
});
