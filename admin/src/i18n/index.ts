import polyglotI18nProvider from 'ra-i18n-polyglot';
import type { I18nProvider } from 'ra-core';
import type { Locale } from '../api/types';
import { fillWithCounts } from './counts';

export const LOCALES = [
  { locale: 'zh', name: '简体中文' },
  { locale: 'en', name: 'English' },
];

/** One reading each: what is read early is read for one language and not for the choice between them. */
const READ = {
  en: async () => (await import('./messages-en')).default,
  zh: async () => (await import('./messages-zh')).default,
};
const load = (locale: string) => (locale === 'en' ? READ.en() : READ.zh());

/** The language chosen last, else the browser's. */
export const preferredLocale = (): Locale => {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem('RaStore.locale') ?? 'null');
    if (stored === 'zh' || stored === 'en') return stored;
  } catch {
    // An unreadable preference is no preference.
  }
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
};

/** Loads one language before the first render; the other one when it is chosen. */
export const createI18nProvider = async (locale: Locale): Promise<I18nProvider> => {
  const first = await load(locale);
  return polyglotI18nProvider((asked) => (asked === locale ? first : load(asked)), locale, LOCALES, {
    allowMissing: false,
    replace: fillWithCounts,
    onMissingKey: (key: string, options: { _?: string }) => options._ ?? key,
  });
};
