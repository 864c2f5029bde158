/** The installation's secrets: made once, kept in the data folder, never overriding the environment. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readJson, writeWhole } from './files.mjs';
import { dataDir } from './paths.mjs';
import { Refusal } from './run.mjs';

const random = () => randomBytes(32).toString('base64');
const NAMES = ['APP_KEYS', 'API_TOKEN_SALT', 'ADMIN_JWT_SECRET', 'TRANSFER_TOKEN_SALT', 'JWT_SECRET', 'ENCRYPTION_KEY'];

export const freshSecrets = () =>
  Object.fromEntries(NAMES.map((name) => [name, name === 'APP_KEYS' ? Array.from({ length: 4 }, random).join(',') : random()]));

/** @throws Refusal when the folder cannot be written */
export async function assertDataFolder(dir = dataDir) {
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Refusal(
      `The data folder ${dir} cannot be written (${error.code ?? error.message}): give it to the user who starts Leadsea, or set LEADSEA_DATA to another folder.`,
    );
  }
}

/** @returns {Promise<Record<string, string>>} the secrets that the environment does not set itself */
export async function loadSecrets(dir = dataDir) {
  const file = path.join(dir, 'secrets.json');
  const kept = await readJson(file, {});
  const secrets = { ...freshSecrets(), ...kept };
  if (NAMES.some((name) => !kept[name])) await writeWhole(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return Object.fromEntries(NAMES.filter((name) => !process.env[name]).map((name) => [name, secrets[name]]));
}
