import { companyKey } from './company';
import { domainKey } from './domain';
import { emailKey } from './email';
import type { LeadInput } from './lead-input';
import { nameKey } from './name';
import { phoneKey } from './phone';
import { isBlank, normaliseText } from './text';

export const KEY_KINDS = ['email', 'phone', 'wechat', 'external'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];
/** Two leads that share one of these are the same person. */
export interface LeadKey {
  readonly kind: KeyKind;
  readonly value: string;
}

export const LEAD_FLAGS = [
  'noContact',
  'emailInvalid',
  'emailDisposable',
  'emailFree',
  'emailRole',
  'phoneInvalid',
  'phoneDoubtful',
  'wechatInvalid',
  'nameSuspicious',
] as const;
export type LeadFlag = (typeof LEAD_FLAGS)[number];

export interface LeadKeysOptions {
  /** ISO-2 for numbers without a country; the lead's own country comes first when it has one. */
  readonly defaultCountry: string | null;
  /** The source's own id of the lead and the name of that source. */
  readonly externalId?: string | null;
  readonly externalSource?: string | null;
}
export interface LeadKeys {
  readonly keys: readonly LeadKey[];
  readonly emailKey: string | null;
  readonly phoneKey: string | null;
  readonly domainKey: string | null;
  readonly companyKey: string | null;
  readonly nameKey: string | null;
  readonly flags: readonly LeadFlag[];
  /** Values worth storing instead of what was typed (address cleaned, phone in E.164). */
  readonly clean: Partial<Pick<LeadInput, 'email' | 'phone' | 'wechat'>>;
  readonly phoneCountry: string | null;
  readonly phoneExtension: string | null;
}

const WECHAT_ID = /^[a-z][a-z0-9_-]{5,19}$/;

/** WeChat ids are case-insensitive; many people give their phone number instead, which then is compared as a phone number. */
export function wechatKey(raw: string, defaultCountry: string | null): string | null {
  const text = normaliseText(raw)
    .toLowerCase()
    .replace(/^(?:微信|wechat|wx|vx)\s*(?:号|id)?\s*[:：]\s*/, '');
  if (WECHAT_ID.test(text)) return text;
  const phone = phoneKey(text, defaultCountry);
  return phone.ok && phone.valid ? phone.e164 : null;
}

const text = (value: unknown): string => (typeof value === 'string' ? normaliseText(value) : '');
const ISO_COUNTRY = /^[A-Z]{2}$/;

/** Rows typed to get past a form: `test`, `asdf`, one letter repeated, a web address as a name. */
const suspicious = (name: string): boolean =>
  /^(?:test|tester|testing|asdf\w*|qwerty\w*|n\/?a|xxx+|aaa+|测试.*)$/i.test(name) || /https?:\/\/|www\.|^(.)\1{2,}$/i.test(name);

function readPhone(values: Partial<LeadInput>, defaultCountry: string | null): ReturnType<typeof phoneKey> {
  const own = text(values.country).toUpperCase();
  const first = phoneKey(values.phone ?? '', ISO_COUNTRY.test(own) ? own : defaultCountry);
  if ((first.ok && first.valid) || own === '' || own === defaultCountry) return first;
  const second = phoneKey(values.phone ?? '', defaultCountry);
  return second.ok && (second.valid || !first.ok) ? second : first;
}

/**
 * The keys by which duplicates are found, the normalised columns, and what is doubtful about the lead. Takes raw input; never throws.
 * A number of no known range counts as a key only when it was typed internationally: a local fragment may belong to anybody.
 */
export function leadKeys(values: Partial<LeadInput>, options: LeadKeysOptions): LeadKeys {
  const flags: LeadFlag[] = [];
  const keys: LeadKey[] = [];
  const email = isBlank(values.email) ? null : emailKey(text(values.email));
  const phone = isBlank(values.phone) ? null : readPhone(values, options.defaultCountry);
  const wechat = isBlank(values.wechat) ? null : wechatKey(text(values.wechat), options.defaultCountry);
  if (email && !email.ok) flags.push('emailInvalid');
  if (email?.ok) {
    keys.push({ kind: 'email', value: email.key });
    if (email.disposable) flags.push('emailDisposable');
    if (email.free) flags.push('emailFree');
    if (email.role) flags.push('emailRole');
  }
  const phoneValue = phone?.ok && (phone.valid || phone.international) ? phone.e164 : null;
  if (phone && !phone.ok) flags.push('phoneInvalid');
  if (phone?.ok && !phone.valid) flags.push('phoneDoubtful');
  if (phoneValue) keys.push({ kind: 'phone', value: phoneValue });
  if (wechat) keys.push({ kind: 'wechat', value: wechat });
  else if (!isBlank(values.wechat)) flags.push('wechatInvalid');
  const external = text(options.externalId);
  if (external !== '') keys.push({ kind: 'external', value: `${text(options.externalSource) || 'default'}:${external}` });
  if (!email?.ok && !phone?.ok && !wechat) flags.push('noContact');
  const name = text(values.name);
  if (suspicious(name)) flags.push('nameSuspicious');
  return {
    keys,
    emailKey: email?.ok ? email.key : null,
    phoneKey: phoneValue,
    domainKey: domainKey(text(values.website)) ?? (email?.ok ? domainKey(email.email) : null),
    companyKey: companyKey(text(values.company)),
    get nameKey() {
      return nameKey(name);
    },
    flags,
    clean: {
      ...(email?.ok ? { email: email.email } : {}),
      ...(phone?.ok && phoneValue ? { phone: phone.e164 } : {}),
      ...(isBlank(values.wechat) ? {} : { wechat: text(values.wechat) }),
    },
    phoneCountry: phone?.ok ? phone.country : null,
    phoneExtension: phone?.ok ? phone.extension : null,
  };
}
