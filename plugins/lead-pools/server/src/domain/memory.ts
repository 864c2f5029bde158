import { DateTime } from 'luxon';

/** An activity that shows the lead itself: it wrote or called, was reached, met, replied. */
export const CONTACT_OUTCOMES = ['connected', 'replied', 'held', 'met'] as const;

export interface HandEvent {
  readonly at: Date;
  readonly type: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly reason: string | null;
}
export interface Try {
  readonly at: Date;
  readonly kind: string;
  readonly outcome: string | null;
  readonly inbound: boolean;
}

export const isContact = (one: Pick<Try, 'inbound' | 'outcome'>): boolean =>
  one.inbound || (CONTACT_OUTCOMES as readonly string[]).includes(one.outcome ?? '');

export interface Holding {
  readonly member: number;
  readonly from: Date;
  readonly to: Date | null;
  /** Type of the event that ended it; null = it goes on. */
  readonly ended: string | null;
  readonly reason: string | null;
  readonly attempts: number;
  readonly contacts: number;
}

/** Who held the lead from when to when, how it ended, and what was tried meanwhile; oldest first. */
export function holdingsOf(events: readonly HandEvent[], tries: readonly Try[]): readonly Holding[] {
  const spans: { member: number; from: Date; to: Date | null; ended: string | null; reason: string | null }[] = [];
  for (const event of events) {
    const open = spans.at(-1);
    if (open && open.to === null) {
      if (open.member === event.to) continue;
      open.to = event.at;
      open.ended = event.type;
      open.reason = event.reason;
    }
    if (event.to !== null) spans.push({ member: event.to, from: event.at, to: null, ended: null, reason: null });
  }
  return spans.map((span) => {
    const own = tries.filter(({ at }) => at.getTime() >= span.from.getTime() && (span.to === null || at.getTime() < span.to.getTime()));
    return { ...span, attempts: own.filter((one) => !one.inbound).length, contacts: own.filter(isContact).length };
  });
}

/** What was tried how often, the latest first. */
export function triedOf(
  tries: readonly Try[],
): readonly { readonly kind: string; readonly outcome: string | null; readonly count: number; readonly lastAt: Date }[] {
  const kinds = new Map<string, { kind: string; outcome: string | null; count: number; lastAt: Date }>();
  for (const { kind, outcome, at } of tries.filter((one) => !one.inbound)) {
    const known = kinds.get(`${kind}:${outcome ?? ''}`);
    if (!known) kinds.set(`${kind}:${outcome ?? ''}`, { kind, outcome, count: 1, lastAt: at });
    else {
      known.count += 1;
      if (at.getTime() > known.lastAt.getTime()) known.lastAt = at;
    }
  }
  return [...kinds.values()].sort((a, b) => b.lastAt.getTime() - a.lastAt.getTime());
}

const SPAN_HOURS = 2;
const WEIGHTS = { contact: 3, engagement: 1, failure: -1 } as const;
const SHOWN = 3;

export interface CallTimes {
  readonly hours: readonly {
    readonly weekday: number | null;
    readonly from: number;
    readonly to: number;
    readonly score: number;
    readonly why: 'contact' | 'engagement';
  }[];
  /** Hours (start of two) in which it was tried twice or more and never reached. */
  readonly avoid: readonly number[];
  readonly zone: string;
}

/** When to call: the two-hour spans in which the lead was reached or active before, less those in which it never answered. */
export function callTimes(tries: readonly Try[], engagements: readonly Date[], zone: string): CallTimes {
  const spans = new Map<number, { score: number; contacts: number[]; failures: number; engaged: number }>();
  const span = (at: Date) => {
    const local = DateTime.fromJSDate(at, { zone });
    const from = Math.floor(local.hour / SPAN_HOURS) * SPAN_HOURS;
    const known = spans.get(from) ?? { score: 0, contacts: [], failures: 0, engaged: 0 };
    spans.set(from, known);
    return { known, weekday: local.weekday };
  };
  for (const one of tries) {
    const { known, weekday } = span(one.at);
    if (isContact(one)) {
      known.contacts.push(weekday);
      known.score += WEIGHTS.contact;
    } else if (one.kind === 'call') {
      known.failures += 1;
      known.score += WEIGHTS.failure;
    }
  }
  for (const at of engagements) {
    const { known } = span(at);
    known.engaged += 1;
    known.score += WEIGHTS.engagement;
  }
  const rows = [...spans].sort(([a], [b]) => a - b);
  return {
    zone,
    hours: rows
      .filter(([, one]) => one.score > 0)
      .sort(([, a], [, b]) => b.score - a.score)
      .slice(0, SHOWN)
      .map(([from, one]) => ({
        weekday: one.contacts.length > 1 && new Set(one.contacts).size === 1 ? one.contacts[0]! : null,
        from,
        to: from + SPAN_HOURS,
        score: one.score,
        why: one.contacts.length > 0 ? 'contact' : 'engagement',
      })),
    avoid: rows.filter(([, one]) => one.failures > 1 && one.contacts.length === 0).map(([from]) => from),
  };
}

export interface Counts {
  readonly owners: number;
  readonly attempts: number;
}
export interface ExhaustedRule {
  readonly owners?: number | null | undefined;
  readonly attempts?: number | null | undefined;
}

/** By which counts of its pool's rule a lead has had enough; empty = it has not. */
export const exhaustedBy = (counts: Counts, rule: ExhaustedRule): readonly (keyof Counts)[] =>
  (['owners', 'attempts'] as const).filter((what) => typeof rule[what] === 'number' && counts[what] >= rule[what]);

/** Whether a lead has had enough by the rule of its pool. */
export const isExhausted = (counts: Counts, rule: ExhaustedRule): boolean => exhaustedBy(counts, rule).length > 0;
