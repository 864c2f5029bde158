import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify } from 'ra-core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { API, getJson, httpClient, postJson } from '../../api/http-client';
import { sameBody } from '../kit/diff';
import type { Issue } from '../kit/form-context';
import { issuesOf } from '../kit/issues';
import type { Finding, HistoryEntry, PolicyRecord } from './types';

export interface PolicyEditing {
  readonly record: PolicyRecord;
  readonly body: unknown;
  readonly name: string;
  readonly dirty: boolean;
  readonly busy: boolean;
  readonly issues: readonly Issue[];
  readonly error: unknown;
  readonly findings: readonly Finding[];
  setBody(change: (body: unknown) => unknown): void;
  setName(name: string): void;
  /** Saves the draft; false when the server refused it. */
  save(): Promise<boolean>;
  discard(): void;
  publish(note: string, options?: Readonly<Record<string, unknown>>): Promise<boolean>;
  revert(versionId: number): Promise<boolean>;
  /** Takes the policy out of use; with a plan for what depends on it, by the verb of its kind. */
  retire(plan?: Readonly<Record<string, unknown>>): Promise<boolean>;
}

interface Told {
  readonly pendingReview?: number;
}

const key = (resource: string, id: number, what: string) => ['policy', resource, id, what] as const;

export const usePolicyRecord = (resource: string, id: number) =>
  useQuery({ queryKey: key(resource, id, 'record'), queryFn: ({ signal }) => getJson<PolicyRecord>(`/${resource}/${id}`, signal) });

export const useHistory = (resource: string, id: number) =>
  useQuery({
    queryKey: key(resource, id, 'history'),
    queryFn: ({ signal }) => getJson<HistoryEntry[]>(`/${resource}/${id}/history`, signal),
  });

/** What publishing the saved draft would do; asked only when `enabled`. */
export const usePreview = (resource: string, id: number, stamp: string | null, enabled: boolean) =>
  useQuery({
    queryKey: [...key(resource, id, 'preview'), stamp],
    queryFn: () => postJson<Record<string, unknown>>(`/${resource}/${id}/preview`, {}),
    enabled,
    retry: false,
  });

/** Edits the draft of one policy: what was typed, what is saved, what the server says about it. */
export const usePolicyEditing = (resource: string, record: PolicyRecord): PolicyEditing => {
  const client = useQueryClient();
  const [body, setBody] = useState<unknown>(record.draft);
  const [name, setName] = useState(record.name);
  const [saved, setSaved] = useState({ body: record.draft, name: record.name });
  const [issues, setIssues] = useState<readonly Issue[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const notify = useNotify();
  /** Where a second person has to agree, nothing is live yet: say so. */
  const told = useCallback(
    (answer: Told): void => {
      if (answer.pendingReview) notify('setup.review.asked', { type: 'info' });
    },
    [notify],
  );
  const dirty = name !== saved.name || !sameBody(body, saved.body);

  const lint = useQuery({
    queryKey: [...key(resource, record.id, 'lint'), record.draftChangedAt],
    queryFn: () => postJson<Finding[]>(`/${resource}/${record.id}/lint`, {}),
    retry: false,
  });

  const changedElsewhere = !dirty && (record.name !== saved.name || !sameBody(record.draft, saved.body));
  useEffect(() => {
    // A draft that changed elsewhere is taken over only while nothing is being edited here.
    if (!changedElsewhere) return;
    setBody(record.draft);
    setName(record.name);
    setSaved({ body: record.draft, name: record.name });
  }, [changedElsewhere, record.draft, record.name]);

  const refresh = useCallback(
    () => Promise.all([['policy', resource], [resource], ['meta']].map((queryKey) => client.invalidateQueries({ queryKey }))),
    [client, resource],
  );

  const attempt = useCallback(
    async (work: () => Promise<void>): Promise<boolean> => {
      setBusy(true);
      setIssues([]);
      setError(null);
      try {
        await work();
        await refresh();
        return true;
      } catch (cause) {
        setIssues(issuesOf(cause));
        setError(cause);
        return false;
      } finally {
        setBusy(false);
      }
    },
    [refresh],
  );

  const write = useCallback(async (): Promise<void> => {
    const { json } = await httpClient<PolicyRecord>(`${API}/${resource}/${record.id}`, {
      method: 'PUT',
      body: JSON.stringify({ name, draft: body }),
    });
    setBody(json.draft);
    setSaved({ body: json.draft, name: json.name });
    client.setQueryData(key(resource, record.id, 'record'), json);
  }, [body, client, name, record.id, resource]);

  return useMemo(
    () => ({
      record,
      body,
      name,
      dirty,
      busy,
      issues,
      error,
      findings: lint.data ?? [],
      setBody,
      setName,
      save: () => attempt(write),
      discard: () => {
        setBody(saved.body);
        setName(saved.name);
        setIssues([]);
        setError(null);
      },
      publish: (note: string, options?: Readonly<Record<string, unknown>>) =>
        attempt(async () => {
          if (dirty) await write();
          told(await postJson<Told>(`/${resource}/${record.id}/publish`, { note: note || null, ...(options ? { options } : {}) }));
        }),
      retire: (plan?: Readonly<Record<string, unknown>>) =>
        attempt(async () => {
          if (plan) await postJson(`/${resource}/${record.id}/retire`, plan);
          else await httpClient<unknown>(`${API}/${resource}/${record.id}`, { method: 'DELETE' });
        }),
      revert: (versionId: number) =>
        attempt(async () => {
          told(await postJson<Told>(`/${resource}/${record.id}/revert`, { version: versionId }));
          const fresh = await getJson<PolicyRecord>(`/${resource}/${record.id}`);
          setBody(fresh.draft);
          setSaved({ body: fresh.draft, name: fresh.name });
          client.setQueryData(key(resource, record.id, 'record'), fresh);
        }),
    }),
    [attempt, body, busy, client, dirty, error, issues, lint.data, name, record, resource, saved, told, write],
  );
};
