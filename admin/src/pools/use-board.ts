import { useQuery } from '@tanstack/react-query';
import { useDataProvider } from 'ra-core';
import { useMemo } from 'react';
import type { ConsoleProvider } from '../api/data-provider';
import { useAccess } from '../api/session-context';
import type { PoolCard } from '../api/types';

/** The pools this person sees, with his limits; one query for all pages of the pools. */
export const useBoard = () => {
  const provider = useDataProvider<ConsoleProvider>();
  return useQuery({ queryKey: ['pools-board'], queryFn: () => provider.poolsBoard(), refetchInterval: 60_000 });
};

export interface PoolDuties {
  /** Keeps at least one pool: sees reports, evidence and requests. */
  readonly manages: boolean;
  /** Hands over the leads of others: keeps pools, or answers for people. Everybody else only his own. */
  readonly forOthers: boolean;
  readonly queues: readonly PoolCard[];
  readonly drops: readonly PoolCard[];
}

/** What of the pools concerns this person. */
export const usePoolDuties = (): PoolDuties => {
  const access = useAccess();
  const { data } = useBoard();
  return useMemo(() => {
    const pools = data ?? [];
    const manages = access.can('update', 'pools') || pools.some((pool) => pool.rights?.includes('manage'));
    return {
      manages,
      forOthers: manages || access.can('recycle', 'leads'),
      // Others see that there is one, but nothing is handed out to them.
      queues: pools.filter((pool) => pool.kind === 'pull' && pool.rights?.some((right) => right === 'claim' || right === 'manage')),
      drops: pools.filter((pool) => pool.kind === 'drop'),
    };
  }, [access, data]);
};
