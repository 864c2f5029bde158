import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { HostContext } from '../../../contracts';
import { createPackedFiles, takesGzip } from './packed-files';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.map': 'application/json; charset=utf-8',
};

const PREFIX = '/console';

/** Scripts only from here; inline styles because the component library writes them. Nobody may frame the console. */
const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
};

async function fileAt(folder: string, relative: string): Promise<{ path: string; size: number } | null> {
  const full = path.resolve(folder, `.${path.posix.normalize(`/${relative}`)}`);
  if (full !== folder && !full.startsWith(folder + path.sep)) return null;
  try {
    const found = await stat(full);
    return found.isFile() ? { path: full, size: found.size } : null;
  } catch {
    return null;
  }
}

/** Serves the built console below /console, packed for who takes that; unknown paths without an ending get the page itself, so that links can be shared. */
export function serveConsole(folder: string): (ctx: HostContext, next: () => Promise<void>) => Promise<void> {
  const packed = createPackedFiles();
  return async (ctx, next) => {
    if ((ctx.method !== 'GET' && ctx.method !== 'HEAD') || (ctx.path !== PREFIX && !ctx.path.startsWith(`${PREFIX}/`))) return next();
    let relative: string;
    try {
      relative = decodeURIComponent(ctx.path.slice(PREFIX.length)) || '/';
    } catch {
      ctx.status = 400;
      return;
    }
    const asset = relative === '/' ? null : await fileAt(folder, relative);
    const file = asset ?? (path.extname(relative) === '' ? await fileAt(folder, 'index.html') : null);
    if (!file) {
      ctx.status = 404;
      ctx.type = 'text/plain';
      ctx.body = path.extname(relative) === '' ? 'The console is not built yet: run `npm run build`.' : 'Not found';
      return;
    }
    ctx.status = 200;
    for (const [header, value] of Object.entries(HEADERS)) ctx.set(header, value);
    ctx.set('Content-Type', TYPES[path.extname(file.path)] ?? 'application/octet-stream');
    ctx.set('Cache-Control', relative.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    ctx.set('Vary', 'Accept-Encoding');
    const bytes = takesGzip(ctx.get('Accept-Encoding')) ? await packed(file.path) : null;
    ctx.set('Content-Length', String(bytes?.length ?? file.size));
    if (bytes) ctx.set('Content-Encoding', 'gzip');
    if (ctx.method === 'HEAD') return;
    ctx.body = bytes ?? createReadStream(file.path);
  };
}
