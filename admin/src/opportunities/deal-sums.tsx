import type { OpportunitySum } from '@leadsea/leads/contracts/opportunity';
import { Box, Tooltip } from '@mui/material';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { getJson } from '../api/http-client';
import { useLocaleCode } from '../common/text';
import { showMoney } from '../common/values';

interface Sums {
  /** Null for who may read no amounts. */
  readonly sums: readonly OpportunitySum[] | null;
}

const Sum = ({ sum }: { sum: OpportunitySum }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const money = (amount: number): string => showMoney(amount, sum.by, locale);
  return (
    <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', columnGap: 0.75, alignItems: 'baseline' }}>
      <Tooltip title={translate('opp.deals', { smart_count: sum.rows })}>
        <b>{money(sum.amount)}</b>
      </Tooltip>
      {sum.by === null && <span>{translate('opp.noCurrency')}</span>}
      {sum.weighed !== null && sum.weighed > 0 && sum.weighted !== null && (
        <Tooltip title={translate('opp.weightedHelp', { count: sum.weighed, total: sum.rows })}>
          <Box component="span" tabIndex={0} sx={{ color: 'text.secondary' }}>
            {translate('opp.weighted', { amount: money(sum.weighted) })}
          </Box>
        </Tooltip>
      )}
    </Box>
  );
};

/** What the opportunities of a filter add up to, currency by currency, and weighted by their probability. Nothing where there is nothing to add up. */
export const DealSums = (props: { filter: Readonly<Record<string, unknown>>; label: string; dense?: boolean }) => {
  const { filter, label, dense = false } = props;
  const asked = JSON.stringify(filter);
  const { data } = useQuery({
    queryKey: ['opportunities', 'sums', asked],
    queryFn: ({ signal }) => getJson<Sums>(`/opportunities/sums?filter=${encodeURIComponent(asked)}`, signal),
    placeholderData: keepPreviousData,
  });
  // Its line is there from the start: the list below does not jump when the sums come.
  if (data && !data.sums?.length) return null;
  return (
    <Box
      role="status"
      aria-label={label}
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        columnGap: 2,
        minHeight: 28,
        alignItems: 'center',
        fontSize: 13,
        ...(dense ? { mb: 1 } : { px: { xs: 2, md: 3 }, pb: 0.5 }),
      }}
    >
      <Box component="span" sx={{ color: 'text.secondary' }}>
        {label}
      </Box>
      {data?.sums?.map((sum) => (
        <Sum key={sum.by ?? ''} sum={sum} />
      ))}
    </Box>
  );
};
