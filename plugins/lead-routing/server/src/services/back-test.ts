import { many } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { routingPolicySchema, type BackTest, type RoutingPolicy } from '../../../contracts';
import { backTestSteps, type BackTestInput, type BackTestResult, type PastLead } from '../domain/back-test';
import { daysBeforeMonday } from '../domain/week';
import { loadQueriesOf, withStandards } from './conditions';
import { loadCounts, OWN_QUERY } from './counts';
import { loadFactors } from './factors';
import { periodName, usualZone } from './groups';
import { closedStages } from './lead-facts';
import { RESPONSE_MINUTES } from './member-facts';
import { loadNamed, namedMembers, withNamed, type Named } from './named';
import { summaryOf } from './back-test-summary';
import { pastLeads } from './past-leads';
import { FactsAhead, keptFacts, loadVersions, pastSets } from './past-sets';
import { untoldFacts } from './past-values';
import type { People } from './people';
import { allRules, livePools, membersOf, planOf, weekStartOf, type LivePolicy } from './plans';

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;

/** Live policies that come before this one: the first that fits decides. */
async function earlierThan(kit: Kit, policy: LivePolicy): Promise<readonly LivePolicy[]> {
  const rows = await many<{ id: number }>(
    kit.db,
    `SELECT p.id FROM crm_policies p JOIN crm_policies me ON me.id = ? AND p.kind = me.kind
     WHERE p.id <> me.id AND (coalesce(p.position, 0), p.id) < (coalesce(me.position, 0), me.id)`,
    [policy.policyId],
  );
  const ids = new Set(rows.map(({ id }) => id));
  return (await kit.policies.live<RoutingPolicy>('routing-policy')).filter(({ policyId }) => ids.has(policyId));
}

const BREATH_MS = 20;
const TELL_MS = 500;
/** How many steps' facts are fetched at once: a few megabytes. */
const STEPS_AHEAD = 200;

/**
 * Hears how far a back-test is: the moment it has come to.
 * @throws whatever shall stop it
 */
export type Tell = (at: Date) => Promise<void>;
const toNobody: Tell = () => Promise.resolve();

/** Goes through all steps, fetches what is known of each, and lets others work in between. */
export async function inSteps(input: BackTestInput, kept: Pick<FactsAhead, 'has' | 'fetch'>, tell: Tell): Promise<BackTestResult> {
  const steps = backTestSteps(input);
  let breath = Number.NEGATIVE_INFINITY;
  let told = Number.NEGATIVE_INFINITY;
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (value.facts !== null && !kept.has(value.facts)) await kept.fetch(value.ahead(STEPS_AHEAD));
    if (performance.now() - breath < BREATH_MS) continue;
    if (performance.now() - told >= TELL_MS) {
      await tell(new Date(value.at));
      told = performance.now();
    } else await new Promise((resolve) => setImmediate(resolve));
    breath = performance.now();
  }
}

/**
 * 3.1: replays the arrivals of the last days through a policy. Values of leads are as of then, from the events; where the facts of a decision
 * are kept (ninety days), so is everything else that was known: people, weights, leave, shifts, shares, loads and caps, moved on by what the replay
 * gives otherwise. What nobody asked then, and what no event tells, is as it is today. Nothing is written.
 */
