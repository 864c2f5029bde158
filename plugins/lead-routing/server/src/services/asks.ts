import type { Entry } from '@leadsea/leads';
import type { WebhookAnswer } from '../domain/facts';

/** Marks a lead carries into routing: what timers, jobs and verbs have to say about it. */

const WAITING = /^waiting:([a-z0-9-]+):(\d+)$/;
const WEBHOOK = /^webhook:([a-z0-9-]+):(failed|member|pool)(?::(\d+))?$/;
const LADDER = /^ladder:(\d+)$/;

/** What a timer said about how long a lead has been waiting at a rule. */
export function waitingOf(asks: ReadonlySet<string>): ReadonlyMap<string, Date> {
  const waiting = new Map<string, Date>();
  for (const ask of asks) {
    const found = WAITING.exec(ask);
    if (found?.[1] && found[2]) waiting.set(found[1], new Date(Number(found[2])));
  }
  return waiting;
}

export const webhookAsk = (rule: string, answer: WebhookAnswer): string =>
  answer.kind === 'failed'
    ? `webhook:${rule}:failed`
    : `webhook:${rule}:${answer.kind}:${answer.kind === 'member' ? answer.member : answer.pool}`;

/** What other systems answered, by rule. */
export function answersOf(asks: ReadonlySet<string>): ReadonlyMap<string, WebhookAnswer> {
  const answers = new Map<string, WebhookAnswer>();
  for (const ask of asks) {
    const [, rule, kind, id] = WEBHOOK.exec(ask) ?? [];
    if (!rule) continue;
    if (kind === 'member' && id) answers.set(rule, { kind, member: Number(id) });
    else if (kind === 'pool' && id) answers.set(rule, { kind, pool: Number(id) });
    else answers.set(rule, { kind: 'failed' });
  }
  return answers;
}

/** The step of the ladder a timer asks for; null = a breach begins or goes on with it. */
export function ladderStepOf(asks: ReadonlySet<string>): number | null {
  for (const ask of asks) {
    const found = LADDER.exec(ask);
    if (found?.[1]) return Number(found[1]);
  }
  return null;
}

/** Its owner has been disabled; only policies that say so take it from him. */
export const OWNER_DISABLED = 'reroute:owner-disabled';

const rerouteAsk = (entry: Entry): string | undefined => [...entry.asks].find((ask) => ask === 'reroute' || ask.startsWith('reroute:'));
export const isReroute = (entry: Entry): boolean => rerouteAsk(entry) !== undefined;
/** A missed deadline, or a step of the ladder that follows one. */
export const isBreach = (entry: Entry): boolean => entry.asks.has('reroute:sla-breach') || entry.asks.has('reroute:ladder');
export const isAsked = (entry: Entry): boolean => (entry.asks.has('route') || isReroute(entry)) && entry.row.merged_into === null;
const isHeldBySomething = ({ row }: Entry): boolean => row.owner_id !== null || row.pool_id !== null;
export { isHeldBySomething };

/** Nothing to decide and nothing to tell: the lead is where it belongs. */
export function isSettled(entry: Entry): boolean {
  if (isReroute(entry)) return entry.asks.has('held') || (entry.row.owner_id === null && entry.row.pool_id !== null);
  return isHeldBySomething(entry) && !entry.isNew && !entry.asks.has('held') && !entry.asks.has('route:again');
}
