import type { MatchTotal } from '@leadsea/crm-core/contracts/match';
import { useTranslate } from 'ra-core';
import { useCallback } from 'react';
import { useLocaleCode } from '../common/text';
import { showNumber } from '../common/values';

/** `1,204`, or `about 31,000` where only a part was counted. */
export const useTotalText = (): ((total: MatchTotal) => string) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  return useCallback(
    ({ total, estimated }) => {
      const count = showNumber(total, locale);
      return estimated ? translate('setup.condition.about', { count }) : count;
    },
    [locale, translate],
  );
};
