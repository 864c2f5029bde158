import type { CustomFieldType, LocalisedText } from '@leadsea/crm-core';
import { emailKey } from '../identity/email';
import { phoneKey } from '../identity/phone';
import { countryCode } from './countries';
import { detectDateFormat } from './dates';
import { inferType, isPlaceholder, slug, type InferredType } from './infer';
import { matchSynonyms, plainHeader } from './synonyms';

/** A field a column may go to. Custom fields have keys of the form `custom.<key>`; the source's own id is `externalId`. */
export interface TargetField {
  readonly key: string;
  readonly label: LocalisedText;
  readonly type: string;
  /** What headers call it besides; the words that headers use for the fields of a lead then say nothing of it. */
  readonly words?: readonly string[];
}
export interface ProposedField {
  readonly key: string;
  readonly label: LocalisedText;
  readonly type: CustomFieldType;
  readonly options: readonly { readonly value: string; readonly label: LocalisedText }[];
}
export interface ColumnGuess {
  readonly header: string;
  /** An existing field; null when none fits, then `proposed` is what could be created. */
  readonly target: string | null;
  /** Several columns make one name: given name first, then family name. */
  readonly part: 'given' | 'family' | null;
  /** 0 … 1; below 0.6 the person should look. */
  readonly confidence: number;
  readonly reason: 'label' | 'synonym' | 'values' | 'none';
  readonly inferred: InferredType;
  /** Null for columns that have a target, and for columns without any value. */
  readonly proposed: ProposedField | null;
}
interface Candidate {
  readonly column: number;
  readonly target: string;
  readonly part: ColumnGuess['part'];
  readonly score: number;
  readonly reason: 'label' | 'synonym' | 'values';
}

const share = (values: readonly string[], test: (value: string) => boolean): number =>
  values.length === 0 ? 0 : values.filter(test).length / values.length;
