import type { BehaviourRule, GradingModel, Repeat } from '../../../contracts';
import { decayFactor, isForward, storedLog } from './decay';
import { durationMs } from './window';

/** An engagement as grading sees it. `human: false` (a mail scanner, a crawler) never counts. */
export interface EngagementEvent {
  readonly id: number;
  readonly kind: string;
  readonly asset: string | null;
  readonly product: string | null;
  readonly at: Date;
  readonly human: boolean;
}

/** What one behaviour rule gave a lead at one moment. The `points` of all rules add up to the value of the axis before its cap. */
export interface RuleTotals {
  readonly rule: string;
  /** Engagements the rule matches, and those its repeat policy lets count. */
  readonly matched: number;
  readonly counted: number;
  /** Points as given, the same after decay, and after decay, caps and floor. */
  readonly given: number;
  readonly decayed: number;
  readonly points: number;
}

export interface EngagementValue {
  readonly value: number;
  /** Forward form; null when nothing is there or the decay has no forward form. */
  readonly log: number | null;
  readonly rules: readonly RuleTotals[];
}

/** Whether an asset is one a rule or product names: a part of it, or the whole with `*` for anything. */
export function fitsAsset(match: string, asset: string | null): boolean {
  if (asset === null) return false;
  if (!match.includes('*')) return asset.toLowerCase().includes(match.toLowerCase());
  const parts = match.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'is').test(asset);
}

/** Whether an engagement is one the rule is about. */
export const matchesRule = (rule: BehaviourRule, event: EngagementEvent): boolean =>
  event.human &&
  event.kind === rule.kind &&
  (rule.match === undefined || fitsAsset(rule.match, event.asset)) &&
  (rule.product === undefined || event.product === rule.product);

/**
 * The slot an engagement falls into and how many may count in it, earliest first: `once` one slot, `oncePerAsset` one per asset,
 * `{ max, within }` consecutive windows of that length counted from 1970 (a day is a UTC day). Null = no limit.
 */
export function repeatSlot(repeat: Repeat, event: EngagementEvent): { readonly slot: string; readonly max: number } | null {
  if (repeat === 'each') return null;
  if (repeat === 'once') return { slot: '', max: 1 };
  if (repeat === 'oncePerAsset') return { slot: event.asset ?? '', max: 1 };
  return { slot: String(Math.floor(event.at.getTime() / (durationMs(repeat.within) ?? 1))), max: repeat.max };
}

interface Entry {
  readonly rule: BehaviourRule;
  readonly factor: number;
}

/** The engagements that count, in the order in which they happened (never the order in which they were heard of). */
function countedEntries(
  model: GradingModel,
  events: readonly EngagementEvent[],
  now: Date,
): { entries: Entry[]; matched: Map<string, number> } {
  const matched = new Map<string, number>();
  const used = new Map<string, number>();
  const entries: Entry[] = [];
  const ordered = [...events].sort((a, b) => a.at.getTime() - b.at.getTime() || a.id - b.id);
  const latest = ordered.findLast((event) => model.engagement.rules.some((rule) => matchesRule(rule, event)));
  const idle = now.getTime() - (latest ?? { at: now }).at.getTime();
  for (const event of ordered) {
    for (const rule of model.engagement.rules) {
      if (!matchesRule(rule, event)) continue;
      matched.set(rule.key, (matched.get(rule.key) ?? 0) + 1);
      const limit = repeatSlot(rule.repeat, event);
      if (limit) {
        const slot = JSON.stringify([rule.key, limit.slot]);
        const before = used.get(slot) ?? 0;
        if (before >= limit.max) continue;
        used.set(slot, before + 1);
      }
      entries.push({ rule, factor: decayFactor(model.engagement.decay, now.getTime() - event.at.getTime(), idle) });
    }
  }
  return { entries, matched };
}

const groupCaps = (model: GradingModel): ReadonlyMap<string, number> =>
  new Map(model.engagement.groups.flatMap((group) => (group.cap === undefined ? [] : [[group.key, group.cap] as const])));

