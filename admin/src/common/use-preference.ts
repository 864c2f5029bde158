import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDataProvider, useStore } from 'ra-core';
import { useEffect } from 'react';
import type { ConsoleProvider } from '../api/data-provider';
import { useAccess, useMe } from '../api/session-context';

const RESOURCE = 'preference';
const KEY = ['saved-views', RESOURCE];

interface Row {
  id: number;
  name: string;
  view: { value?: unknown } | null;
}
interface Rows {
  data: Row[];
  total: number;
}

/** What is on its way to the account, by the key in this browser; a choice waits for the one before it. */
const saves = new Map<string, Promise<void>>();

/**
 * A choice of the member, e.g. which columns he sees: at once in this browser, then with his account. What the account holds is taken over when
 * it arrives, unless something was chosen meanwhile. Without the right to keep saved views the choice stays in this browser.
 */
export const usePreference = <Value>(name: string, initial: Value): [Value, (value: Value) => void] => {
  const provider = useDataProvider<ConsoleProvider>();
  const client = useQueryClient();
  const access = useAccess();
  const canKeep = access.can('create', 'saved-views') && access.can('update', 'saved-views');
  const key = `preference.${useMe().member.id}.${name}`;
  const [chosen, choose] = useStore<Value | undefined>(key);
  const options = {
    queryKey: KEY,
    queryFn: () => provider.getAll<Row>('saved-views', { resource: RESOURCE }, ['id', 'ASC'], 100) as Promise<Rows>,
    staleTime: Infinity,
  };
  const { data } = useQuery({ ...options, enabled: canKeep });
  const kept = data?.data.find((one) => one.name === name)?.view?.value as Value | undefined;
  useEffect(() => {
    if (kept !== undefined && !saves.has(key)) choose(kept);
  }, [kept, key, choose]);

  const save = async (value: Value): Promise<void> => {
    const { data: rows } = await client.ensureQueryData(options);
    const row = rows.find((one) => one.name === name);
    const view = { value };
    const { data: stored } = row
      ? await provider.update<Row>('saved-views', { id: row.id, data: { view }, previousData: row })
      : await provider.create<Omit<Row, 'id'>, Row>('saved-views', { data: { name, resource: RESOURCE, view } as Omit<Row, 'id'> });
    client.setQueryData<Rows>(KEY, (old) => {
      const rest = (old?.data ?? []).filter((one) => one.name !== name);
      return { data: [...rest, { id: stored.id, name, view }], total: rest.length + 1 };
    });
  };
  const set = (value: Value): void => {
    choose(value);
    if (!canKeep) return;
    const saving = (saves.get(key) ?? Promise.resolve())
      .then(() => save(value))
      .catch(() => {
        // The choice holds in this browser; it is kept with the account the next time it is changed.
      })
      .finally(() => {
        if (saves.get(key) === saving) saves.delete(key);
      });
    saves.set(key, saving);
  };
  return [chosen ?? kept ?? initial, set];
};
