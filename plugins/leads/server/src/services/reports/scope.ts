import { badRequest } from '@leadsea/crm-core';
import type { Actor, Kit, Sql } from '@leadsea/crm-core';
import { z } from 'zod';

export const WHO = ['me', 'team', 'all'] as const;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** What every report is asked with: whose leads, and the last so many days, or from and to. */
export const reportQuery = z.object({
  who: z.enum(WHO).default('all'),
  days: z.coerce.number().int().min(1).max(730).default(30),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  stage: z.string().max(60).optional(),
  direction: z.enum(['forward', 'back', 'lost']).optional(),
  member: z.coerce.number().int().optional(),
  source: z.string().max(1000).optional(),
  /** What the report of origins is split by: one of `ORIGINS`, or a list of the company's own, `custom.<key>`. */
  by: z.string().max(100).default('source'),
});
export type ReportQuery = z.infer<typeof reportQuery>;

export interface Span {
  /** On a full hour. */
  readonly from: Date;
  readonly to: Date;
}

const floorTo = (instant: number, step: number): Date => new Date(Math.floor(instant / step) * step);

/** The span asked for, from a full hour on; without an end it runs until now. */
export function spanOf(query: ReportQuery, now: Date): Span {
  const to = query.to ? new Date(query.to) : now;
  const from = query.from ? new Date(query.from) : new Date(to.getTime() - query.days * DAY_MS);
  if (from >= to) throw badRequest('QUERY_INVALID', 'The span must begin before it ends.', { parameter: 'from' });
  return { from: floorTo(from.getTime(), HOUR_MS), to };
}

/** The leads (alias `l`) a report may count for this actor; `open` when that is every lead, so that nothing has to be joined. */
export function leadScope(kit: Kit, actor: Actor, who: ReportQuery['who']): Sql & { readonly open: boolean } {
  kit.access.assert(actor, 'leads', 'read');
  const scope = kit.access.scope(actor, 'leads', 'read', 'l');
  if (who === 'all') return { ...scope, open: scope.sql === 'TRUE' };
  const [own, binding] = who === 'me' ? ['l.owner_id = ?', actor.memberId] : ['l.team_id = ANY(?::int[])', [...actor.teamIds]];
  return { sql: `${own} AND (${scope.sql})`, bindings: [binding, ...scope.bindings], open: false };
}

/** Whether the actor may read a field of leads: what he may not read is not counted by it either. */
export const readsField = (kit: Kit, actor: Actor, field: string): boolean =>
  ['read', 'write'].includes(kit.access.field(actor, 'leads', field));
