import { useTranslate } from 'ra-core';
import { useCallback } from 'react';
import { asRefusal, useRefusalText } from '../../api/errors';

/** A refusal in the reader's language: as this set-up page says it, as all of them do, else as the console or the server does. */
export const useRefusalWords = (of: string): ((error: unknown) => string) => {
  const translate = useTranslate();
  const usual = useRefusalText();
  return useCallback(
    (error: unknown) => {
      const { code = '', details } = asRefusal(error);
      const common = translate(`setup.refusal.${code}`, { ...details, _: usual(error) });
      return translate(`setup.refusal.${of}.${code}`, { ...details, _: common });
    },
    [of, translate, usual],
  );
};
