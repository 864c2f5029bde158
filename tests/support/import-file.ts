import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Api } from './api';
import type { Company } from './fixtures';

/** Files of real leads beside the project; tests that read them are left out where they are absent. */
const folder = path.resolve(__dirname, '../../../shared/data');
export const sharedFile = (name: string): string => path.join(folder, name);
export const hasSharedData = existsSync(folder);
export const withSharedData = hasSharedData ? describe : describe.skip;
if (!hasSharedData) process.stdout.write('The folder ../shared/data is absent: tests on real files are skipped.\n');

export interface Column {
  readonly column: string;
  readonly target: string | null;
  readonly part?: string;
  readonly create?: { readonly key: string; readonly type: string } | null;
  readonly options?: Record<string, unknown>;
}
export interface ImportView {
  readonly id: number;
  readonly kind: string;
  readonly targets: readonly { readonly key: string }[];
  readonly status: string;
  readonly headers: readonly string[];
  readonly samples: readonly (readonly string[])[];
  readonly mapping: readonly Column[];
  readonly options: Record<string, unknown>;
  readonly sniffed: { readonly delimiter: string; readonly encoding: string };
  readonly warning: { readonly code: string } | null;
  readonly progress: Record<string, number> & { readonly done: number; readonly total: number };
  readonly dryRun: {
    readonly rows: number;
    readonly create: number;
    readonly update: number;
    readonly duplicate: number;
    readonly errors: number;
    readonly reasons: readonly { readonly code: string; readonly count: number }[];
    readonly newFields: readonly string[];
  } | null;
  readonly revert: {
    readonly removed: number;
    readonly restored: number;
    readonly conflictCount: number;
    readonly conflicts: readonly { readonly lead: number | null; readonly record?: number; readonly code: string }[];
  } | null;
}

export const uploadBytes = async (as: Api, name: string, bytes: Uint8Array | string, options: object = {}, kind?: string) => {
  const form = new FormData();
  if (kind) form.set('kind', kind);
  form.set('options', JSON.stringify(options));
  form.set('file', new Blob([typeof bytes === 'string' ? bytes : Uint8Array.from(bytes)]), name);
  return as.post<ImportView & { readonly error?: { readonly details: { readonly code: string } } }>('/api/console/imports', form);
};

export async function upload(as: Api, file: string, options: object = {}): Promise<ImportView> {
  const { status, body } = await uploadBytes(as, path.basename(file), await readFile(file), options);
  if (status !== 200) throw new Error(`Upload of ${file} was refused: ${JSON.stringify(body)}`);
  return body;
}

const BUSY = new Set(['running', 'checking', 'reverting']);

export async function settled(as: Api, id: number): Promise<ImportView> {
  for (let tries = 0; tries < 1500; tries += 1) {
    const { body } = await as.get<ImportView>(`/api/console/imports/${id}`);
    if (!BUSY.has(body.status)) return body;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`Import ${id} does not end.`);
}

/** Asks for a step of the import and waits until it has ended. */
export async function perform(as: Api, id: number, step: 'start' | 'dry-run' | 'revert'): Promise<ImportView> {
  const { status, body } = await as.post(`/api/console/imports/${id}/${step}`);
  if (status !== 200) throw new Error(`${step} of import ${id} was refused: ${JSON.stringify(body)}`);
  return settled(as, id);
}

/** Uploads and imports in one go with the proposed mapping, changed by `map` where given. */
export async function importFile(
  as: Api,
  file: string,
  options: object = {},
  map?: (columns: readonly Column[]) => readonly Column[],
): Promise<ImportView> {
  const draft = await upload(as, file, options);
  if (map) {
    const { status, body } = await as.put(`/api/console/imports/${draft.id}`, { mapping: map(draft.mapping) });
    if (status !== 200) throw new Error(`The mapping was refused: ${JSON.stringify(body)}`);
  }
  return perform(as, draft.id, 'start');
}

/** Kills the server in the middle of an import, a thousand rows in, and starts it again; the job is free for it at once. */
export async function crashDuring({ db, server }: Pick<Company, 'db' | 'server'>, importId: number): Promise<void> {
  for (;;) {
    const row = await db('crm_imports').where({ id: importId }).first<{ done: number }>('done');
    if (row.done >= 1000) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await server.kill9();
  await db.raw(`UPDATE crm_jobs SET locked_until = now() - interval '1 second' WHERE kind = 'leads.import' AND state = 'running'`);
  await server.restart();
}
