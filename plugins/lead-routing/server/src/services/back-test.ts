import { many } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { jainIndex, MOVE_CAUSES, routingPolicySchema, type BackTest, type RoutingPolicy } from '../../../contracts';
import { backTestSteps, BEFORE_RULES, ruleOf, type BackTestInput, type BackTestResult, type PastLead } from '../domain/back-test';
import { daysBeforeMonday } from '../domain/week';
import { loadQueriesOf, withStandards } from './conditions';
import { loadCounts, OWN_QUERY } from './counts';
import { loadFactors } from './factors';
import { periodName, usualZone } from './groups';
import { closedStages } from './lead-facts';
import { RESPONSE_MINUTES } from './member-facts';
import { loadNamed, namedMembers, withNamed, type Named } from './named';
import { pastLeads, type PastLeads } from './past-leads';
import { loadPacked, loadVersions, pastSets } from './past-sets';
import { untoldFacts } from './past-values';
import type { People } from './people';
import { allRules, livePools, membersOf, planOf, weekStartOf, type LivePolicy } from './plans';

const SHOWN_MOVES = 50;
const DAY_MS = 86_400_000;

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

const mean = (pairs: readonly { readonly minutes: number | null; readonly leads: number }[]): number | null => {
  const known = pairs.filter((pair): pair is { minutes: number; leads: number } => pair.minutes !== null && pair.leads > 0);
  const leads = known.reduce((sum, pair) => sum + pair.leads, 0);
  return leads === 0 ? null : Math.round((known.reduce((sum, pair) => sum + pair.minutes * pair.leads, 0) / leads) * 10) / 10;
};

const BREATH_MS = 20;

/** Goes through all steps and lets others work in between. */
async function inSteps(input: BackTestInput): Promise<BackTestResult> {
  const steps = backTestSteps(input);
  for (let breath = performance.now(); ;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - breath < BREATH_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    breath = performance.now();
  }
}

/**
 * 3.1: replays the arrivals of the last days through a policy. Values of leads are as of then, from the events; where the facts of a decision
 * are kept (ninety days), so is everything else that was known: people, weights, leave, shifts, shares, loads and caps, moved on by what the replay
 * gives otherwise. What nobody asked then, and what no event tells, is as it is today. Nothing is written.
 */
export async function runBackTest(kit: Kit, people: People, asked: LivePolicy, days: number, now: Date): Promise<BackTest> {
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
  const packed = await loadPacked(
    kit,
    leads.flatMap(({ decided }) => decided?.map(({ facts }) => facts) ?? []),
  );
  const kept = ({ decided = [] }: PastLead): PastLead['decided'] => (decided.every(({ facts }) => packed.has(facts)) ? decided : []);
  const versions = await loadVersions(kit);
  const periods = new Map<string, string>();
  const replayed = await inSteps({
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
      const key = `${per} ${at.getTime()} ${tz} ${before}`;
      const name = periods.get(key) ?? periodName(per, at, tz, before);
      periods.set(key, name);
      return name;
    },
    setOf: pastSets(packed, versions, { policy, plan, today: known }),
  });
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
  return summary({ policy, found, replayed, today, days, minutes: await responses(kit, firsts, replayed.verdicts, since), names: known });
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

interface Parts {
  readonly policy: LivePolicy;
  readonly found: PastLeads;
  readonly replayed: BackTestResult;
  readonly today: ReadonlyMap<string, number>;
  readonly days: number;
  readonly minutes: ReadonlyMap<number, number | null>;
  readonly names: ReadonlyMap<number, { readonly name: string; readonly weight: number }>;
}

interface Tally {
  before: number;
  after: number;
  valueBefore: number;
  valueAfter: number;
}

function summary({ policy, found, replayed: { verdicts, reasons, causes }, today, days, minutes, names }: Parts): BackTest {
  const tally = new Map<number, Tally>();
  const of = (id: number): Tally => {
    const known = tally.get(id) ?? { before: 0, after: 0, valueBefore: 0, valueAfter: 0 };
    tally.set(id, known);
    return known;
  };
  const perRule = new Map<string, number>();
  const end = { pools: 0, held: 0, nobody: 0 };
  const moved: BackTest['moves'][number][] = [];
  // What somebody kept from an earlier occasion is no second lead.
  const replayed = found.occasions.filter(({ past }) => verdicts.has(past.occasion));
  for (const { past, score, owner } of replayed) {
    const verdict = verdicts.get(past.occasion);
    if (!verdict) continue;
    if (owner !== null) {
      of(owner).before += 1;
      of(owner).valueBefore += score;
    }
    perRule.set(ruleOf(verdict), (perRule.get(ruleOf(verdict)) ?? 0) + 1);
    if (verdict.owner !== null) {
      of(verdict.owner).after += 1;
      of(verdict.owner).valueAfter += score;
    } else if (verdict.pool !== null) end.pools += 1;
    else if (verdict.retry) end.held += 1;
    else end.nobody += 1;
    if (verdict.owner !== owner)
      moved.push({
        lead: past.lead.id,
        at: past.at.toISOString(),
        before: owner,
        after: verdict.owner,
        reason: verdict.reason,
        rule: verdict.rule,
        cause: causes.get(past.occasion) ?? 'OTHER',
      });
  }
  const people = [...tally].map(([member, counts]) => ({
    member,
    name: names.get(member)?.name ?? `#${member}`,
    ...counts,
    responseMinutes: minutes.get(member) ?? null,
  }));
  const jain = (side: 'before' | 'after'): number | null =>
    jainIndex(people.map((person) => ({ entitled: names.get(person.member)?.weight ?? 1, received: person[side] })));
  return {
    days,
    leads: replayed.length,
    again: replayed.filter(({ past }) => past.again).length,
    elsewhere: found.elsewhere,
    limited: found.limited,
    rules: [...beforeRules(perRule), ...allRules(policy.body).map(({ key, label }) => ({ key, label, leads: perRule.get(key) ?? 0 }))],
    people: people.sort((a, b) => b.after - a.after || a.name.localeCompare(b.name)),
    ...end,
    moved: moved.length,
    moves: moved.sort((a, b) => b.at.localeCompare(a.at) || b.lead - a.lead).slice(0, SHOWN_MOVES),
    causes: MOVE_CAUSES.map((cause) => ({ cause, leads: moved.filter((one) => one.cause === cause).length })).filter(
      ({ leads }) => leads > 0,
    ),
    today: [...today].map(([field, leads]) => ({ field, leads })).sort((a, b) => b.leads - a.leads || a.field.localeCompare(b.field)),
    reasons: [...reasons].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count),
    jainBefore: jain('before'),
    jainAfter: jain('after'),
    responseBefore: mean(people.map((person) => ({ minutes: person.responseMinutes, leads: person.before }))),
    responseAfter: mean(people.map((person) => ({ minutes: person.responseMinutes, leads: person.after }))),
  };
}

const STEPS = {
  EXPLICIT: { zh: '到达时已指定', en: 'Named on arrival' },
  STICKY_DUPLICATE: { zh: '重复线索的负责人', en: 'Owner of the duplicate' },
  STICKY_ACCOUNT: { zh: '客户的负责人', en: 'Owner of the account' },
  STICKY_PREVIOUS: { zh: '原负责人', en: 'Previous owner' },
} as const satisfies Record<(typeof BEFORE_RULES)[number], unknown>;

const beforeRules = (perRule: ReadonlyMap<string, number>): BackTest['rules'] =>
  BEFORE_RULES.flatMap((step) => {
    const leads = perRule.get(step) ?? 0;
    return leads === 0 ? [] : [{ key: step, label: STEPS[step], leads }];
  });