export async function runBackTest(
  kit: Kit,
  people: People,
  asked: LivePolicy,
  days: number,
  now: Date,
  tell: Tell = toNobody,
): Promise<BackTest> {
  const since = new Date(now.getTime() - days * DAY_MS);
  const read = routingPolicySchema.safeParse(asked.body);
  const policy = read.success ? { ...asked, body: read.data } : asked;
  const found = await pastLeads(kit, policy, await earlierThan(kit, policy), since, now);
  const leads = found.occasions.map(({ past }) => past);
  const hits = new Map<string, Set<number>>();
  for (const { lead } of leads)
    for (const [rule, row] of lead.rows ?? []) if (typeof row === 'number') hits.set(rule, (hits.get(rule) ?? new Set()).add(row));
  const named = await backTestNamed(kit, policy, leads, now);
  const others = namedMembers(named);
  const firsts = [...new Set(found.occasions.flatMap(({ owner }) => owner ?? []))];
  const before = leads.flatMap(({ lead }) => [
    ...lead.sticky.map(({ member }) => member),
    ...(lead.accountOwner === null ? [] : [lead.accountOwner]),
    ...lead.previousOwners.slice(0, 1),
  ]);
  const directory = await people.load(
    kit.db,
    membersOf(allRules(policy.body), hits, { ids: [...new Set([...firsts, ...before, ...others.ids])], emails: others.emails }),
    { lock: false, calendars: true },
    now,
  );
  const everybody = [...directory.people.keys()];
  const factors = policy.body.rules.some((rule) => rule.ranking === 'performance-weighted')
    ? await kit.db.transaction((trx) => loadFactors(trx, everybody, now, true))
    : new Map<number, number>();
  const zone = await usualZone(kit);
  const plan = planOf(policy, { directory, pools: await livePools(kit), hits, factors, now, zone, named });
  const concerned = new Set(leads.flatMap(({ lead }) => lead.standards?.map(({ key }) => key) ?? []));
  const known = await withStandards(kit, kit.db, directory.people, [policy], concerned, now);
  const held = { at: since, except: leads.map(({ lead }) => lead.id) };
  const there = await keptFacts(
    kit,
    leads.flatMap(({ decided }) => decided?.map(({ facts }) => facts) ?? []),
  );
  const ahead = new FactsAhead(kit);
  const kept = ({ decided = [] }: PastLead): PastLead['decided'] => (decided.every(({ facts }) => there.has(facts)) ? decided : []);
  const versions = await loadVersions(kit);
  const periods = new Map<string, string>();
  const input: BackTestInput = {
    leads: leads.map((one) => ({
      ...one,
      decided: kept(one),
      lead: withNamed([one.lead], new Map([[plan.versionId, plan]]), named, directory)[0] ?? one.lead,
    })),
    plan,
    people: known,
    loads: await loadCounts(kit, kit.db, everybody, await closedStages(kit), [OWN_QUERY, ...loadQueriesOf(policy)], now, null, held),
    until: now,
    opensAt: (member, at) => directory.opensAt(member, at),
    periodOf: (per, at, member) => {
      const person = member === null ? undefined : known.get(member);
      const tz = member === null ? zone : (person?.timeZone ?? 'UTC');
      const before = daysBeforeMonday(weekStartOf(policy.body), person?.locale);
      // Every zone is whole quarters of an hour from the next: no day begins within one.
      const key = `${per} ${Math.floor(at.getTime() / QUARTER_MS)} ${tz} ${before}`;
      const name = periods.get(key) ?? periodName(per, at, tz, before);
      periods.set(key, name);
      return name;
    },
    setOf: pastSets(ahead, versions, { policy, plan, today: known }),
  };
  const replayed = await inSteps(input, ahead, tell);
  const today = new Map<string, number>();
  const byVersion = new Map<number | null, readonly string[]>();
  const untold = (version: number | null): readonly string[] => {
    const then = version === null ? undefined : versions.get(version);
    const fields = byVersion.get(version) ?? untoldFacts(policy, then?.policyId === policy.policyId ? then.body : null);
    byVersion.set(version, fields);
    return fields;
  };
  for (const { past, version } of found.occasions) {
    if (past.explicit) continue;
    const then = kept(past)?.length === 0 ? null : version;
    for (const field of untold(then)) today.set(field, (today.get(field) ?? 0) + 1);
  }
  return summaryOf({ policy, found, replayed, today, days, minutes: await responses(kit, firsts, replayed.verdicts, since), names: known });
}

/** Whom destinations of implementers name for these arrivals; nothing is read where the policy has none. */
async function backTestNamed(kit: Kit, policy: LivePolicy, leads: readonly PastLead[], now: Date): Promise<Named> {
  if (!policy.body.rules.some(({ destination }) => destination.kind === 'custom')) return new Map();
  const rows = await many<Record<string, unknown> & { id: number }>(kit.db, 'SELECT * FROM crm_leads WHERE id = ANY(?::int[])', [
    leads.map(({ lead }) => lead.id),
  ]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const asked = leads.map(({ lead: { id, holds } }) => ({ id, holds, row: byId.get(id) ?? {} }));
  return loadNamed(kit.db, [{ versionId: policy.versionId, rules: policy.body.rules, leads: asked }], now);
}

async function responses(
  kit: Kit,
  firsts: readonly number[],
  verdicts: ReadonlyMap<number, { readonly owner: number | null }>,
  since: Date,
): Promise<ReadonlyMap<number, number | null>> {
  const ids = [...new Set([...firsts, ...[...verdicts.values()].flatMap(({ owner }) => owner ?? [])])];
  const rows = await many<{ id: number; minutes: number | null }>(
    kit.db,
    `SELECT m.id, ${RESPONSE_MINUTES('m')}::float8 AS minutes FROM crm_members m WHERE m.id = ANY(?::int[])`,
    [since, ids],
  );
  return new Map(rows.map((row) => [row.id, row.minutes === null ? null : Math.round(row.minutes * 10) / 10]));
}
