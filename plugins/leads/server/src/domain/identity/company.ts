import { foldChinese, isPlace } from './chinese';
import { foldCase, normaliseText } from './text';

/** Legal forms as they read after folding, one to four words, dots already dropped. Longest are tried first. */
const SUFFIXES =
  'inc|incorporated|corp|corporation|co|company|llc|llp|lllp|lp|pllc|plc|ltd|limited|ltda|pty|proprietary limited|pvt|private limited|pte|sdn bhd|bhd|berhad|' +
  'gmbh|ggmbh|mbh|ag|kg|kgaa|ohg|ug|gbr|se|sa|sas|sasu|sarl|s a r l|eurl|snc|sca|sci|srl|s r l|spa|s p a|sapa|sl|slu|sau|s a|s l|sc|scrl|cv|de cv|sa de cv|' +
  's de rl de cv|s a de c v|bv|b v|nv|n v|vof|cvba|bvba|sprl|asbl|vzw|ab|publ|oy|oyj|as|asa|a s|aps|ans|amba|ehf|sro|s r o|spol s r o|spol sro|zrt|kft|nyrt|' +
  'doo|d o o|ead|eood|ood|sp z oo|sp zoo|sp z o o|spolka z oo|spolka z o o|spolka akcyjna|sp j|sp k|ae|epe|ike|oe|ou|sia|uab|tbk|jsc|pjsc|ojsc|cjsc|' +
  'kk|k k|kabushiki kaisha|gk|yk|aktiengesellschaft|aktiebolag|osakeyhtio|sociedad anonima|sociedade anonima|societe anonyme|a en p|fzco|fze|fz llc|wll|' +
  'eireli|epp|mei|ооо|оао|зао|пао|ао|нао|ип';
/** Forms that stand before the name. */
const PREFIXES = 'oy|oyj|ab|pt|ooo|oao|zao|pao|uab|sia|ооо|оао|зао|пао|ао|нао|ип|тоо|тов|чп';
/** Forms plain enough to be dropped in the middle: `Siemens GmbH Berlin`. */
const INNER = 'gmbh|oy|oyj|llc|inc|plc|pty ltd|pte ltd|pvt ltd|private limited|co ltd|sdn bhd|kgaa|sp z oo|sro';

const phrases = (list: string): ReadonlySet<string> => new Set(list.split('|'));
const SUFFIX_SET = phrases(SUFFIXES);
const PREFIX_SET = phrases(PREFIXES);
const INNER_SET = phrases(INNER);
/** A name made of these alone names nobody; a name that is some other form (`SAS`, `AG`) is a name after all. */
const GENERIC = phrases('inc|incorporated|corp|corporation|co|company|llc|plc|ltd|ltda|limited|pty|pvt|pte|gmbh|amba|and');
const LONGEST = 5;

/** How many words of `words` from `from` on (or ending at `from` when backwards) make a listed form. */
function formAt(words: readonly string[], from: number, forms: ReadonlySet<string>, backwards = false): number {
  for (let count = Math.min(LONGEST, words.length); count > 0; count -= 1) {
    const start = backwards ? from - count : from;
    if (start < 0 || start + count > words.length) continue;
    if (forms.has(words.slice(start, start + count).join(' '))) return count;
  }
  return 0;
}

function withoutForms(words: readonly string[]): readonly string[] {
  let kept = words;
  for (let count = formAt(kept, kept.length, SUFFIX_SET, true); count > 0; count = formAt(kept, kept.length, SUFFIX_SET, true))
    kept = kept.slice(0, -count);
  while (kept.at(-1) === 'and') kept = kept.slice(0, -1);
  const rest = kept.length < words.length && formAt(kept, kept.length, SUFFIX_SET, true) > 0 ? withoutForms(kept) : kept;
  const prefix = rest.length > 1 ? formAt(rest, 0, PREFIX_SET) : 0;
  return withoutInner(prefix > 0 && prefix < rest.length ? rest.slice(prefix) : rest);
}

function withoutInner(words: readonly string[]): readonly string[] {
  const out: string[] = [];
  for (let index = 0; index < words.length;) {
    const count = index > 0 && index < words.length - 1 ? formAt(words, index, INNER_SET) : 0;
    if (count > 0) index += count;
    else {
      out.push(words[index] ?? '');
      index += 1;
    }
  }
  return out;
}

