/**
 * Deterministic made-up leads for benchmarks: about one in ten repeats the e-mail address of an earlier one.
 * `node tests/bench/support/leadgen.mjs COUNT [SEED] > leads.csv` writes a file; `lead(i)` and `csvLines(count)` serve programs.
 */
import { pathToFileURL } from 'node:url';

const words = (list) => list.split(' ');
const FIRST = words(
  'Ana Ben Carla Dev Elif Farid Gina Hugo Ines Jonas Kira Liam Mona Nils Olga Pavel Quim Rosa Sven Tara Umar Vera Wim Xena Yara Zeno',
);
const LAST = words(
  'Adler Bauer Costa Diaz Evans Fischer Garcia Haas Ito Jansen Kim Lopez Moreau Novak Olsen Petit Quinn Rossi Silva Tanaka Ueda Vogel Weber Xu Yilmaz Zhou',
);
const CITY = words('Berlin Paris Madrid Lisbon Vienna Rome Prague Oslo Dublin Athens');
const FREE = ['gmail.com', 'yahoo.com', 'outlook.com', 'hotmail.com'];
const SOURCES = ['Web form', 'Ad', 'Referral', 'Event', 'Partner', 'Import'];
const COUNTRIES = ['DE', 'FR', 'ES', 'PT', 'AT', 'IT', 'CZ', 'NO', 'IE', 'GR'];

/** splitmix32: small, fast, the same on every machine; different seeds never share a value at the same draw. */
function random(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let t = state ^ (state >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
    return ((t ^ (t >>> 15)) >>> 0) / 4294967296;
  };
}
const between = (next, from, to) => from + Math.floor(next() * (to - from));
const choice = (next, list) => list[between(next, 0, list.length)];

/** Lead number `i` of a stream; a share of `dup` repeats the e-mail address of one up to 5,000 places earlier. */
export function lead(i, { seed = 7, dup = 0.1 } = {}) {
  const r = random(Math.imul(seed, 1_000_003) + i);
  const repeats = i > 50 && r() < dup;
  const j = repeats ? between(r, Math.max(0, i - 5000), i) : i;
  const q = random(Math.imul(seed, 1_000_003) + j + 500_000_009);
  const [first, last] = [choice(q, FIRST), choice(q, LAST)];
  const domain = q() < 0.5 ? choice(q, FREE) : `firm${between(q, 0, 200_000)}.example.com`;
  return {
    name: `${first} ${last}`,
    email: `${first}.${last}.${seed}.${j}@${domain}`.toLowerCase(),
    phone: `+49 30 ${between(q, 10_000_000, 100_000_000)}`,
    company: `Firm ${between(q, 0, 200_000)}`,
    city: choice(q, CITY),
    postcode: String(between(q, 10_000, 99_999)),
    country: choice(q, COUNTRIES),
    source: choice(q, SOURCES),
    annualRevenue: between(q, 500, 50_000),
    website: `https://${domain}`,
    employees: between(q, 1, 5000),
    note: `Inquiry ${i}. ${'Asked for a call back about pricing. '.repeat(between(q, 1, 4)).trim()}`,
  };
}

export const HEADERS = Object.keys(lead(0));
const cell = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));

/** A CSV file line by line, header first. */
export function* csvLines(count, options) {
  yield `${HEADERS.join(',')}\n`;
  for (let i = 0; i < count; i += 1) {
    const one = lead(i, options);
    yield `${HEADERS.map((header) => cell(one[header])).join(',')}\n`;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [count = '1000', seed = '7'] = process.argv.slice(2);
  let buffer = '';
  for (const line of csvLines(Number(count), { seed: Number(seed) })) {
    buffer += line;
    if (buffer.length < 65_536) continue;
    if (!process.stdout.write(buffer)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    buffer = '';
  }
  process.stdout.write(buffer);
}
