import { countryCode } from '../files/countries';
import { orderOf, parseDate, toInstant } from '../files/dates';
import { joinName } from '../files/mapping';
import { parseNumber } from '../files/numbers';
import { matchSynonyms } from '../files/synonyms';
import { LEAD_TEXT_FIELDS, type LeadInput, type LeadTextField } from '../identity/lead-input';
import { isBlank, normaliseNote, normaliseText } from '../identity/text';
import { failure, type Captured, type CaptureOptions, type CaptureResult } from './result';

/** One answer of a form: the name the source gives it, and its value. */
export type Answer = readonly [name: string, value: unknown];

const TEXT_FIELDS: ReadonlySet<string> = new Set(LEAD_TEXT_FIELDS);
const isTextField = (field: string): field is LeadTextField => TEXT_FIELDS.has(field);
/** A name that would reach the prototype of the object it is written to. */
const FORBIDDEN = new Set(['__proto__', 'custom.__proto__', 'utm___proto__']);
const CLICK_IDS = new Set(['gclid', 'gbraid', 'wbraid', 'fbclid', 'msclkid', 'ttclid', 'bd_vid', 'dclid']);

/** Text of an answer: lists joined, yes-or-no in words, '' for nothing and for the empty choice of a list (`--None--`). */
export function answerText(value: unknown): string {
  if (Array.isArray(value))
    return value
      .map(answerText)
      .filter((part) => part !== '')
      .join(', ');
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && !/^-+\s*none\s*-+$/i.test(value.trim()) ? value : '';
}

type Draft = { -readonly [K in keyof LeadInput]?: LeadInput[K] };
/** What is being gathered; the later of two answers for one field goes to `unmapped` under its own name. */
interface Basket {
  readonly values: Draft;
  readonly unmapped: Record<string, unknown>;
  readonly name: { given?: string; family?: string };
  readonly custom: Record<string, unknown>;
  readonly utm: Record<string, string>;
  externalId?: string;
}

const mappedTo = (name: string, { fieldMap }: CaptureOptions): string | null | undefined =>
  fieldMap && Object.hasOwn(fieldMap, name) ? fieldMap[name] : undefined;

/** The field an answer goes to: the option's map, then `utm_*`, then the words for fields (`your-email`, `email-783`, `firstName`). */
function targetOf(name: string, options: CaptureOptions): string | null {
  const mapped = mappedTo(name, options);
  if (mapped !== undefined) return mapped ?? '';
  const utm = /^utm[_-]?(source|medium|campaign|term|content|id)$/i.exec(name)?.[1];
  if (utm) return `utm.${utm.toLowerCase()}`;
  if (CLICK_IDS.has(name.toLowerCase())) return `utm.${name.toLowerCase()}`;
  if (isTextField(name) || name === 'employees' || name === 'annualRevenue' || name.startsWith('custom.')) return name;
  const match = matchSynonyms(name)[0] ?? matchSynonyms(name.replace(/[-_ ]\d+$/, ''))[0];
  return match && match.score >= 0.6 && match.field !== 'externalId' ? match.field : null;
}

function instant(text: string, options: CaptureOptions): string | null {
  const parsed = parseDate(text, orderOf('yyyy-MM-dd'));
  return parsed ? toInstant(parsed, options.timeZone ?? 'UTC').toISOString() : null;
}

/** Text as the field wants it: ISO-2, ISO instant, lines kept in notes; null when the field cannot hold it. */
function textFor(field: LeadTextField, text: string, options: CaptureOptions): string | null {
  if (field === 'country') return countryCode(text);
  if (field === 'capturedAt') return instant(normaliseText(text), options);
  return field === 'note' || field === 'address' ? normaliseNote(text) : normaliseText(text);
}

function keepFirst<T>(into: Record<string, T>, key: string, value: T): boolean {
  if (Object.hasOwn(into, key)) return into[key] === value;
  into[key] = value;
  return true;
}