const HAN_FORM =
  /(?:(?:集团|控股)?(?:股份|集团)?(?:有限责任公司|有限公司|总公司|分公司|子公司|公司)|集团股份|股份集团|集团|股份|有限合伙|合伙企业|株式会社|有限会社|合同会社|个体工商户|주식회사|유한회사)$/u;
const HAN_PREFIX = /^(?:株式会社|有限会社|合同会社|주식회사|유한회사)/u;
const BRANCH = /(公司)\p{Script=Han}{2,12}?(?:分公司|办事处|代表处|营业部)$/u;
const BRACKETS = /[([{<〈《「『【〔]([^()[\]{}<>〈〉《》「」『』【】〔〕]*)[)\]}>〉》」』】〕]/gu;

/** Brackets that hold a place or a legal form say nothing about who it is; other brackets only lose their marks. */
const withoutBrackets = (text: string): string =>
  text.replace(BRACKETS, (_, inner: string) => {
    const content = inner.trim();
    const noise = isPlace(content) || content === '' || content.replace(HAN_FORM, '') === '' || SUFFIX_SET.has(content.replace(/\./g, ''));
    return noise ? ' ' : ` ${content} `;
  });

/** Chinese, Japanese and Korean forms, peeled from the end until none is left; a name that is nothing but a place keeps its form. */
function withoutHanForms(text: string): string {
  let rest = text.replace(BRANCH, '$1').replace(HAN_PREFIX, '').trim();
  for (let next = rest.replace(HAN_FORM, '').trim(); next !== rest; next = rest.replace(HAN_FORM, '').trim()) {
    if (isPlace(next)) return rest;
    rest = next;
  }
  return rest;
}

/** Dotted and slashed abbreviations become words: `s.r.o.` → `sro`, `A/S` → `as`, `z o.o` → `z oo`. */
const joinAbbreviations = (text: string): string =>
  text.replace(/(?<![\p{L}\p{N}])\p{L}(?:[./]\p{L})+\.?(?![\p{L}\p{N}])/gu, (abbreviation) => abbreviation.replace(/[./]/g, ''));

/** What remains of a company's name when only letters and digits count; without dropping legal forms. */
export const companyWords = (name: string): readonly string[] =>
  joinAbbreviations(foldChinese(foldCase(normaliseText(name))))
    .replace(/['’‘`´]/g, '')
    .replace(/&/g, ' and ')
    .replace(/(?<=\p{Script=Han})[·・•.\-\s]+(?=\p{Script=Han})/gu, '')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');

/** Latin letters and digits in words: nothing of it is folded, bracketed or abbreviated. */
const PLAIN_NAME = /^[a-z0-9]+(?: [a-z0-9]+)*$/i;

function plainKey(words: readonly string[]): string | null {
  const key = withoutForms(words)
    .filter((word) => word !== 'and')
    .join(' ');
  return key !== '' ? key : words.every((word) => GENERIC.has(word)) ? null : words.join(' ');
}

/**
 * The part of a company's name that identifies it, for matching: legal forms of some forty countries, bracketed places, branches, case,
 * diacritics, width, 繁简 and punctuation do not count. `深圳市腾讯计算机系统有限公司` → `深圳市腾讯计算机系统`, `Acme Co., Ltd.` → `acme`.
 * A leading place stays (`上海银行` is not `银行`). null when only a legal form or nothing is left.
 */
export function companyKey(name: string): string | null {
  if (PLAIN_NAME.test(name)) return plainKey(name.toLowerCase().split(' '));
  const open = withoutBrackets(foldChinese(foldCase(normaliseText(name))));
  const latin = withoutForms(companyWords(open));
  const joined = withoutHanForms(latin.join(' ').replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, ''));
  const words = joined === latin.join(' ') ? latin : withoutForms(joined.split(' ').filter((word) => word !== ''));
  const key = words.filter((word) => word !== 'and').join(' ');
  if (key !== '') return key;
  const typed = companyWords(open);
  return typed.every((word) => GENERIC.has(word) || /\p{Script=Han}|\p{Script=Hangul}/u.test(word)) ? null : typed.join(' ');
}
