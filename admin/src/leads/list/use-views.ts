import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useMemo } from 'react';
import type { ConsoleProvider } from '../../api/data-provider';
import { useRefusalText } from '../../api/errors';
import { useAccess, useMe } from '../../api/session-context';
import type { SavedView } from '../../api/types';
import type { FilterValues } from './filters';

export interface View {
  id: number | string;
  name: string;
  filter: FilterValues;
  sort?: [string, 'ASC' | 'DESC'] | null;
  columns?: string[] | null;
  /** The member's own: he may rename, replace, share and delete it. */
  own?: boolean;
  shared?: boolean;
  owner?: number | null;
}

type Content = Pick<View, 'filter' | 'sort' | 'columns'>;

const MANY = 200;

export interface Views {
  builtIn: View[];
  own: View[];
  /** What colleagues share. */
  shared: View[];
  canSave: boolean;
  create(name: string, view: Content, shared: boolean): Promise<void>;
  change(view: View, part: { name?: string; shared?: boolean; view?: Content }): Promise<void>;
  remove(view: View): Promise<void>;
}

const asView = ({ id, name, view, owner, shared }: SavedView): View => ({ id, name, ...view, filter: view?.filter ?? {}, owner, shared });

/** The views of the lead list: those the product brings, one's own, and those shared by colleagues. */
export const useViews = (): Views => {
  const translate = useTranslate();
  const provider = useDataProvider<ConsoleProvider>();
  const client = useQueryClient();
  const notify = useNotify();
  const refusalText = useRefusalText();
  const me = useMe().member;
  const access = useAccess();
  const saved = useQuery({
    queryKey: ['saved-views', 'leads'],
    queryFn: () => provider.getAll<SavedView>('saved-views', { resource: 'leads' }, ['name', 'ASC'], MANY),
    enabled: access.can('read', 'saved-views'),
  });
  const others = useQuery({
    queryKey: ['shared-views', 'leads'],
    queryFn: () => provider.getAll<SavedView>('shared-views', { resource: 'leads' }, ['name', 'ASC'], MANY),
    enabled: access.can('read', 'shared-views'),
  });
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      await Promise.all(['saved-views', 'shared-views'].map((name) => client.invalidateQueries({ queryKey: [name] })));
    } catch (error) {
      notify(refusalText(error), { type: 'error' });
    }
  };
  return useMemo(
    () => ({
      builtIn: [
        { id: 'all', name: translate('views.all'), filter: {} },
        { id: 'mine', name: translate('views.mine'), filter: { owner_in: [me.id] } },
        { id: 'hot', name: translate('views.hot'), filter: { label_in: ['hot'] } },
        { id: 'unowned', name: translate('views.unowned'), filter: { owner_null: true } },
      ],
      own: (saved.data?.data ?? []).map((view) => ({ ...asView(view), own: true })),
      shared: (others.data?.data ?? []).filter((view) => view.owner !== me.id).map(asView),
      canSave: access.can('create', 'saved-views'),
      create: (name, view, shared) => attempt(() => provider.create('saved-views', { data: { name, resource: 'leads', view, shared } })),
      change: (view, part) => attempt(() => provider.update('saved-views', { id: view.id, data: part, previousData: { id: view.id } })),
      remove: (view) => attempt(() => provider.delete('saved-views', { id: view.id })),
    }),
    // `attempt` uses only what is stable for the life of the page.
    [translate, me.id, saved.data, others.data, access, provider],
  );
};
