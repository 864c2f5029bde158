import { Box } from '@mui/material';
import { useLocaleCode } from '../../common/text';
import { showNumber } from '../../common/values';

/** Names and numbers in two columns. */
export const Facts = ({ facts }: { facts: readonly { label: string; value: number | string }[] }) => {
  const locale = useLocaleCode();
  return (
    <Box component="dl" sx={{ display: 'grid', gridTemplateColumns: '1fr auto', columnGap: 2, rowGap: 0.75, m: 0, fontSize: 13 }}>
      {facts.map((fact, index) => (
        <Box key={index} sx={{ display: 'contents' }}>
          <Box component="dt" sx={{ color: 'text.secondary' }}>
            {fact.label}
          </Box>
          <Box component="dd" sx={{ m: 0, fontWeight: 600, textAlign: 'right' }}>
            {typeof fact.value === 'number' ? showNumber(fact.value, locale) : fact.value}
          </Box>
        </Box>
      ))}
    </Box>
  );
};
