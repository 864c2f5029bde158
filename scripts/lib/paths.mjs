/** Where things are. Every script takes its folders from here. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const fromRoot = (...parts) => path.join(root, ...parts);
export const cacheDir = fromRoot('.cache');
export const distDir = fromRoot('dist');
/** Database files, secrets and logs of this installation. */
export const dataDir = path.resolve(root, process.env.LEADSEA_DATA || '.data');
export const shown = (file) => {
  const relative = path.relative(root, file);
  return relative.startsWith('..') ? file : relative || '.';
};
