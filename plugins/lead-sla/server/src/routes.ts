import { badRequest, type HostContext, type Kit, type VerbContext } from '@leadsea/crm-core';
import { sendContractPdf } from './services/contract-pdf';
import { staffForecast } from './services/forecasts';
import { contractsInForce } from './services/in-force';
import { periodStandings } from './services/periods';
import { obligationTallies, scorecard, scorecardQuery } from './services/scorecard';

/** Reports over clocks: behind the gate of `sla-clocks`, counted only over leads the actor may see. */
export function addSlaRoutes(kit: Kit): void {
  const get = (path: string, run: (ctx: HostContext, context: VerbContext) => Promise<unknown>): void =>
    kit.addRoute('GET', path, async (ctx, context) => {
      kit.access.assert(context.actor, 'sla-clocks', 'read');
      ctx.body = await run(ctx, context);
    });
  get('/sla/scorecard', async (ctx, { actor, now }) => {
    const parsed = scorecardQuery.safeParse(ctx.query);
    if (!parsed.success) throw badRequest('QUERY_INVALID', 'Say from when to when.', { issues: parsed.error.issues });
    const query = parsed.data;
    if (!zoneExists(query.tz)) throw badRequest('QUERY_INVALID', `"${query.tz}" is no time zone.`, { field: 'tz' });
    const [card, obligations, periods] = await Promise.all([
      scorecard(kit, actor, query),
      kit.access.can(actor, 'sla-obligations', 'read') ? obligationTallies(kit, actor, query) : [],
      // What a whole department delivers is for those who read the contract.
      kit.access.can(actor, 'sla-contracts', 'read') ? periodStandings(kit, now) : [],
    ]);
    return { ...card, obligations, periods };
  });
  kit.addRoute('GET', '/sla/contracts/:id/pdf', (ctx, { actor, now }) => sendContractPdf(kit, ctx, actor, now));
  get('/sla/forecast', (_ctx, { actor, now }) => staffForecast(kit, actor, now));
  get(
    '/sla/hand-off-rules',
    async (_ctx, { now }) => (await contractsInForce(kit, now)).find(({ body }) => body.handOff)?.body.handOff ?? null,
  );
}

function zoneExists(tz: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: tz });
    return true;
  } catch {
    return false;
  }
}
