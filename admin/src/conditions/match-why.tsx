import { Box, Skeleton, Typography } from '@mui/material';
import type { MatchTotal } from '@leadsea/crm-core/contracts/match';
import { useTranslate } from 'ra-core';
import { ErrorState } from '../common/error-state';
import { useDescribeCondition } from './use-facts';
import { useTotalText } from './total-text';
import { useMatchParts, type Question } from './use-match';

/** Why no lead matches: what every rule finds by itself, and how many there would be without it. */
export const MatchWhy = ({ question }: { question: Question }) => {
  const translate = useTranslate();
  const describe = useDescribeCondition();
  const show = useTotalText();
  const { data, error, refetch } = useMatchParts(question);
  const { rules, combinator } = question.where;
  if (error) return <ErrorState dense error={error} retry={() => void refetch()} />;
  const line = (alone: MatchTotal, without: MatchTotal): string => {
    const found = translate('setup.condition.alone', { smart_count: alone.total, count: show(alone) });
    const rest = translate('setup.condition.without', { smart_count: without.total, count: show(without) });
    return combinator === 'and' && rules.length > 1 ? `${found} · ${rest}` : found;
  };
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1 }}>
      {rules.map((rule, index) => {
        const part = data?.parts?.[index];
        if (data && !part) return null;
        return (
          <Box component="li" key={index} sx={{ fontSize: 13, overflowWrap: 'anywhere' }}>
            {describe({ combinator: 'and', rules: [rule] })}
            {part ? (
              <Typography variant="caption" component="div" color={part.alone.total === 0 ? 'warning.main' : 'text.secondary'}>
                {line(part.alone, part.without)}
              </Typography>
            ) : (
              <Skeleton width={180} />
            )}
          </Box>
        );
      })}
    </Box>
  );
};