const add = (sums: Map<string, number>, key: string, value: number): void => {
  sums.set(key, (sums.get(key) ?? 0) + value);
};

/**
 * §6, forward decay: each engagement adds, as it enters, at most what keeps its rule and then its group under their caps at that moment.
 * All sums are kept at their value at `now`, so a cap at entry is `cap × factor of the engagement`. A penalty takes away what is there
 * at that moment and never more (floor 0); its rule cap bounds what it may take; groups bound only what is earned.
 */
function enterForward(entries: readonly Entry[], caps: ReadonlyMap<string, number>): Map<string, number> {
  const ruleSums = new Map<string, number>();
  const groupSums = new Map<string, number>();
  const given = new Map<string, number>();
  let total = 0;
  for (const { rule, factor } of entries) {
    const size = Math.abs(rule.points) * factor;
    const ruleRoom = rule.cap === undefined ? size : Math.max(0, rule.cap * factor - (ruleSums.get(rule.key) ?? 0));
    let enters = Math.min(size, ruleRoom);
    add(ruleSums, rule.key, enters);
    const groupCap = rule.group === undefined ? undefined : caps.get(rule.group);
    if (rule.points > 0 && groupCap !== undefined && rule.group !== undefined) {
      enters = Math.min(enters, Math.max(0, groupCap * factor - (groupSums.get(rule.group) ?? 0)));
      add(groupSums, rule.group, enters);
    }
    const change = rule.points < 0 ? -Math.min(enters, total) : enters;
    total += change;
    add(given, rule.key, change);
  }
  return given;
}

/** §6, other decays: caps at evaluation, in the order rule, group; what a group loses is shared by its rules in proportion. */
function capAtEvaluation(
  rules: readonly BehaviourRule[],
  decayed: ReadonlyMap<string, number>,
  caps: ReadonlyMap<string, number>,
): Map<string, number> {
  const capped = new Map<string, number>();
  const earned = new Map<string, number>();
  for (const rule of rules) {
    const value = decayed.get(rule.key) ?? 0;
    const bounded = rule.cap === undefined ? value : Math.sign(value) * Math.min(Math.abs(value), rule.cap);
    capped.set(rule.key, bounded);
    if (rule.points > 0 && rule.group !== undefined) add(earned, rule.group, bounded);
  }
  for (const rule of rules) {
    const cap = rule.group === undefined ? undefined : caps.get(rule.group);
    const sum = rule.group === undefined ? 0 : (earned.get(rule.group) ?? 0);
    if (rule.points > 0 && cap !== undefined && sum > cap) capped.set(rule.key, ((capped.get(rule.key) ?? 0) * cap) / sum);
  }
  return capped;
}

/**
 * The engagement of one lead at `now` from all it did, before the cap of the axis (which, like the total cap, bounds the value when it is read).
 * The result depends on the set of engagements only, never on the order in which they arrive: a late one takes its place by time.
 */
export function evaluateEngagement(model: GradingModel, events: readonly EngagementEvent[], now: Date): EngagementValue {
  const { decay, rules } = model.engagement;
  const { entries, matched } = countedEntries(model, events, now);
  const counted = new Map<string, number>();
  const given = new Map<string, number>();
  const decayed = new Map<string, number>();
  for (const { rule, factor } of entries) {
    add(counted, rule.key, 1);
    add(given, rule.key, rule.points);
    add(decayed, rule.key, rule.points * factor);
  }
  const points = isForward(decay) ? enterForward(entries, groupCaps(model)) : capAtEvaluation(rules, decayed, groupCaps(model));
  const value = Math.max(
    0,
    [...points.values()].reduce((sum, part) => sum + part, 0),
  );
  return {
    value,
    log: storedLog(decay, value, now),
    rules: rules.map((rule) => ({
      rule: rule.key,
      matched: matched.get(rule.key) ?? 0,
      counted: counted.get(rule.key) ?? 0,
      given: given.get(rule.key) ?? 0,
      decayed: decayed.get(rule.key) ?? 0,
      points: points.get(rule.key) ?? 0,
    })),
  };
}
