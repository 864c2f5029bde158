import { useTranslate } from 'ra-core';
import { useCallback, useMemo } from 'react';
import { EVENT_TITLES } from '../../../../plugins/leads/contracts/event-titles';
import { camel, useShownValue } from '../../leads/page/change-lines';
import { useMeta } from '../../api/session-context';
import type { CustomField } from '../../api/types';
import { useLookups } from '../../common/lookups';
import { useLocaleCode, useText } from '../../common/text';
import { useTime } from '../../common/time';
import { showCustom } from '../../common/values';
import { useChangeWords } from '../policy/change-words';

export interface EventChoice {
  readonly value: string;
  readonly label: string;
}

/** Kinds of record people work with; everything else is configuration. */
const RECORDS: ReadonlySet<string> = new Set(['lead', 'account', 'opportunity', 'activity', 'task']);

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

export interface EventWords {
  /** What an event is called; one of a plugin that gave it no name is called by its type. */
  title(type: string): string;
  /** Of a part of a record; configuration calls some parts otherwise than records do (`label` of a role is its name, that of a lead its heat). */
  name(key: string, subject: string): string;
  value(key: string, value: unknown, subject: string): string;
}

/** Events, the names of what they changed and the values before and after, in the reader's language. */
export const useEventWords = (): EventWords => {
  const translate = useTranslate();
  const text = useText();
  const shown = useShownValue();
  const words = useChangeWords();
  const { customFields } = useMeta();
  const lookups = useLookups();
  const locale = useLocaleCode();
  const time = useTime();
  const ownField = (key: string, subject: string): CustomField | undefined =>
    customFields.find((field) => field.entity === subject && `custom.${field.key}` === key);
  const title = useCallback((type: string) => text(EVENT_TITLES[type]) || type, [text]);
  const name = (key: string, subject: string): string => {
    const field = ownField(key, subject);
    if (field) return text(field.label) || field.key;
    const plainKey = camel(key);
    const own = RECORDS.has(subject) ? '' : translate(`setup.audit.configNames.${plainKey}`, { _: '' });
    if (own) return own;
    const known = translate(`fields.${plainKey}`, { _: translate(`setup.audit.names.${plainKey}`, { _: words.part(plainKey) }) });
    return known;
  };
  return {
    title,
    name,
    value: (key, value, subject) => {
      const field = ownField(key, subject);
      if (field) return showCustom(field, value, { locale, time, text, member: lookups.member }) || '–';
      return isObject(value) || typeof value === 'boolean' ? words.value(value) : shown(camel(key), value);
    },
  };
};

/** Every kind of event there is, to choose from. */
export const useEventChoices = (): readonly EventChoice[] => {
  const text = useText();
  return useMemo(
    () =>
      Object.entries(EVENT_TITLES)
        .map(([value, label]) => ({ value, label: text(label) }))
        .sort((a, b) => a.label.localeCompare(b.label)),
    [text],
  );
};
