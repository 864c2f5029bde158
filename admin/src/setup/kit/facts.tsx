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

const moves = ({ added = 0, removed = 0 }: Fact): boolean => added + removed > 0;

/** Names and numbers in two columns; where the live version has other ones: who comes in and who falls out. */
export const Facts = ({ facts }: { facts: readonly Fact[] }) => {
  const locale = useLocaleCode();
  const translate = useTranslate();
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
      {facts.some(moves) && (
        <Typography variant="caption" color="text.secondary" component="div">
          {translate('setup.kit.against')}
        </Typography>
      )}
    </>
  );
};
