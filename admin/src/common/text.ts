import { useLocale } from 'ra-core';
import { useCallback } from 'react';
import type { Locale, LocalisedText } from '../api/types';

export const asLocale = (locale: string): Locale => (locale.startsWith('zh') ? 'zh' : 'en');

export const useLocaleCode = (): Locale => asLocale(useLocale());

type Words = LocalisedText | string | null | undefined;

export const pickText = (words: Words, locale: Locale): string => {
  if (words === null || words === undefined) return '';
  if (typeof words === 'string') return words;
  return words[locale] || words[locale === 'zh' ? 'en' : 'zh'] || '';
};

/** Chooses the current language of a `{ zh, en }` text that came from the server. */
export const useText = (): ((words: Words) => string) => {
  const locale = useLocaleCode();
  return useCallback((words) => pickText(words, locale), [locale]);
};
