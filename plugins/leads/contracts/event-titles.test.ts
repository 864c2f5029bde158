import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_TITLES } from './event-titles';

const plugins = path.resolve(__dirname, '../..');
const SUBJECTS =
  'lead|account|opportunity|policy|contract|pool|member|field|import|config|audit|notice-settings|task|clock|obligation|handoff';
const NAMED = new RegExp(`\\b(?:type|event): '((?:${SUBJECTS})\\.[a-z]+(?:_[a-z]+)*)'`, 'g');
/** Types of notices, which people get, not of events, which are kept. */
const NOTICES = new Set(['pool.protection', 'pool.handover-returned', 'pool.handed-over', 'lead.idle', 'lead.assigned']);

const types = readdirSync(plugins).flatMap((plugin) => {
  const folder = path.join(plugins, plugin, 'server/src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('__fixtures__'))
    .flatMap((file) => [...readFileSync(path.join(folder, file), 'utf8').matchAll(NAMED)].map((match) => match[1] ?? ''));
});

test('every event the plugins write has a name in both languages', () => {
  expect(types.length).toBeGreaterThan(40);
  const nameless = types.filter((type) => !NOTICES.has(type) && !EVENT_TITLES[type]);
  expect([...new Set(nameless)].sort()).toEqual([]);
});

test('no name is empty and none is only its type', () => {
  for (const [type, { zh, en }] of Object.entries(EVENT_TITLES)) {
    expect([type, zh.trim() !== '', en.trim() !== '', zh !== type, en !== type]).toEqual([type, true, true, true, true]);
  }
});
