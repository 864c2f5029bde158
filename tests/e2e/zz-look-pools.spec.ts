import { as, go, memberOf, ok, test, poolId } from './support';
import { leadsIn, newPool, only } from './pools-support';
test('look2', async ({ openAs }) => {
  test.setTimeout(400_000);
  const out = '/tmp/shots-pools/two';
  const limited = await newPool('capped', { kind: 'claimable', members: await only(['wang']), limits: [{ kind: 'claims', per: 'day', max: 1 }], recycle: { rules: [{ key: 'idle', label: { zh: '未跟进', en: 'Idle' }, since: 'claim', after: 'P2D', time: 'calendar' }] } });
  const leads = await leadsIn(limited.id, 'Limit', 3);
  await ok(as('wang').post(`/api/console/leads/${leads[0]!.id}/claim`, { pool: limited.id }));
  for (const locale of ['zh', 'en'] as const) {
    const phone = await openAs('wang', { locale, viewport: { width: 390, height: 844 } });
    const shot = async (name: string, p = phone) => { await p.waitForTimeout(1500); await p.screenshot({ path: `${out}/${locale}-${name}.png` }); };
    await go(phone, '/pools'); await shot('board');
    await go(phone, `/pools?pool=${limited.id}`); await shot('limited');
    await go(phone, `/leads/${leads[0]!.id}`); await phone.waitForTimeout(800); await phone.getByRole('tab', { name: locale === 'zh' ? '评级与时限' : 'Overview' }).click(); 
    const ext = phone.getByRole('button', { name: locale === 'zh' ? '申请延期' : 'Ask for an extension' }); await ext.scrollIntoViewIfNeeded(); await shot('lead'); await ext.click(); await shot('extend'); await phone.keyboard.press('Escape');
    const why = phone.getByRole('button', { name: locale === 'zh' ? '为何此时回收？' : 'Why this recycle date?' }); if (await why.count()) { await why.click(); await why.evaluate((n) => n.scrollIntoView({ block: 'start' })); await shot('why'); }
    const back = phone.getByRole('button', { name: locale === 'zh' ? '退回公海' : 'Release' }); await back.first().click(); await shot('release'); await phone.keyboard.press('Escape');
    await go(phone, '/pools/hand-over'); await phone.getByRole('button', { name: locale === 'zh' ? '新建交接' : 'Hand over' }).first().click(); await shot('handover');
    const boss = await openAs('pool', { locale, viewport: { width: 390, height: 844 } });
    await go(boss, `/setup/pools/${await poolId('daily-draw')}`); await shot('setup-drop', boss);
    for (const n of [1, 2, 3, 4, 5, 6, 7]) { await boss.mouse.move(195, 500); await boss.mouse.wheel(0, 700); await shot(`setup-drop-${n}`, boss); }
    const desk = await openAs('pool', { locale, viewport: { width: 1440, height: 900 } });
    await go(desk, `/setup/pools/${await poolId('china')}`); await desk.waitForTimeout(1500);
    for (const n of [1, 2, 3, 4]) { await desk.mouse.move(600, 500); await desk.mouse.wheel(0, 800); await shot(`desk-${n}`, desk); }
    await go(desk, '/pools/reports'); await desk.waitForTimeout(3000); await shot('desk-reports', desk);
    await go(desk, '/pools'); await shot('desk-board', desk);
  }
  void memberOf;
});
