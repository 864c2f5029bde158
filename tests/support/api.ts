/** A small client for the console API, as a program outside would write one. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface Api {
  readonly url: string;
  readonly token: string | null;
  get<T = unknown>(path: string): Promise<Answer<T>>;
  post<T = unknown>(path: string, body?: unknown): Promise<Answer<T>>;
  put<T = unknown>(path: string, body?: unknown): Promise<Answer<T>>;
  delete<T = unknown>(path: string): Promise<Answer<T>>;
  /** The same client carrying the token of this person. */
  login(identifier: string, password: string): Promise<Api>;
}

async function parse<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text) as T;
}

/** Paths are full (`/api/console/leads`); a FormData body is sent as it is, anything else as JSON. */
export function api(url: string, token: string | null = null): Api {
  const send = async <T>(method: string, path: string, body?: unknown): Promise<Answer<T>> => {
    const form = body instanceof FormData;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : form ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: await parse<T>(response) };
  };
  return {
    url,
    token,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body ?? {}),
    put: (path, body) => send('PUT', path, body ?? {}),
    delete: (path) => send('DELETE', path),
    login: async (identifier, password) => {
      const { status, body } = await send<{ jwt?: string }>('POST', '/api/auth/local', { identifier, password });
      if (!body.jwt) throw new Error(`Login of ${identifier} was refused (${status}): ${JSON.stringify(body)}`);
      return api(url, body.jwt);
    },
  };
}
