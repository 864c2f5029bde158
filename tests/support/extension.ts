import { transformFileSync } from '@swc/core';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const FOLDER = '.data/test/acme';

/**
 * Builds the implementer's plugin of `tests/extension` as a folder Strapi can load.
 * @returns what `LEADSEA_PLUGINS` is set to
 */
export function buildExtension(): string {
  const folder = path.join(root, FOLDER);
  mkdirSync(folder, { recursive: true });
  const { code } = transformFileSync(path.join(root, 'tests/extension/acme/index.ts'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  writeFileSync(path.join(folder, 'acme.js'), code);
  writeFileSync(path.join(folder, 'strapi-server.js'), "module.exports = require('./acme.js').default;\n");
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'acme', version: '1.0.0', strapi: { name: 'acme', kind: 'plugin' } }),
  );
  return `acme=${FOLDER}`;
}
