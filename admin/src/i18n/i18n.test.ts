import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import messagesEn from './messages-en';
import messagesZh from './messages-zh';

type Messages = { [key: string]: Messages | string };

const flatten = (messages: Messages, prefix = ''): Map<string, string> => {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(messages)) {
    if (typeof value === 'string') flat.set(prefix + key, value);
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) flat.set(inner, text);
  }
  return flat;
};

const plain = (messages: object): Messages => JSON.parse(JSON.stringify(messages)) as Messages;
const en = flatten(plain(messagesEn));
const zh = flatten(plain(messagesZh));

const SOURCE = path.resolve(__dirname, '..');
const sources = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|^i18n[\\/]|messages\.ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(path.join(SOURCE, file), 'utf8') }));

const placeholders = (text: string): string[] => [...new Set(text.match(/%\{\w+\}/g) ?? [])].sort();

describe('the console speaks both languages', () => {
  test('both languages have the same keys', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  });

  test('no text is empty', () => {
    const blank = [...en, ...zh].filter(([key, text]) => text === '' && key !== 'ra.boolean.null').map(([key]) => key);
    expect(blank).toEqual([]);
  });

  test('Chinese uses no placeholder that English does not fill', () => {
    const odd = [...zh].filter(([key, text]) =>
      placeholders(text).some((name) => name !== '%{smart_count}' && !placeholders(en.get(key) ?? '').includes(name)),
    );
    expect(odd).toEqual([]);
  });

  test('every literal key passed to a translate function exists', () => {
    const missing = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/\b(?:t|translate)\(\s*'([^']+)'/g)].filter(([, key]) => !en.has(key ?? '')).map(([, key]) => `${file}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  test('every quoted text that looks like a key of ours exists', () => {
    const namespaces = [...new Set([...en.keys()].map((key) => key.split('.')[0]))].join('|');
    const looksLikeKey = new RegExp(`'((?:${namespaces})\\.[A-Za-z_][\\w.]*)'`, 'g');
    const missing = sources.flatMap(({ file, text }) =>
      [...text.replace(/\/\*\*[\s\S]*?\*\//g, '').matchAll(looksLikeKey)]
        .filter(([, key]) => !en.has(key ?? ''))
        .map(([, key]) => `${file}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  test('every key built from a prefix has at least one text under that prefix', () => {
    const keys = [...en.keys()];
    const missing = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/\b(?:t|translate)\(\s*`([\w.]+)\$\{/g)]
        .filter(([, prefix]) => !keys.some((key) => key.startsWith(prefix ?? '')))
        .map(([, prefix]) => `${file}: ${prefix}`),
    );
    expect(missing).toEqual([]);
  });

  test('the sources are really read', () => {
    expect(sources.length).toBeGreaterThan(40);
  });
});
