/** Who a lead is, as far as two leads are compared; everything normalised for comparing. */
export interface Who {
  readonly name: string | null;
  /** How the name sounds, in Latin letters without tones. */
  readonly sound: string | null;
  readonly company: string | null;
  readonly account: number | null;
  readonly domain: string | null;
}

export const COPY_GROUNDS = ['contact', 'company', 'domain', 'name', 'sound'] as const;
export type CopyGround = (typeof COPY_GROUNDS)[number];

export interface Likeness {
  /** 0 to 1. */
  readonly share: number;
  readonly grounds: readonly CopyGround[];
}

/** Another way to write the same syllables (王小明, 王晓明, Wang Xiaoming) is nearly the same name, but not the name. */
const SAME_SOUND = 0.9;
/** The same words in another order: given name before family name. */
const SAME_WORDS = 0.95;
/** A shared mail address or number where the door found a contradiction and linked the two. */
const SHARED_CONTACT = 0.85;

/** Edits (insert, drop, replace one character) between two texts; O(|a|·|b|). */
function edits(a: readonly string[], b: readonly string[]): number {
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  a.forEach((character, row) => {
    const next = [row + 1];
    b.forEach((other, column) => {
      const replaced = last[column]! + (character === other ? 0 : 1);
      next.push(Math.min(replaced, last[column + 1]! + 1, next[column]! + 1));
    });
    last = next;
  });
  return last[b.length]!;
}

const LONGEST = 120;
const same = <Value>(a: Value | null, b: Value | null): boolean => a !== null && a === b;
const words = (name: string): string => name.split(' ').sort().join(' ');

function nameLikeness(a: Who, b: Who): { readonly share: number; readonly ground: CopyGround } | null {
  if (a.name === null || b.name === null) return null;
  if (a.name === b.name) return { share: 1, ground: 'name' };
  if (words(a.name) === words(b.name)) return { share: SAME_WORDS, ground: 'name' };
  if (a.sound !== null && a.sound === b.sound) return { share: SAME_SOUND, ground: 'sound' };
  const [one, other] = [[...a.name].slice(0, LONGEST), [...b.name].slice(0, LONGEST)];
  return { share: 1 - edits(one, other) / Math.max(one.length, other.length), ground: 'name' };
}

/**
 * How far one lead may be the other under a slightly different writing. A name alone says nothing (there are many 王伟): the company (by its
 * name, or by the account both were matched to), its domain or a shared contact has to agree as well, and a company without a name is a colleague. Null = nothing speaks for it.
 */
export function likenessOf(a: Who, b: Who, { linked }: { readonly linked: boolean }): Likeness | null {
  const place: CopyGround[] = [
    ...(linked ? (['contact'] as const) : []),
    ...(same(a.company, b.company) || same(a.account, b.account) ? (['company'] as const) : []),
    ...(same(a.domain, b.domain) ? (['domain'] as const) : []),
  ];
  if (place.length === 0) return null;
  const name = nameLikeness(a, b);
  if (!linked && name === null) return null;
  const share = Math.max(name?.share ?? 0, linked ? SHARED_CONTACT : 0);
  // A shared contact speaks for itself: a name that does not is no ground.
  const grounds = name !== null && (!linked || name.share >= SHARED_CONTACT) ? [...place, name.ground] : place;
  return { share: Math.round(share * 100) / 100, grounds };
}

export const COPY_STATES = ['suspected', 'confirmed', 'dismissed', 'lapsed'] as const;
export type CopyState = (typeof COPY_STATES)[number];
/** The copy becomes a part of the pool's lead; or it stays a lead of its own, and goes to that pool. */
export const COPY_ENDS = ['merge', 'take-back'] as const;
export type CopyEnd = (typeof COPY_ENDS)[number];

export const COPY_UNDO_DAYS = 7;

/** Until when a decision may be taken back. */
export const undoableUntil = (decidedAt: Date): Date => new Date(decidedAt.getTime() + COPY_UNDO_DAYS * 86_400_000);
