import { useQueryClient } from '@tanstack/react-query';
import { useNotify } from 'ra-core';
import { useState } from 'react';
import { API, httpClient } from '../../api/http-client';
import { useRefusalWords } from '../kit/refusal-words';
import { positionsAfter } from './order';
import type { PolicyRecord } from './types';

/** Moves a policy among those in use. Positions are written one after another; the list is read again whatever happened. */
export const useOrder = (resource: string, inUse: readonly PolicyRecord[]) => {
  const client = useQueryClient();
  const notify = useNotify();
  const refusal = useRefusalWords(resource);
  const [busy, setBusy] = useState(false);
  const move = async (from: number, to: number): Promise<void> => {
    setBusy(true);
    try {
      for (const { id, position } of positionsAfter(inUse, from, to))
        await httpClient<unknown>(`${API}/${resource}/${id}`, { method: 'PUT', body: JSON.stringify({ position }) });
    } catch (cause) {
      notify(refusal(cause), { type: 'error' });
    }
    await Promise.all([['policy', resource], [resource], ['meta']].map((queryKey) => client.invalidateQueries({ queryKey })));
    setBusy(false);
  };
  return { busy, move };
};
