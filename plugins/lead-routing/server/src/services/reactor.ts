import type { Kit } from '@leadsea/crm-core';
import type { Entry, Reactor, WorkingSet } from '@leadsea/leads';
import { stickyFor, type RouteReason } from '../../../contracts';
import type { Placed } from '../domain/silent';
import { isAsked, isHeldBySomething, isReroute, isSettled } from './asks';
import { markCandidates } from './candidates';
import { decideAll } from './decide';
import { writeLedger } from './ledger';
import { closedStages } from './lead-facts';
import type { People } from './people';
import type { LivePolicy } from './plans';
import { decideNone } from './record';
import { decideSilently, placed } from './silent';
import { askOnEntering } from './triggers';

/** the owner has followed up in this very change set. */
const isTouched = (entry: Entry): boolean =>
  isReroute(entry) &&
  entry.activities.some(
    (activity) =>
      activity.member_id === entry.row.owner_id &&
      activity.direction === 'outbound' &&
      !activity.automatic &&
      !activity.bulk &&
      activity.kind !== 'note',
  );

/** an owner named on arrival is kept where no policy says otherwise for this source; which one is for the lead is found later. */
const keepsExplicit = (entry: Entry, policies: readonly LivePolicy[]): boolean =>
  !entry.isNew || entry.row.owner_id === null || policies.every(({ body }) => stickyFor(body, entry.row.source).explicitOwner);

/** Why a lead is not routed; null = it is. */
function stopOf(entry: Entry, policies: readonly LivePolicy[], closed: readonly string[], now: Date): RouteReason | null {
  const { row } = entry;
  if (!isReroute(entry) && isHeldBySomething(entry) && (entry.isNew || entry.asks.has('held')) && keepsExplicit(entry, policies))
    return 'EXPLICIT';
  if (row.quarantine !== null) return 'QUARANTINED';
  if (closed.includes(row.stage)) return 'STAGE_CLOSED';
  if (row.do_not_contact_until !== null && row.do_not_contact_until.getTime() > now.getTime()) return 'DO_NOT_CONTACT';
  return isTouched(entry) ? 'TOUCHED' : null;
}

const BY_HAND = new Set(['lead.assigned', 'lead.transferred']);

/** leads given by hand or brought along are noted where a cap counts them. */
function noteOthers(set: WorkingSet, policies: readonly LivePolicy[]): void {
  const counted = new Set(policies.flatMap(({ body }) => body.rules.flatMap(({ caps }) => caps.flatMap(({ counts }) => counts))));
  if (!counted.has('manual') && !counted.has('created')) return;
  const lines = set.entries.flatMap(({ id, row, isNew, emitted }) => {
    if (row.owner_id === null || row.is_test) return [];
    const line = { member: row.owner_id, lead: id, value: 1 };
    if (emitted.some(({ type, subjectId }) => subjectId === id && BY_HAND.has(type))) return [{ ...line, group: 'manual' }];
    return isNew && set.actor.kind === 'member' && set.actor.memberId === row.owner_id ? [{ ...line, group: 'created' }] : [];
  });
  if (lines.length > 0) set.defer((trx) => writeLedger(trx, { lines }, set.cause.type, set.now));
}

export interface RouterDeps {
  readonly kit: Kit;
  readonly people: People;
  /** Policies to use instead of the live ones, for a simulation that names this token as its cause. */
  readonly drafts: ReadonlyMap<string, LivePolicy>;
}

/** The change set, with the results of routing noted on the way. */
const overheard = (set: WorkingSet, results: Map<number, Placed>): WorkingSet => ({
  ...set,
  decide: (decision) => {
    results.set(decision.leadId, placed(decision.result));
    set.decide(decision);
  },
});

export function routingReactor({ kit, people, drafts }: RouterDeps): Reactor {
  const policiesFor = async (set: WorkingSet): Promise<readonly LivePolicy[]> => {
    const draft = set.dryRun && set.cause.type === 'simulate' ? drafts.get(set.cause.id ?? '') : undefined;
    return draft ? [draft] : kit.policies.live('routing-policy');
  };
  return {
    stage: 'route',
    name: 'routing',
    run: async (set) => {
      const policies = await policiesFor(set);
      if (policies.length === 0) return;
      noteOthers(set, policies);
      await askOnEntering(kit, set, policies);
      if (set.entries.some((entry) => !entry.isNew)) await markCandidates({ kit, people, set }, policies, await closedStages(kit));
      const asked = set.entries.filter((entry) => isAsked(entry) && !isSettled(entry));
      if (asked.length === 0) return;
      const closed = await closedStages(kit);
      const open: Entry[] = [];
      for (const entry of asked) {
        const stop = stopOf(entry, policies, closed, set.now);
        if (stop === null) open.push(entry);
        else decideNone(set, entry.id, stop, { owner: entry.row.owner_id, pool: entry.row.pool_id });
      }
      if (open.length === 0) return;
      const compare = await decideSilently({ kit, people }, set, policies, open, closed);
      const really = new Map<number, Placed>();
      await decideAll({ kit, people }, overheard(set, really), policies, open, closed);
      compare(really);
    },
  };
}
