import { badRequest, type HostContext, type Kit, type VerbContext } from '@leadsea/crm-core';
import type { z } from 'zod';
import { sendContractPdf } from './services/contract-pdf';
import { staffForecast } from './services/forecasts';
import { contractsInForce } from './services/in-force';
import { periodRows, periodRowsQuery, periodStandings } from './services/periods';
import { cellQuery, cellRows, obligationTallies, scorecard, scorecardQuery } from './services/scorecard';

/** Reports over clocks: behind the gate of `sla-clocks`, counted only over leads the actor may see. */
export function addSlaRoutes(kit: Kit): void {
  const get = (path: string, run: (ctx: HostContext, context: VerbContext) => Promise<unknown>): void =>
    kit.addRoute('GET', path, async (ctx, context) => {
      kit.access.assert(context.actor, 'sla-clocks', 'read');
      ctx.body = await run(ctx, context);
    });
  get('/sla/scorecard/rows', (ctx, { actor }) => cellRows(kit, actor, asked(cellQuery, ctx)));
  kit.addRoute('GET', '/sla/periods/leads', async (ctx, { actor, now }) => {
    kit.access.assert(actor, 'sla-contracts', 'read');
    kit.access.assert(actor, 'leads', 'read');
    const parsed = periodRowsQuery.safeParse(ctx.query);
    if (!parsed.success) throw badRequest('QUERY_INVALID', 'Say which contract and which obligation.', { issues: parsed.error.issues });
    ctx.body = await periodRows(kit, actor, parsed.data, now);
  });
  get('/sla/scorecard', async (ctx, { actor, now }) => {
    const query = asked(scorecardQuery, ctx);
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

/** What a score card is asked. @throws AppError QUERY_INVALID */
function asked<Query extends { tz: string }>(schema: z.ZodType<Query>, ctx: HostContext): Query {
  const parsed = schema.safeParse(ctx.query);
  if (!parsed.success) throw badRequest('QUERY_INVALID', 'Say from when to when.', { issues: parsed.error.issues });
  if (!zoneExists(parsed.data.tz)) throw badRequest('QUERY_INVALID', `"${parsed.data.tz}" is no time zone.`, { field: 'tz' });
  return parsed.data;
}

function zoneExists(tz: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: tz });
    return true;
  } catch {
    return false;
  }
}
