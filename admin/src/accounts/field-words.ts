import { useTranslate } from 'ra-core';
import { useLookups } from '../common/lookups';
import { plain } from '../common/plain';
import { useLocaleCode, useText } from '../common/text';
import { useTime } from '../common/time';
import { showCode, showCustom, showMoney, showNumber } from '../common/values';
import { useCustomFields } from '../layouts/use-sections';

/** Names and values of an account's fields, built-in or `custom.<key>`, in the reader's language. */
export const useAccountFieldWords = (): { label: (field: string) => string; value: (field: string, value: unknown) => string } => {
  const translate = useTranslate();
  const text = useText();
  const locale = useLocaleCode();
  const time = useTime();
  const lookups = useLookups();
  const custom = new Map(useCustomFields('accounts').map((field) => [`custom.${field.key}`, field]));
  return {
    label: (field) => {
      const own = custom.get(field);
      return own ? text(own.label) || own.key : translate(`fields.${field === 'name' ? 'company' : field}`, { _: field });
    },
    value: (field, value) => {
      const own = custom.get(field);
      if (own) return showCustom(own, value, { locale, time, text, member: lookups.member });
      if (field === 'owner') return lookups.member(typeof value === 'number' ? value : null);
      if (field === 'country') return showCode(plain(value), 'region', locale);
      if (field === 'annualRevenue') return showMoney(value === null ? null : plain(value), null, locale);
      return field === 'employees' ? showNumber(typeof value === 'number' ? value : null, locale) : plain(value);
    },
  };
};
