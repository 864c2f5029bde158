import { API, ApiError } from './http-client';
import { session } from './session';
import { viewAs } from './view-as';

interface Refused {
  readonly error?: { readonly message?: string; readonly details?: Record<string, unknown> & { code?: string } };
}

/**
 * Saves an answer of the API as a file; a plain link could not carry the token.
 * @throws ApiError what the server refused, so that no refusal is saved as if it were the file
 */
export async function saveFile(path: string, name: string): Promise<void> {
  const headers = new Headers({ Authorization: `Bearer ${session.token() ?? ''}` });
  const view = viewAs.get();
  if (view) headers.set(viewAs.header, view.as);
  const response = await fetch(`${API}${path}`, { headers }).catch(() => {
    throw new ApiError(0, 'NETWORK', 'The server cannot be reached.');
  });
  if (!response.ok) {
    const { error = {} } = (await response.json().catch(() => ({}))) as Refused;
    throw new ApiError(response.status, error.details?.code ?? 'SERVER_ERROR', error.message ?? response.statusText, error.details);
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
