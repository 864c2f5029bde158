/** PostgreSQL runs as its own user when we are root, and must be able to walk to the project. */
import { chmodSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';
import { say } from './run.mjs';

const OTHERS_MAY_ENTER = 0o001;

/** On a CI machine, as root, lets other users walk through (not list) the folders above a checkout that was made for root alone. */
export function openWayInCi() {
  if (!process.env.CI || process.getuid?.() !== 0) return;
  for (let folder = root; folder !== path.parse(folder).root; folder = path.dirname(folder)) {
    const { mode } = statSync(folder);
    if (mode & OTHERS_MAY_ENTER) continue;
    chmodSync(folder, (mode & 0o7777) | OTHERS_MAY_ENTER);
    say(`  opened the way through ${folder} for the database's user`);
  }
}
