import { foldChinese } from './chinese';
import { foldCase, normaliseText } from './text';

/** Salutations that say nothing about who it is; only dropped when something else remains. */
const SALUTATIONS = new Set(['mr', 'mrs', 'ms', 'miss', 'mx', 'dr', 'prof', 'sir', 'madam', 'herr', 'frau', 'mme', 'mlle', 'sr', 'sra']);
const CHINESE_SALUTATION = /(先生|女士|小姐|老师|经理|总经理)$/;

/**
 * Comparable form of a person's name: folded case, diacritics and 繁简, no punctuation, no salutation; Latin words keep single
 * spaces, Chinese characters stand together. null when nothing identifying is left. A key for candidates, never for automatic merging.
 */
export function nameKey(raw: string): string | null {
  const folded = foldChinese(foldCase(normaliseText(raw)));
  const words = folded
    .replace(/['’`.]/g, '')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');
  const kept = words.filter((word) => !SALUTATIONS.has(word));
  const joined = (kept.length > 0 ? kept : words).join(' ').replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
  const bare = joined.replace(CHINESE_SALUTATION, '');
  const key = bare.length > 1 ? bare : joined;
  return key === '' ? null : key;
}
