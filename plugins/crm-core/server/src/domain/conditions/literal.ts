import { CONDITION_LIMITS, type FactDefinition } from '../../../../contracts';
import { ConditionProblem, shown } from './problem';
import type { Scope } from './scope';
import { dayNamed, instantNamed, parseSpan, type DayBounds } from './span';

const HALF_CHARACTER = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** A text PostgreSQL can hold, not empty (empty text is null). */
export function readText(scope: Scope, fact: FactDefinition, value: unknown): string {
  if (typeof value !== 'string') throw new ConditionProblem(`"${fact.key}" needs a text, not ${shown(value)}.`);
  if (value === '') throw new ConditionProblem('A text is empty; ask for an empty field with "null".');
  if (value.length > CONDITION_LIMITS.text) throw new ConditionProblem(`A text is longer than ${CONDITION_LIMITS.text} characters.`);
  if (value.includes('\u0000') || HALF_CHARACTER.test(value)) throw new ConditionProblem('A text holds characters that cannot be stored.');
  return value;
}

/** A text that should be one of the fact's options; others compile (an option may have been retired) and are reported as doubtful. */
export function readOption(scope: Scope, fact: FactDefinition, value: unknown): string {
  const text = readText(scope, fact, value);
  if (fact.options && fact.options.length > 0 && !fact.options.some((option) => option.value === text))
    scope.warn(`"${fact.key}" has no option ${shown(text)}.`);
  return text;
}

const NUMERIC = /^[+-]?(?:\d{1,30}(?:\.\d{1,30})?|\.\d{1,30})$/;

/** A finite number as text (digits beyond a double's survive). Numbers written as text are accepted: forms and JSON keys send them so. */
export function readNumber(_scope: Scope, fact: FactDefinition, value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'string' && NUMERIC.test(value.trim())) return value.trim();
  throw new ConditionProblem(`"${fact.key}" needs a number, not ${shown(value)}.`);
}

/** Seconds, or an ISO 8601 duration of fixed length. */
export function readSeconds(scope: Scope, fact: FactDefinition, value: unknown): string {
  const span = typeof value === 'string' ? parseSpan(value) : null;
  if (!span) return readNumber(scope, fact, value);
  if (span.months !== 0)
    throw new ConditionProblem('A length of time here is in weeks, days, hours, minutes, seconds: months and years have no fixed length.');
  return String(span.seconds);
}

export function readBoolean(_scope: Scope, fact: FactDefinition, value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new ConditionProblem(`"${fact.key}" needs true or false, not ${shown(value)}.`);
}

/** An id of a record. */
export function readId(_scope: Scope, fact: FactDefinition, value: unknown): string {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof id !== 'number' || !Number.isSafeInteger(id))
    throw new ConditionProblem(`"${fact.key}" needs a record id, not ${shown(value)}.`);
  return String(id);
}

/** `day` when it names a whole day, `instant` when a moment. */
export type When = { readonly kind: 'day'; readonly day: DayBounds } | { readonly kind: 'instant'; readonly at: Date };

export function readWhen(scope: Scope, fact: FactDefinition, value: unknown): When {
  if (typeof value === 'string') {
    const day = dayNamed(value, scope.zone);
    if (day) return { kind: 'day', day };
    const at = instantNamed(value, scope.zone);
    if (at) return { kind: 'instant', at };
  }
  throw new ConditionProblem(`"${fact.key}" needs a date such as 2026-03-01 or 2026-03-01T09:00:00Z, not ${shown(value)}.`);
}
