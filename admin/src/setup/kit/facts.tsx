import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useLocaleCode } from '../../common/text';
import { showNumber } from '../../common/values';

export interface Fact {
  readonly label: string;
  readonly value: number | string;
  /** How many of them are not so in the live version, and how many are so there and no longer here. */
  readonly added?: number;
  readonly removed?: number;
}

/** Whether the live version has other ones. */
export const moves = ({ added = 0, removed = 0 }: Pick<Fact, 'added' | 'removed'>): boolean => added + removed > 0;

/** What + and − before a number say. */
export const AgainstLegend = () => {
  const translate = useTranslate();
  return (
    <Typography variant="caption" color="text.secondary" component="div">
      {translate('setup.kit.against')}
    </Typography>
  );
};

/** Names and numbers in two columns; where the live version has other ones: who comes in and who falls out. */
export const Facts = ({ facts, legend = true }: { facts: readonly Fact[]; legend?: boolean }) => {
  const locale = useLocaleCode();
  const part = (sign: string, count: number | undefined, colour: string) =>
    count ? (
      <Box component="span" sx={{ color: colour, fontWeight: 500, mr: 1 }}>
        {sign}
        {showNumber(count, locale)}
      </Box>
    ) : null;
  return (
    <>
      <Box component="dl" sx={{ display: 'grid', gridTemplateColumns: '1fr auto', columnGap: 2, rowGap: 0.75, m: 0, fontSize: 13 }}>
        {facts.map((fact, index) => (
          <Box key={index} sx={{ display: 'contents' }}>
            <Box component="dt" sx={{ color: 'text.secondary' }}>
              {fact.label}
            </Box>
            <Box component="dd" sx={{ m: 0, fontWeight: 600, textAlign: 'right' }}>
              {part('+', fact.added, 'success.main')}
              {part('−', fact.removed, 'error.main')}
              {typeof fact.value === 'number' ? showNumber(fact.value, locale) : fact.value}
            </Box>
          </Box>
        ))}
      </Box>
      {legend && facts.some(moves) && <AgainstLegend />}
    </>
  );
};
