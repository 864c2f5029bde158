import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rowCodes } from '../imports/row-codes';
import { refusalMessages } from '../setup/kit/refusal-messages';
import { refusals } from './refusals';

/** Codes of the capture endpoint: forms and other systems meet them, nobody in the console does. */
const NEVER_IN_CONSOLE = [
  'BODY_INVALID',
  'CAPTURE_EMPTY',
  'CAPTURE_INVALID',
  'CAPTURE_KEY_UNKNOWN',
  'CAPTURE_TOO_LARGE',
  'CAPTURE_TOO_MANY',
  'ORIGIN_NOT_ALLOWED',
];

const PLUGINS = path.resolve(__dirname, '../../../plugins');
const THROWN = /\b(?:new AppError|badRequest|conflict|refusal)\(\s*(?:id,\s*)?'([A-Z][A-Z_]+)'/g;

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|__fixtures__|node_modules/.test(file))
    .map((file) => path.join(folder, file));

const files = readdirSync(PLUGINS).flatMap((plugin) =>
  ['server/src', 'contracts'].flatMap((part) => filesIn(path.join(PLUGINS, plugin, part))),
);
const codesOf = (file: string): string[] => [...readFileSync(file, 'utf8').matchAll(THROWN)].flatMap(([, code]) => code ?? []);
const thrown = [...new Set(files.flatMap(codesOf))].sort();

/** Texts of the console, and those of the set-up pages, for all of them or for one kind of record. */
const codesWithText = (language: 'en' | 'zh'): Set<string> => {
  const setup = Object.entries(refusalMessages[language]).flatMap(([key, text]) => (typeof text === 'string' ? [key] : Object.keys(text)));
  // Why a row of a file is refused is told by the check of the import and not as an answer of its own.
  return new Set([...Object.keys(refusals[language].errors), ...setup, ...Object.keys(rowCodes[language])]);
};

describe('refusals of the server', () => {
  test.each(['en', 'zh'] as const)('every code that can reach the console has a text (%s)', (language) => {
    const known = codesWithText(language);
    expect(thrown.filter((code) => !known.has(code) && !NEVER_IN_CONSOLE.includes(code))).toEqual([]);
  });

  test('a code that never reaches the console is still thrown and has no text', () => {
    const known = codesWithText('en');
    expect(NEVER_IN_CONSOLE.filter((code) => !thrown.includes(code) || known.has(code))).toEqual([]);
  });

  test('the server is really read', () => {
    expect(thrown.length).toBeGreaterThan(100);
    expect(thrown).toEqual(expect.arrayContaining(['SKIP_LIMIT', 'SIGN_TWICE', 'UNDO_EXPIRED', 'VALUE_REQUIRED']));
  });
});