/** True when the answer found its place. */
function put(basket: Basket, field: string, value: unknown, options: CaptureOptions): boolean {
  const text = answerText(value);
  if (field.startsWith('custom.')) return keepFirst(basket.custom, field.slice(7), value);
  if (field.startsWith('utm.')) return keepFirst(basket.utm, field.slice(4), normaliseText(text));
  if (field === 'externalId') {
    if (basket.externalId !== undefined) return false;
    basket.externalId = normaliseText(text);
    return true;
  }
  if (field === 'name.given' || field === 'name.family') {
    const part = field === 'name.given' ? 'given' : 'family';
    if (basket.name[part] !== undefined) return false;
    basket.name[part] = normaliseText(text);
    return true;
  }
  if (field === 'employees' || field === 'annualRevenue') {
    const number = parseNumber(text);
    if (number === null || basket.values[field] !== undefined || (field === 'employees' && !Number.isInteger(number))) return false;
    basket.values[field] = number;
    return true;
  }
  if (!isTextField(field)) return false;
  const converted = textFor(field, text, options);
  if (converted === null) return false;
  const before = basket.values[field];
  if (before !== undefined && field !== 'note') return before === converted;
  basket.values[field] = before === undefined ? converted : `${before}\n${converted}`;
  return true;
}

/** `utm_*` and click ids of a page address, however incomplete the address is. */
function readUtm(address: string): Record<string, string> {
  const query = new URLSearchParams(/\?([^#]*)/.exec(address)?.[1] ?? '');
  const utm: Record<string, string> = {};
  for (const [key, value] of query) {
    const name = key.toLowerCase();
    if (name.startsWith('utm_') && value !== '') utm[name.slice(4)] = value;
    else if (CLICK_IDS.has(name) && value !== '') utm[name] = value;
  }
  return utm;
}

/** Page → utm → source, medium and campaign, each only where the payload did not say it itself. */
function finish(basket: Basket, options: CaptureOptions): Partial<LeadInput> {
  const { values } = basket;
  const name = joinName(basket.name.given ?? '', basket.name.family ?? '');
  const utm = { ...readUtm(values.landingPage ?? ''), ...basket.utm };
  const source = values.source ?? utm.source ?? options.source;
  const medium = values.medium ?? utm.medium;
  const campaign = values.campaign ?? utm.campaign;
  return {
    ...values,
    ...(values.name === undefined && name !== '' ? { name } : {}),
    ...(source ? { source } : {}),
    ...(medium ? { medium } : {}),
    ...(campaign ? { campaign } : {}),
    ...(Object.keys(utm).length > 0 ? { utm } : {}),
    ...(Object.keys(basket.custom).length > 0 ? { custom: basket.custom } : {}),
  };
}

export interface CollectExtra extends Pick<Captured, 'externalId' | 'consent' | 'isTest'> {
  /** Facts for `unmapped` beside the answers (form id, hutk …). */
  readonly unmapped?: Readonly<Record<string, unknown>>;
  /** Fields the adapter knows for certain (source `google-ads`, capturedAt …); answers go before them. */
  readonly known?: Partial<LeadInput>;
}

/**
 * Puts the answers of a submission into lead fields. Blank answers vanish; what has no field, or does not fit it, is kept in `unmapped`.
 * A submission that names nobody and gives no way to reach anybody is CAPTURE_EMPTY.
 */
export function collect(answers: readonly Answer[], options: CaptureOptions, extra: CollectExtra = {}): CaptureResult {
  const basket: Basket = { values: {}, unmapped: {}, name: {}, custom: {}, utm: {} };
  for (const [name, value] of answers) {
    const structured = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (FORBIDDEN.has(name) || isBlank(value) || (!structured && answerText(value).trim() === '')) continue;
    const target = structured && !mappedTo(name, options)?.startsWith('custom.') ? null : targetOf(name, options);
    if (target === '') continue;
    if (target === null || !put(basket, target, value, options)) basket.unmapped[name] = value;
  }
  for (const [field, value] of Object.entries(extra.known ?? {}))
    if (basket.values[field as keyof LeadInput] === undefined) Object.assign(basket.values, { [field]: value });
  const values = finish(basket, options);
  const reachable = [values.name, values.email, values.phone, values.wechat, values.company].some((value) => !isBlank(value));
  if (!reachable)
    return failure(
      'CAPTURE_EMPTY',
      'The submission has no name, e-mail, phone, WeChat or company. Map its fields if they have other names.',
    );
  const externalId = extra.externalId ?? basket.externalId;
  return {
    values,
    unmapped: { ...basket.unmapped, ...Object.fromEntries(Object.entries(extra.unmapped ?? {}).filter(([, value]) => !isBlank(value))) },
    ...(externalId ? { externalId } : {}),
    ...(extra.consent ? { consent: extra.consent } : {}),
    ...(extra.isTest ? { isTest: true } : {}),
  };
}
