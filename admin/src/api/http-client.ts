import { HttpError } from 'ra-core';
import { session } from './session';
import { viewAs } from './view-as';

export const API = '/api/console';

interface ErrorBody {
  error?: { status?: number; name?: string; message?: string; details?: Record<string, unknown> & { code?: string } };
}

/** A refusal of the server: the stable `code` decides what is shown, `details` fill the words. */
export class ApiError extends HttpError {
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(status: number, code: string, message: string, details: Record<string, unknown> = {}) {
    super(message, status, { details });
    // HttpError sets its own prototype, which would hide that this is an ApiError.
    Object.setPrototypeOf(this, ApiError.prototype);
    this.name = 'ApiError';
    this.code = code;
    this.details = details;
  }
}

export interface HttpAnswer<T> {
  status: number;
  headers: Headers;
  body: string;
  json: T;
}

const codeOf = (status: number, details: Record<string, unknown> & { code?: string }): string => {
  if (typeof details.code === 'string') return details.code;
  if (status === 401) return 'UNAUTHORIZED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 404) return 'NOT_FOUND';
  return status >= 500 ? 'SERVER_ERROR' : 'BAD_REQUEST';
};

/**
 * fetch with the bearer token, JSON in and out. It has the signature `ra-data-simple-rest` expects of its client.
 * @throws ApiError for every answer outside 2xx, with code `NETWORK` when there was no answer.
 */
export const httpClient = async <T = never>(url: string, options: RequestInit = {}): Promise<HttpAnswer<T>> => {
  const headers = new Headers(options.headers);
  const token = session.token();
  if (token) headers.set('Authorization', `Bearer ${token}`);
  const view = viewAs.get();
  if (view) headers.set(viewAs.header, view.as);
  if (!headers.has('Accept')) headers.set('Accept', 'application/json');
  if (typeof options.body === 'string') headers.set('Content-Type', 'application/json');
  let response: Response;
  try {
    response = await fetch(url, { ...options, headers });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, 'NETWORK', 'The server cannot be reached.');
  }
  const body = await response.text();
  let json: T & ErrorBody;
  try {
    json = (body ? JSON.parse(body) : null) as T & ErrorBody;
  } catch {
    throw new ApiError(response.status, 'BAD_ANSWER', `The server answered ${response.status} without JSON.`);
  }
  if (!response.ok) {
    const error = json?.error ?? {};
    const details = error.details ?? {};
    throw new ApiError(response.status, codeOf(response.status, details), error.message ?? response.statusText, details);
  }
  return { status: response.status, headers: response.headers, body, json };
};

export const getJson = async <T>(path: string, signal?: AbortSignal): Promise<T> => (await httpClient<T>(`${API}${path}`, { signal })).json;

export const postJson = async <T>(path: string, body: unknown): Promise<T> =>
  (await httpClient<T>(`${API}${path}`, { method: 'POST', body: JSON.stringify(body) })).json;

export const putJson = async <T>(path: string, body: unknown): Promise<T> =>
  (await httpClient<T>(`${API}${path}`, { method: 'PUT', body: JSON.stringify(body) })).json;

export const deleteJson = async <T>(path: string): Promise<T> => (await httpClient<T>(`${API}${path}`, { method: 'DELETE' })).json;
