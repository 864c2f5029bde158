import { API, ApiError, getJson, httpClient, postJson } from '../api/http-client';
import { session } from '../api/session';
import type { ImportKind, ImportRecord } from './types';

export const uploadFile = async ({ file, kind }: { file: File; kind: ImportKind }): Promise<ImportRecord> => {
  const form = new FormData();
  form.set('kind', kind);
  form.set('file', file);
  const { json } = await httpClient<ImportRecord>(`${API}/imports`, { method: 'POST', body: form });
  return json;
};

export const getImport = (id: number, signal?: AbortSignal): Promise<ImportRecord> => getJson(`/imports/${id}`, signal);

export const saveImport = async (
  id: number,
  values: Partial<Pick<ImportRecord, 'kind' | 'mapping' | 'options'>>,
): Promise<ImportRecord> => {
  const { json } = await httpClient<ImportRecord>(`${API}/imports/${id}`, { method: 'PUT', body: JSON.stringify(values) });
  return json;
};

export const importStep = (id: number, step: 'dry-run' | 'start' | 'cancel' | 'revert'): Promise<unknown> =>
  postJson(`/imports/${id}/${step}`, {});

/** Saves the refused rows as a file, with the bearer token a plain link could not carry. */
export const downloadErrors = async (record: ImportRecord): Promise<void> => {
  const response = await fetch(`${API}/imports/${record.id}/errors`, { headers: { Authorization: `Bearer ${session.token() ?? ''}` } });
  if (!response.ok) throw new ApiError(response.status, response.status === 403 ? 'FORBIDDEN' : 'SERVER_ERROR', response.statusText);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = `${record.fileName.replace(/\.[a-z]+$/i, '')}-errors.csv`;
  link.click();
  URL.revokeObjectURL(url);
};
