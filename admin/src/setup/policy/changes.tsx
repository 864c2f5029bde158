import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { diff, type Change } from '../kit/diff';
import { useChangeWords } from './change-words';

const COLOUR = { added: 'success.main', removed: 'error.main', changed: 'text.primary', moved: 'text.primary' } as const;

/** What differs between two bodies, in words. */
export const Changes = ({ before, after, none }: { before: unknown; after: unknown; none: string }) => {
  const translate = useTranslate();
  const words = useChangeWords();
  const changes = useMemo(() => diff(before ?? {}, after ?? {}, [], words.item), [before, after, words.item]);
  if (changes.length === 0)
    return (
      <Typography variant="body2" color="text.secondary">
        {none}
      </Typography>
    );
  const where = (change: Change): string => change.path.map(words.part).join(' › ');
  return (
    <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 1 }}>
      {changes.map((change, index) => (
        <Box component="li" key={index} sx={{ fontSize: 13, overflowWrap: 'anywhere' }}>
          <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{where(change)}</Box>
          {change.kind === 'moved' && translate('setup.kit.moved')}
          {change.before !== undefined && change.kind !== 'moved' && (
            <Box
              component="span"
              sx={{ color: COLOUR[change.kind === 'changed' ? 'removed' : change.kind], textDecoration: 'line-through', opacity: 0.85 }}
            >
              {words.value(change.before)}
            </Box>
          )}
          {change.kind === 'changed' && ' → '}
          {change.after !== undefined && change.kind !== 'moved' && (
            <Box component="span" sx={{ color: 'success.main' }}>
              {words.value(change.after)}
            </Box>
          )}
        </Box>
      ))}
    </Box>
  );
};
