import { DateTime } from 'luxon';

/** Everything a draw depends on besides the seed; stored with its result, so that anybody can do it again. */
export interface DrawInputs {
  /** Best first: they are drawn in this order. */
  readonly leads: readonly number[];
  readonly entries: readonly {
    readonly member: number;
    /** Wished for; empty = any. */
    readonly leads: readonly number[];
    /** Tickets in every draw he takes part in. */
    readonly weight: number;
    /** Leads received lately, from which the weight came. */
    readonly received: number;
    /** What his limits leave him. */
    readonly max: number;
    /** Leads that are not for him (cooling, not contactable). */
    readonly excluded: readonly number[];
  }[];
  readonly perPerson: number;
}
export interface Drawn {
  readonly lead: number;
  readonly member: number;
}

/** SHA-256 of UTF-8 text as lower-case hex. What is published when a round opens is the hash of its seed. */
export type Sha256 = (text: string) => string;

/** A whole number from the seed, the same for everybody who does the draw again. */
const ticketOf = (sha256: Sha256, seed: string, lead: number, tickets: bigint): bigint =>
  BigInt(`0x${sha256(`${seed}:${lead}`)}`) % tickets;

/**
 * Draws each lead among those who wished for it and still may take one, each with as many tickets as his weight; people stand in id order.
 * Whole numbers only: the same inputs and seed give the same result on every machine.
 */
export function draw(inputs: DrawInputs, seed: string, sha256: Sha256): readonly Drawn[] {
  const people = [...inputs.entries].sort((a, b) => a.member - b.member);
  const won = new Map<number, number>();
  return inputs.leads.flatMap((lead): Drawn[] => {
    const able = people.filter(
      (one) =>
        one.weight > 0 &&
        (won.get(one.member) ?? 0) < Math.min(one.max, inputs.perPerson) &&
        (one.leads.length === 0 || one.leads.includes(lead)) &&
        !one.excluded.includes(lead),
    );
    const tickets = able.reduce((sum, one) => sum + BigInt(one.weight), 0n);
    if (tickets === 0n) return [];
    let left = ticketOf(sha256, seed, lead, tickets);
    for (const one of able) {
      if (left < BigInt(one.weight)) {
        won.set(one.member, (won.get(one.member) ?? 0) + 1);
        return [{ lead, member: one.member }];
      }
      left -= BigInt(one.weight);
    }
    return [];
  });
}

const EVEN = 100;
const BOUNDS = { least: 25, most: 400 } as const;

/** Tickets by fairness balance: 100 for the average, up to four times as many for who received little, down to a quarter for who received much. */
export function balancedWeights(received: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const counts = [...received.values()];
  const mean = counts.length === 0 ? 0 : counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return new Map(
    [...received].map(([member, count]) => [
      member,
      Math.min(BOUNDS.most, Math.max(BOUNDS.least, Math.round((EVEN * (mean + 1)) / (count + 1)))),
    ]),
  );
}

/** The next opening of rounds after `now`: weekdays 1–7 (Monday first) at a wall time in a zone; null = only by hand. */
export function nextRound(plan: { readonly days: readonly number[]; readonly at: string }, zone: string, now: Date): Date | null {
  if (plan.days.length === 0) return null;
  const [hour = 0, minute = 0] = plan.at.split(':').map(Number);
  const today = DateTime.fromJSDate(now, { zone }).startOf('day');
  for (let ahead = 0; ahead <= 7; ahead += 1) {
    const day = today.plus({ days: ahead });
    const at = day.set({ hour, minute });
    if (plan.days.includes(day.weekday) && at.toMillis() > now.getTime()) return at.toJSDate();
  }
  return null;
}
