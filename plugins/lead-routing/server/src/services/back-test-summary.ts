import { jainIndex, MOVE_CAUSES, type BackTest } from '../../../contracts';
import { BEFORE_RULES, ruleOf, type BackTestResult } from '../domain/back-test';
import type { PastLeads } from './past-leads';
import { allRules, type LivePolicy } from './plans';

const SHOWN_MOVES = 50;

const mean = (pairs: readonly { readonly minutes: number | null; readonly leads: number }[]): number | null => {
  const known = pairs.filter((pair): pair is { minutes: number; leads: number } => pair.minutes !== null && pair.leads > 0);
  const leads = known.reduce((sum, pair) => sum + pair.leads, 0);
  return leads === 0 ? null : Math.round((known.reduce((sum, pair) => sum + pair.minutes * pair.leads, 0) / leads) * 10) / 10;
};

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

/** What a replay says, as it is shown. */
export function summaryOf({ policy, found, replayed: { verdicts, reasons, causes }, today, days, minutes, names }: Parts): BackTest {
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
    since: found.since?.toISOString() ?? null,
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
