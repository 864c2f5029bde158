import { useTranslate } from 'ra-core';
import { useCallback, useMemo } from 'react';
import { EVENT_TITLES } from '../../../../plugins/leads/contracts/event-titles';
import { camel, useShownValue } from '../../leads/page/change-lines';
import { useText } from '../../common/text';
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
  value(key: string, value: unknown): string;
}

/** Events, the names of what they changed and the values before and after, in the reader's language. */
export const useEventWords = (): EventWords => {
  const translate = useTranslate();
  const text = useText();
  const shown = useShownValue();
  const words = useChangeWords();
  const title = useCallback((type: string) => text(EVENT_TITLES[type]) || type, [text]);
  const name = (key: string, subject: string): string => {
    const plainKey = camel(key);
    const own = RECORDS.has(subject) ? '' : translate(`setup.audit.configNames.${plainKey}`, { _: '' });
    if (own) return own;
    const known = translate(`fields.${plainKey}`, { _: translate(`setup.audit.names.${plainKey}`, { _: words.part(plainKey) }) });
    return known;
  };
  return {
    title,
    name,
    value: (key, value) => (isObject(value) || typeof value === 'boolean' ? words.value(value) : shown(camel(key), value)),
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
