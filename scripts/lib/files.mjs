/** Walking and fingerprinting source trees, and writing files so that a reader never sees half of one. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', 'build', '.git', '.cache', '.data', '.strapi', 'coverage', 'test-results']);

/** All files below a folder (absolute paths, sorted); a folder that is absent gives none. */
export async function walk(dir, keep = () => true) {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map((entry) => {
      const full = path.join(dir, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : walk(full, keep);
      return entry.isFile() && keep(full) ? [full] : [];
    }),
  );
  return found.flat().sort();
}

export const hashOf = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
};

/** One fingerprint for many files: names and contents. */
export async function fingerprint(files, ...extra) {
  const hashes = await Promise.all(files.map(async (file) => `${file}:${hashOf(await readFile(file))}`));
  return hashOf(...hashes, ...extra);
}

/** Writes through a temporary name, so that two builds at once cannot leave a torn file. */
export async function writeWhole(file, content, options) {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  await writeFile(temporary, content, options);
  await rename(temporary, file);
}

export async function readJson(file, fallback) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return fallback;
  }
}

export const exists = (file) =>
  stat(file).then(
    () => true,
    () => false,
  );
