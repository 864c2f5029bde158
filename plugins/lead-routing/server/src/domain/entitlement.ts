import type { Seat } from './seats';

/** What one person was owed of a group in a batch: the sum of his shares in each lead given while he took part. */
export interface Entitled {
  readonly group: string;
  readonly member: number;
  readonly leads: number;
  readonly value: number;
}

export interface Entitlements {
  add(group: string, peers: readonly Seat[], value: number): void;
  list(): readonly Entitled[];
}

export function createEntitlements(): Entitlements {
  const byGroup = new Map<string, Map<number, { leads: number; value: number }>>();
  return {
    add: (group, peers, value) => {
      const weight = peers.reduce((sum, seat) => sum + seat.weight, 0);
      if (weight <= 0) return;
      const known = byGroup.get(group) ?? new Map<number, { leads: number; value: number }>();
      byGroup.set(group, known);
      for (const seat of peers) {
        const sums = known.get(seat.id) ?? { leads: 0, value: 0 };
        sums.leads += seat.weight / weight;
        sums.value += (value * seat.weight) / weight;
        known.set(seat.id, sums);
      }
    },
    list: () => [...byGroup].flatMap(([group, members]) => [...members].map(([member, sums]) => ({ group, member, ...sums }))),
  };
}
