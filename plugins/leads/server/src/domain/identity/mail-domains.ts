import { readFileSync } from 'node:fs';
import disposableDomains from 'disposable-email-domains';
import disposableWildcards from 'disposable-email-domains/wildcard.json';

/** Real mailbox providers that the packages lack or take for throw-away services. */
const ALSO_FREE = [
  '21cn.com',
  'wo.cn',
  'proton.me',
  'pm.me',
  'hey.com',
  'duck.com',
  'tutanota.com',
  'tuta.io',
  'vip.sina.com',
  'chinaren.com',
  'email.cn',
];

const lines = (path: string): string[] =>
  readFileSync(require.resolve(path), 'utf8')
    .split('\n')
    .map((line) => line.trim().toLowerCase())
    .filter((line) => line !== '');

interface DomainLists {
  readonly disposable: ReadonlySet<string>;
  readonly wildcards: ReadonlySet<string>;
  readonly free: ReadonlySet<string>;
}
let lists: DomainLists | null = null;

/** Constant tables of two packages, read once. freemail's own functions search an array of 92,000 names linearly for every call. */
function loaded(): DomainLists {
  if (lists) return lists;
  const keep = new Set(ALSO_FREE);
  const disposable = new Set([...disposableDomains, ...lines('freemail/data/disposable.txt')].filter((domain) => !keep.has(domain)));
  lists = { disposable, wildcards: new Set(disposableWildcards), free: new Set([...lines('freemail/data/free.txt'), ...keep]) };
  return lists;
}

/** The domain and every domain above it, down to two labels: `a.b.example.com` → itself, `b.example.com`, `example.com`. */
function* selfAndAbove(domain: string): Generator<string> {
  const labels = domain.split('.');
  for (let from = 0; from <= labels.length - 2; from += 1) yield labels.slice(from).join('.');
}

export type MailDomainKind = 'disposable' | 'free' | 'other';

function kindOf(domain: string): MailDomainKind {
  const { disposable, wildcards, free } = loaded();
  if (free.has(domain) && !disposable.has(domain)) return 'free';
  for (const name of selfAndAbove(domain)) if (disposable.has(name) || wildcards.has(name)) return 'disposable';
  for (const name of selfAndAbove(domain)) if (free.has(name)) return 'free';
  return 'other';
}

/** Answers for the domains asked last: leads of one file share them, and each lead asks several times for its own. */
const KEPT = 2000;
let kept = new Map<string, MailDomainKind>();

/** What kind of mail domain it is (lower-case ASCII). Disposable is asked first: the free list of the field contains disposable ones. */
export function mailDomainKind(domain: string): MailDomainKind {
  const known = kept.get(domain);
  if (known !== undefined) return known;
  const kind = kindOf(domain);
  if (kept.size >= KEPT) kept = new Map();
  kept.set(domain, kind);
  return kind;
}