const phoneLike = (value: string): boolean => {
  const found = phoneKey(value, /^1\d{10}$/.test(value) ? 'CN' : null);
  return found.ok
    ? found.valid
    : /^[+(]?\d[\d\s().-]{6,}\d(?:\s*(?:ext|x)\.?\s*\d+)?$/i.test(value) && value.replace(/\D/g, '').length <= 15;
};

/** How well the values of a column fit a field: 1 fits, 0 contradicts, 0.5 says nothing. */
function fit(field: string, type: string, values: readonly string[], inferred: InferredType): number {
  if (values.length === 0) return 0.5;
  if (field === 'email' || type === 'email') return share(values, (value) => emailKey(value).ok);
  if (field === 'phone' || type === 'phone') return share(values, phoneLike);
  if (field === 'country') return share(values, (value) => countryCode(value) !== null) > 0.5 ? 1 : 0;
  if (field === 'capturedAt' || type === 'date' || type === 'datetime') return detectDateFormat(values) ? 1 : 0;
  // Our own ids are whole numbers: ids of another system, which have letters, are none of ours.
  if (field === 'id' || field === 'lead') return inferred.type === 'integer' ? 1 : 0;
  if (type === 'integer' || type === 'number' || type === 'money')
    return inferred.type === 'integer' || inferred.type === 'number' ? 1 : 0.2;
  if (field === 'website' || type === 'url') return share(values, (value) => /^\S+\.\S+$/.test(value));
  if (field === 'externalId') return new Set(values).size === values.length ? 1 : 0;
  if (type === 'boolean' || inferred.type === 'boolean') return type === inferred.type ? 1 : 0;
  const numeric = inferred.type === 'integer' || inferred.type === 'number' || inferred.type === 'date' || inferred.type === 'datetime';
  if (numeric && ['name', 'title', 'company', 'city', 'industry', 'province', 'source', 'note'].includes(field)) return 0.1;
  return 0.5;
}

function byHeader(header: string, column: number, fields: ReadonlyMap<string, TargetField>): Candidate[] {
  const plain = plainHeader(header);
  const labels = [...fields.values()].filter((field) =>
    [field.label.zh, field.label.en, field.key, field.key.replace(/^custom\./, ''), ...(field.words ?? [])].some(
      (label) => plainHeader(label) === plain && plain !== '',
    ),
  );
  const named = labels.map((field): Candidate => ({ column, target: field.key, part: null, score: 1, reason: 'label' }));
  const synonyms = matchSynonyms(header).map(({ field, score }): Candidate => {
    const part = field === 'name.given' ? 'given' : field === 'name.family' ? 'family' : null;
    return { column, target: part ? 'name' : field, part, score: score * 0.98, reason: 'synonym' };
  });
  return [...named, ...synonyms.filter(({ target }) => fields.get(target)?.words === undefined)].filter(({ target }) => fields.has(target));
}

function byValues(
  column: number,
  values: readonly string[],
  inferred: InferredType,
  fields: ReadonlyMap<string, TargetField>,
): Candidate[] {
  const candidate = (target: string, score: number): Candidate[] =>
    fields.has(target) ? [{ column, target, part: null, score, reason: 'values' }] : [];
  if (values.length === 0) return [];
  if (inferred.type === 'email') return [...candidate('email', 0.8), ...candidate('leadEmail', 0.8)];
  const mobile = share(values, (value) => /^(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}$|^\+\d[\d\s().-]{8,}$/.test(value));
  return mobile > 0.8 && inferred.type !== 'date' ? [...candidate('phone', 0.7), ...candidate('leadPhone', 0.7)] : [];
}

/** Every target once (a name's two parts together), the surest first; a column takes the best target left to it. */
function assign(candidates: readonly Candidate[]): ReadonlyMap<number, Candidate> {
  const chosen = new Map<number, Candidate>();
  const taken = new Set<string>();
  for (const one of [...candidates].sort((a, b) => b.score - a.score || a.column - b.column)) {
    const slot = one.part ? `${one.target}.${one.part}` : one.target;
    const clash = one.target === 'name' && (one.part ? taken.has('name') : taken.has('name.given') || taken.has('name.family'));
    if (one.score < 0.35 || chosen.has(one.column) || taken.has(slot) || clash) continue;
    taken.add(slot);
    chosen.set(one.column, one);
  }
  return chosen;
}

function propose(header: string, inferred: InferredType, taken: Set<string>): ProposedField | null {
  if (inferred.filled === 0) return null;
  const base = slug(header).replace(/^(?=\d)/, 'f_');
  let key = base;
  for (let count = 2; taken.has(`custom.${key}`); count += 1) key = `${base}_${count}`;
  taken.add(`custom.${key}`);
  const options = (inferred.options ?? []).map(({ value, label }) => ({ value, label: { zh: label, en: label } }));
  return { key, label: { zh: header, en: header }, type: inferred.type, options };
}

/**
 * Suggests a target for every column from its name (Chinese, English and some more) and its values, and the custom field that could be
 * created for each of the others. Never two columns on one target, except the two halves of a name.
 * @param samples rows as `readRows` gives them; a few hundred make the types reliable.
 */
export function guessMapping(
  headers: readonly string[],
  samples: readonly Readonly<Record<string, string>>[],
  fields: readonly TargetField[],
): ColumnGuess[] {
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const columns = headers.map((header) => {
    const cells = samples.map((row) => row[header] ?? '');
    const values = cells.map((cell) => cell.trim()).filter((cell) => cell !== '' && !isPlaceholder(cell));
    return { header, values, inferred: inferType(cells) };
  });
  const candidates = columns.flatMap(({ header, values, inferred }, column) =>
    [...byHeader(header, column, byKey), ...byValues(column, values, inferred, byKey)].map((candidate) => {
      const fitness = fit(candidate.target, byKey.get(candidate.target)?.type ?? 'text', values, inferred);
      return { ...candidate, score: candidate.score * (fitness >= 0.5 ? 1 : 0.2 + fitness) };
    }),
  );
  const chosen = assign(candidates);
  const taken = new Set(byKey.keys());
  return columns.map(({ header, inferred }, column) => {
    const choice = chosen.get(column);
    if (!choice)
      return { header, target: null, part: null, confidence: 0, reason: 'none', inferred, proposed: propose(header, inferred, taken) };
    return {
      header,
      target: choice.target,
      part: choice.part,
      confidence: Math.round(choice.score * 100) / 100,
      reason: choice.reason,
      inferred,
      proposed: null,
    };
  });
}

/** One name of its parts: `张` + `伟` → `张伟`, `Jane` + `Doe` → `Jane Doe`. */
export function joinName(given: string, family: string): string {
  const han = /^\p{Script=Han}+$/u;
  const [first, last] = [given.trim(), family.trim()];
  return han.test(first) && han.test(last) ? `${last}${first}` : `${first} ${last}`.trim();
}
