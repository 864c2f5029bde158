import type { FormLayout, Layout, LayoutResource, LayoutView, ListLayout } from '@leadsea/crm-core/contracts/layout';
import { useQueryClient } from '@tanstack/react-query';
import { useGetList, useNotify } from 'ra-core';
import { useEffect, useMemo, useState } from 'react';
import { API, httpClient } from '../../api/http-client';
import { sameBody } from '../kit/diff';
import { useRefusalWords } from '../kit/refusal-words';

type Body = FormLayout | ListLayout;

export interface LayoutEditing {
  readonly layouts: readonly Layout[];
  /** Absent while loading. */
  readonly body: Body | null;
  readonly error: unknown;
  /** Whether this role has a stored layout of its own. */
  readonly stored: Layout | null;
  /** What is shown while it has none. */
  readonly from: 'own' | 'common' | 'usual';
  readonly changed: boolean;
  readonly busy: boolean;
  readonly refusal: string | null;
  change(body: Body): void;
  save(): void;
  discard(): void;
  remove(): void;
}

/** One layout being edited: what is stored for this role, else what it sees instead, and the changes not saved yet. */
export const useLayout = (resource: LayoutResource, view: LayoutView, role: string | null, usual: Body): LayoutEditing => {
  const notify = useNotify();
  const words = useRefusalWords('layouts');
  const client = useQueryClient();
  const { data, error } = useGetList<Layout>('layouts', {
    pagination: { page: 1, perPage: 500 },
    sort: { field: 'id', order: 'ASC' },
    filter: {},
  });
  const [draft, setDraft] = useState<{ readonly of: string; readonly body: Body } | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const key = `${resource} ${view} ${role ?? ''}`;
  useEffect(() => setRefusal(null), [key]);
  const here = useMemo(() => (data ?? []).filter((one) => one.resource === resource && one.view === view), [data, resource, view]);
  const stored = here.find((one) => one.role === role) ?? null;
  const common = here.find((one) => one.role === null) ?? null;
  const start = stored?.body ?? common?.body ?? usual;
  const body = draft?.of === key ? draft.body : start;
  const run = async (work: () => Promise<unknown>, done: string): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      await work();
      await Promise.all([client.invalidateQueries({ queryKey: ['layouts'] }), client.invalidateQueries({ queryKey: ['meta'] })]);
      setDraft(null);
      notify(done, { type: 'info' });
    } catch (cause) {
      setRefusal(words(cause));
    } finally {
      setBusy(false);
    }
  };
  const send = (path: string, method: string, values?: unknown): Promise<unknown> =>
    httpClient<unknown>(`${API}/layouts${path}`, { method, ...(values ? { body: JSON.stringify(values) } : {}) });
  return {
    layouts: here,
    body: data ? body : null,
    error,
    stored,
    from: stored ? 'own' : common ? 'common' : 'usual',
    changed: draft?.of === key && !sameBody(draft.body, start),
    busy,
    refusal,
    change: (next) => setDraft({ of: key, body: next }),
    save: () =>
      void run(
        () => (stored ? send(`/${stored.id}`, 'PUT', { body }) : send('', 'POST', { resource, view, role, body })),
        'setup.layout.saved',
      ),
    discard: () => setDraft(null),
    remove: () => stored && void run(() => send(`/${stored.id}`, 'DELETE'), 'setup.layout.removed'),
  };
};
