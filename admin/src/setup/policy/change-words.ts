import type { Condition } from '@leadsea/crm-core/contracts/condition';
import { useTranslate } from 'ra-core';
import { useCallback } from 'react';
import type { LocalisedText } from '../../api/types';
import { scalarText } from '../../conditions/scalar';
import { parseSpan, spanWords } from '../../conditions/span';
import { useDescribeCondition, useFacts } from '../../conditions/use-facts';
import { useLookups } from '../../common/lookups';
import { useLocaleCode, useText } from '../../common/text';

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is LocalisedText => isPlain(value) && typeof value.zh === 'string' && typeof value.en === 'string';
const isCondition = (value: unknown): value is Condition => isPlain(value) && Array.isArray(value.rules) && 'combinator' in value;
const MAX = 140;
/** What is off or empty is left out when a whole part is told: only what it does is news. */
const telling = (value: unknown): boolean =>
  value !== null &&
  value !== undefined &&
  value !== '' &&
  value !== false &&
  value !== 'none' &&
  !(Array.isArray(value) && value.length === 0);

export interface ChangeWords {
  /** A name for an item of a list. */
  item(item: unknown, index: number): string;
  /** A property's name. */
  part(segment: string): string;
  value(value: unknown): string;
}

/** Values and names of policy bodies in the reader's language, for the list of changes. */
export const useChangeWords = (): ChangeWords => {
  const translate = useTranslate();
  const text = useText();
  const locale = useLocaleCode();
  const describe = useDescribeCondition();
  const facts = useFacts('lead');
  const lookups = useLookups();
  const scalar = useCallback(
    (value: unknown): string => {
      if (typeof value === 'boolean') return translate(value ? 'setup.condition.yes' : 'setup.condition.no');
      if (typeof value === 'string' && parseSpan(value)) return spanWords(value, locale);
      if (typeof value === 'string' && facts.byKey.has(value)) return text(facts.byKey.get(value)?.label);
      return typeof value === 'string' ? translate(`setup.part.${value}`, { _: value }) : String(value);
    },
    [facts, locale, text, translate],
  );
  const item = useCallback(
    (one: unknown, index: number): string => {
      if (!isPlain(one)) return scalar(one);
      if (isText(one.label)) return text(one.label) || scalarText(one.key) || String(index + 1);
      if (typeof one.from === 'string' && typeof one.to === 'string') return `${one.from} → ${one.to}`;
      if (typeof one.from === 'string') return one.from;
      if (typeof one.member === 'number') return lookups.member(one.member);
      return scalarText(one.key) || scalarText(one.name) || String(index + 1);
    },
    [lookups, scalar, text],
  );
  const value = useCallback(
    (one: unknown): string => {
      const tell = (part: unknown): string => {
        if (part === null || part === undefined || part === '') return '–';
        if (isText(part)) return text(part);
        if (isCondition(part)) return describe(part) || translate('setup.condition.always');
        if (Array.isArray(part))
          return part.map((inner, index) => (isPlain(inner) && isText(inner.label) ? item(inner, index) : tell(inner))).join(', ');
        if (!isPlain(part)) return scalar(part);
        return Object.entries(part)
          .filter(([name, inner]) => telling(inner) && !(name === 'key' && isText(part.label)))
          .map(([name, inner]) => `${translate(`setup.part.${name}`, { _: name })}: ${tell(inner)}`)
          .join(', ');
      };
      const words = tell(one);
      return words.length > MAX ? `${words.slice(0, MAX)}…` : words;
    },
    [describe, item, scalar, text, translate],
  );
  const part = useCallback((segment: string) => translate(`setup.part.${segment}`, { _: segment }), [translate]);
  return { item, part, value };
};
