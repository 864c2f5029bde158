import { DEFAULT_MATCHING, type AccountMatching, type MatchField } from '../../../../contracts/account-matching';
import { isPlace } from './chinese';

export interface MatchLead {
  /** Web domain of the company; null for free mail, which never matches anything. */
  readonly domain: string | null;
  readonly company: string | null;
  /** How the company's name sounds, whatever its script. */
  readonly sound: string | null;
  /** Digits only. */
  readonly phone: string | null;
  readonly city: string | null;
  readonly province: string | null;
}

export interface MatchAccount {
  readonly id: number;
  readonly domain: string | null;
  readonly company: string | null;
  readonly sound: string | null;
  readonly phone: string | null;
  readonly city: string | null;
}

export interface AccountMatch {
  readonly account: number;
  readonly score: number;
  /** What each field contributes. */
  readonly fields: Readonly<Partial<Record<MatchField, number>>>;
}

const TAIL = 8;
/** The last eight digits: a trunk zero, a country code or an extension's separator do not count. Null for less. */
export function phoneTail(phone: string | null): string | null {
  const digits = (phone ?? '').replace(/\D/g, '');
  return digits.length >= TAIL ? digits.slice(-TAIL) : null;
}

const LONGEST_PLACE = 6;
const LEAST_NAME = 2;

/** `深圳市腾讯计算机系统` → `腾讯计算机系统`; null when no place stands before a name. */
export function withoutPlace(key: string): string | null {
  if (/\p{Script=Han}/u.test(key)) {
    for (let length = Math.min(LONGEST_PLACE, key.length - LEAST_NAME); length >= 2; length -= 1)
      if (isPlace(key.slice(0, length))) return key.slice(length);
    return null;
  }
  const [first = '', ...rest] = key.split(' ');
  return rest.length > 0 && isPlace(first) ? rest.join(' ') : null;
}

const placeNames = (place: string | null): readonly string[] => {
  const stem =
    place
      ?.normalize('NFKC')
      .trim()
      .replace(/[省市区县]$/, '') ?? '';
  return stem === '' ? [] : [stem, `${stem}市`, `${stem}省`];
};

/** Keys under which the same company may be known: with and without the place before its name. */
export function companyVariants({ company, city, province }: Pick<MatchLead, 'company' | 'city' | 'province'>): readonly string[] {
  if (company === null) return [];
  const bare = withoutPlace(company);
  const places = [...placeNames(city), ...placeNames(province)].filter(isPlace);
  const placed = bare === null && /\p{Script=Han}/u.test(company) ? places.map((place) => `${place}${company}`) : [];
  return [...new Set([company, ...(bare === null ? [] : [bare]), ...placed])];
}

const sameCity = (a: string | null, b: string | null): boolean => {
  const stem = (city: string): string => city.normalize('NFKC').trim().toLowerCase().replace(/市$/, '');
  return a !== null && b !== null && a.trim() !== '' && stem(a) === stem(b);
};

function companyField(lead: MatchLead, account: MatchAccount): MatchField | null {
  const alike = lead.sound !== null && lead.sound === account.sound ? 'sound' : null;
  if (lead.company === null || account.company === null) return alike;
  if (lead.company === account.company) return 'company';
  const [own, other] = [withoutPlace(lead.company) ?? lead.company, withoutPlace(account.company) ?? account.company];
  return own === other ? 'place' : alike;
}

/** How much speaks for one account, field by field. The city only adds to something else. */
export function matchAccount(
  lead: MatchLead,
  account: MatchAccount,
  { points }: Pick<AccountMatching, 'points'> = DEFAULT_MATCHING,
): AccountMatch {
  const tail = phoneTail(lead.phone);
  const company = companyField(lead, account);
  const found: MatchField[] = [
    ...(lead.domain !== null && lead.domain === account.domain ? (['domain'] as const) : []),
    ...(tail !== null && tail === phoneTail(account.phone) ? (['phone'] as const) : []),
    ...(company ? [company] : []),
  ];
  const counted = found.filter((field) => points[field] > 0);
  if (counted.length > 0 && points.city > 0 && sameCity(lead.city, account.city)) counted.push('city');
  const fields = Object.fromEntries(counted.map((field) => [field, points[field]]));
  return { account: account.id, fields, score: counted.reduce((sum, field) => sum + points[field], 0) };
}

export interface BestMatch {
  /** Equal in score, in the order of their ids; the tie-breakers of R-61 decide between them. */
  readonly best: readonly AccountMatch[];
  readonly verdict: 'auto' | 'suggest';
}

/**
 * The accounts with the highest score that reaches a threshold. Two of the same name and nothing else to tell them apart are only suggested:
 * a name alone does not say which of them it is.
 */
export function bestMatches(
  lead: MatchLead,
  accounts: readonly MatchAccount[],
  matching: AccountMatching = DEFAULT_MATCHING,
): BestMatch | null {
  const scored = accounts
    .map((account) => matchAccount(lead, account, matching))
    .filter(({ score }) => score > 0 && score >= matching.suggest);
  const top = Math.max(0, ...scored.map(({ score }) => score));
  const best = scored.filter(({ score }) => score === top).sort((a, b) => a.account - b.account);
  const [first] = best;
  if (!first) return null;
  const byNameAlone = best.length > 1 && first.fields.domain === undefined && first.fields.phone === undefined;
  return { best, verdict: top >= matching.auto && !byNameAlone ? 'auto' : 'suggest' };
}
