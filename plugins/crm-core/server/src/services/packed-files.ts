import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

const pack = promisify(gzip);

/** What is text gets smaller by packing; pictures and fonts are packed already. */
const TEXTS = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest', '.map']);
/** Smaller files gain nothing. */
const LEAST_BYTES = 1024;

/** Whether whoever asks takes gzip, by his `Accept-Encoding`: `gzip;q=0` says no, and so does saying nothing. */
export const takesGzip = (accepted: string): boolean =>
  accepted.split(',').some((one) => {
    const [coding = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return (coding === 'gzip' || coding === '*') && (weight === undefined || Number(weight) > 0);
  });

interface Kept {
  readonly stamp: string;
  readonly bytes: Promise<Buffer>;
}

/**
 * Files packed with gzip, each once while it stays as it is; they are kept in memory, a megabyte or two for a whole console. Null for what
 * is not worth it.
 */
export function createPackedFiles(): (file: string) => Promise<Buffer | null> {
  const kept = new Map<string, Kept>();
  return async (file) => {
    if (!TEXTS.has(path.extname(file))) return null;
    const { size, mtimeMs } = await stat(file);
    if (size < LEAST_BYTES) return null;
    const stamp = `${size} ${mtimeMs}`;
    const known = kept.get(file);
    if (known?.stamp === stamp) return known.bytes;
    const bytes = readFile(file).then((plain) => pack(plain, { level: constants.Z_BEST_COMPRESSION }));
    kept.set(file, { stamp, bytes });
    // What could not be read now may be read the next time.
    bytes.catch(() => kept.delete(file));
    return bytes;
  };
}
