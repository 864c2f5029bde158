import { LIMIT_CODES } from '../../../../plugins/lead-pools/contracts/limit-codes';
import { createContext, useCallback, useContext } from 'react';
import { useAccess } from '../../api/session-context';
import type { BulkResult } from '../../api/types';

/** Asks the person for a reason to pass a limit; null = he leaves it. */
export type AskOverride = (refused: readonly BulkResult[]) => Promise<string | null>;

/** Whoever may not pass limits, and a page outside the frame, asks nobody. */
export const OverrideContext = createContext<AskOverride | null>(null);

export const isLimit = ({ code }: Pick<BulkResult, 'code'>): boolean => (LIMIT_CODES as readonly string[]).includes(code ?? '');

interface Outcome {
  readonly done: number[];
  readonly refused: BulkResult[];
}

/** What was done and refused altogether, after some leads were asked for once more: for those the second answer is the one that counts. */
export const merged = (first: Outcome, second: Outcome): Outcome => {
  const again = new Set([...second.done, ...second.refused.map((result) => result.id)]);
  return {
    done: [...first.done, ...second.done],
    refused: [...first.refused.filter((result) => !again.has(result.id)), ...second.refused],
  };
};

/**
 * Leads that only a limit refused are asked for once more, with a reason, where this person may pass limits.
 * @param again does the same for these leads with the override; null = it was refused altogether and he has been told
 */
export const useOverride = () => {
  const ask = useContext(OverrideContext);
  const may = useAccess().can('overrideLimit', 'leads');
  return useCallback(
    async (first: Outcome, again: (ids: number[], override: { reason: string }) => Promise<Outcome | null>): Promise<Outcome> => {
      const limited = first.refused.filter(isLimit);
      if (!ask || !may || limited.length === 0) return first;
      const reason = await ask(limited);
      if (reason === null) return first;
      const second = await again(
        limited.map((result) => result.id),
        { reason },
      );
      return second ? merged(first, second) : first;
    },
    [ask, may],
  );
};
