import { moved } from '../kit/tree';

interface Placed {
  readonly id: number;
  readonly position: number;
}

/**
 * The positions to write so that the policy at `from` stands at `to`; those that keep theirs are left out.
 * Positions in use are dealt out anew; where two are equal, all are numbered from 0.
 * @param policies those in use, as they stand in the list
 */
export const positionsAfter = (policies: readonly Placed[], from: number, to: number): Placed[] => {
  const distinct = policies.every((policy, index) => index === 0 || policy.position > (policies[index - 1]?.position ?? 0));
  return moved(policies, from, to).flatMap((policy, index) => {
    const position = distinct ? (policies[index]?.position ?? index) : index;
    return position === policy.position ? [] : [{ id: policy.id, position }];
  });
};

/** Behind all others. */
export const nextPosition = (policies: readonly Placed[]): number => Math.max(-1, ...policies.map((policy) => policy.position)) + 1;
