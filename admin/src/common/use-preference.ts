import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDataProvider } from 'ra-core';
import { useCallback, useRef } from 'react';
import type { ConsoleProvider } from '../api/data-provider';
import { useAccess } from '../api/session-context';

const RESOURCE = 'preference';
const KEY = ['saved-views', RESOURCE];
const LOCAL = 'leadsea.preference.';

interface Row {
  id: number;
  name: string;
  view: { value?: unknown } | null;
}
interface Rows {
  data: Row[];
  total: number;
}

const kept = (name: string): unknown => {
  try {
    return JSON.parse(localStorage.getItem(LOCAL + name) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
};

/**
 * A choice of the member, e.g. which columns he sees, kept with his account and remembered in this browser for the first paint. Without the
 * right to keep saved views it stays in this browser.
 */
export const usePreference = <Value>(name: string, initial: Value): [Value, (value: Value) => void] => {
  const provider = useDataProvider<ConsoleProvider>();
  const client = useQueryClient();
  const access = useAccess();
  const canKeep = access.can('create', 'saved-views') && access.can('update', 'saved-views');
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: () => provider.getAll<Row>('saved-views', { resource: RESOURCE }, ['id', 'ASC'], 100),
    enabled: canKeep,
    staleTime: Infinity,
  });
  const row = data?.data.find((one) => one.name === name);
  const creating = useRef<Promise<{ data: { id: number } }> | null>(null);
  const set = useCallback(
    (value: Value) => {
      localStorage.setItem(LOCAL + name, JSON.stringify(value));
      if (!canKeep) return void client.invalidateQueries({ queryKey: KEY });
      const view = { value };
      client.setQueryData<Rows>(KEY, (old) => {
        const rest = (old?.data ?? []).filter((one) => one.name !== name);
        return { data: [...rest, { id: row?.id ?? -1, name, view }], total: rest.length + 1 };
      });
      const store = async (): Promise<void> => {
        let id = row && row.id > 0 ? row.id : null;
        if (id === null && creating.current) id = (await creating.current).data.id;
        if (id !== null) {
          await provider.update('saved-views', { id, data: { view }, previousData: { id } });
          return;
        }
        creating.current = provider.create('saved-views', { data: { name, resource: RESOURCE, view } });
        const { data: made } = await creating.current;
        client.setQueryData<Rows>(KEY, (old) => ({
          data: (old?.data ?? []).map((one) => (one.name === name ? { ...one, id: made.id } : one)),
          total: old?.total ?? 1,
        }));
      };
      store().catch(() => {
        // The choice holds in this browser; it is kept with the account the next time it is changed.
      });
      return undefined;
    },
    [canKeep, client, name, provider, row],
  );
  const value = (row?.view?.value ?? kept(name) ?? initial) as Value;
  return [value, set];
};
