import type { ConditionGroup } from '@leadsea/crm-core/contracts/condition';
import { useQuery } from '@tanstack/react-query';
import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useEffect, useState } from 'react';
import { useRefusalText } from '../api/errors';
import { API, httpClient } from '../api/http-client';
import { useLocaleCode } from '../common/text';
import { showNumber } from '../common/values';

const PAUSE_MS = 500;

const countOf = async (resource: string, where: string, signal: AbortSignal): Promise<number> => {
  const query = new URLSearchParams({ filter: `{"where":${where}}`, range: '[0,0]' });
  const { headers } = await httpClient<unknown>(`${API}/${resource}?${query.toString()}`, { signal });
  return Number(headers.get('content-range')?.split('/').pop() ?? 0);
};

/** `412 leads match`, asked again half a second after the last change. Keeps its height while it waits. */
export const MatchCount = ({ condition, complete }: { condition: ConditionGroup; complete: boolean }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const refusal = useRefusalText();
  const wanted = JSON.stringify(condition);
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const { data, error, isFetching } = useQuery({
    queryKey: ['leads', 'count', asked],
    queryFn: ({ signal }) => countOf('leads', asked, signal),
    enabled: complete,
    placeholderData: (previous) => previous,
    retry: false,
  });
  const text = !complete
    ? translate('setup.condition.incomplete')
    : error
      ? refusal(error)
      : data === undefined
        ? '…'
        : translate('setup.condition.matches', { smart_count: data, count: showNumber(data, locale) });
  return (
    <Box
      aria-live="polite"
      sx={{
        minHeight: 20,
        fontSize: 12.5,
        opacity: isFetching || asked !== wanted ? 0.6 : 1,
        color: error && complete ? 'error.main' : 'text.secondary',
      }}
    >
      {text}
    </Box>
  );
};
