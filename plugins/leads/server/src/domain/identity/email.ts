import { parse } from 'tldts';
import { asciiDomain } from './ascii-domain';
import { mailDomainKind } from './mail-domains';

export interface ParsedEmail {
  readonly ok: true;
  /** As to be written to: local part as typed, domain lower-case ASCII. */
  readonly email: string;
  /** For matching: lower case, without `+tag`, without Gmail's dots. */
  readonly key: string;
  readonly domain: string;
  readonly disposable: boolean;
  readonly free: boolean;
  /** `info@`, `sales@` …: a desk, not a person. */
  readonly role: boolean;
}
export type EmailProblem = 'EMAIL_EMPTY' | 'EMAIL_SYNTAX' | 'EMAIL_LOCAL' | 'EMAIL_DOMAIN' | 'EMAIL_LENGTH';
export interface RefusedEmail {
  readonly ok: false;
  readonly code: EmailProblem;
  readonly reason: string;
}
export type EmailResult = ParsedEmail | RefusedEmail;

const ROLES = new Set(
  (
    'abuse admin administrator billing booking bookings careers compliance contact customercare customerservice enquiries enquiry feedback finance ' +
    'hello help helpdesk hostmaster hr info inquiry it jobs legal mail mailer-daemon marketing media news newsletter no-reply noreply office orders ' +
    'postmaster pr press privacy procurement purchasing reception recruitment root sales security service services shop spam support team tech ' +
    'webmaster kefu zhaopin shichang xiaoshou caiwu'
  ).split(' '),
);
const ATEXT = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\p{L}\p{N}\p{M}]+$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

const refuse = (code: EmailProblem, reason: string): RefusedEmail => ({ ok: false, code, reason });

/** `Jane Doe <jane@x.com>` and `mailto:jane@x.com?subject=…` → the bare address. */
const bare = (text: string): string => {
  const inner = /^[^<>]*<([^<>]+)>$/.exec(text)?.[1] ?? text;
  return /^mailto:/i.test(inner) ? inner.slice(7).replace(/\?.*$/, '') : inner;
};

function localProblem(local: string): string | null {
  if (local === '') return 'Nothing stands before the @.';
  if (Buffer.byteLength(local) > 64) return 'The part before the @ is longer than 64 characters.';
  return local.split('.').every((atom) => ATEXT.test(atom))
    ? null
    : 'The part before the @ has a misplaced dot or a character that is not allowed.';
}

/** A name without a dot is only accepted under a country that may receive mail at its top: `x@io` (RFC 7085 forbids it to generic domains). */
function domainProblem(domain: string): string | null {
  const labels = domain.split('.');
  const top = labels.at(-1) ?? '';
  if (domain === '') return 'Nothing stands after the @.';
  if (domain.length > 253 || labels.some((label) => label.length > 63)) return 'The domain is too long.';
  if (!labels.every((label) => LABEL.test(label))) return 'The domain has a misplaced dot or hyphen or a character that is not allowed.';
  if (/^\d+$/.test(top)) return 'The domain ends in a number.';
  if (labels.length === 1 && !(top.length === 2 && parse(`a.${top}`).isIcann)) return 'The domain has no dot.';
  return null;
}

/** Gmail ignores dots; everybody ignores `+tag` unless nothing would be left. */
function keyOf(local: string, domain: string): string {
  const google = domain === 'gmail.com' || domain === 'googlemail.com';
  const untagged = local.toLowerCase().replace(/(?<=.)\+.*$/, '');
  return google ? `${untagged.replace(/\./g, '') || untagged}@gmail.com` : `${untagged}@${domain}`;
}

/**
 * Reads an address of the kind people and forms send (RFC 5321 dot-atoms, international ones included). Quoted local parts, comments,
 * address literals and obsolete forms are refused: no lead has one, and every one seen was an attack or a typing slip.
 * Control characters and line breaks are refused too; an entrance that wants to forgive them calls `normaliseText` first.
 */
export function emailKey(raw: string): EmailResult {
  const address = bare(
    raw
      .normalize('NFKC')
      .replace(/[\u200B-\u200F\u2060\uFEFF]/g, '')
      .replace(/^ +| +$/g, ''),
  );
  if (address === '') return refuse('EMAIL_EMPTY', 'There is no address.');
  const at = address.lastIndexOf('@');
  if (at < 0 || address.indexOf('@') !== at) return refuse('EMAIL_SYNTAX', 'An address has exactly one @.');
  const local = address.slice(0, at);
  const typed = address.slice(at + 1).toLowerCase();
  const domain = asciiDomain(typed);
  const localWrong = localProblem(local);
  if (localWrong) return refuse('EMAIL_LOCAL', localWrong);
  const domainWrong = domainProblem(domain);
  if (domainWrong) return refuse('EMAIL_DOMAIN', domainWrong);
  if (Buffer.byteLength(local) + 1 + domain.length > 254) return refuse('EMAIL_LENGTH', 'An address has at most 254 characters.');
  const kind = mailDomainKind(domain);
  const key = keyOf(local, domain);
  const role = ROLES.has(key.slice(0, key.lastIndexOf('@')));
  return { ok: true, email: `${local}@${domain}`, key, domain, disposable: kind === 'disposable', free: kind === 'free', role };
}
