import { Box, Skeleton } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { getJson } from '../../api/http-client';
import { ErrorState } from '../../common/error-state';
import { useLocaleCode } from '../../common/text';
import type { DiffLine } from '../types';

const COLOUR = { same: undefined, added: 'success.main', removed: 'error.main' } as const;
const SIGN = { same: ' ', added: '+', removed: '−' } as const;

/** Two versions of a contract line by line, what changed in colour and with a sign. */
export const Compare = ({ id, from, to }: { id: number; from: number; to: number }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const { data, error, refetch } = useQuery({
    queryKey: ['sla-compare', id, from, to],
    queryFn: ({ signal }) => getJson<Record<'zh' | 'en', DiffLine[]>>(`/sla-contracts/${id}/compare?from=${from}&to=${to}`, signal),
  });
  if (error) return <ErrorState dense error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton variant="rounded" height={300} />;
  const lines = data[locale];
  if (lines.every((line) => line.kind === 'same')) return <Box sx={{ color: 'text.secondary' }}>{translate('sla.contracts.nothing')}</Box>;
  return (
    <Box sx={{ fontSize: 13.5, lineHeight: 1.6, overflowWrap: 'anywhere' }}>
      {lines.map((line, index) => (
        <Box
          key={index}
          component={line.kind === 'added' ? 'ins' : line.kind === 'removed' ? 'del' : 'div'}
          sx={{
            display: 'flex',
            gap: 1,
            minHeight: 12,
            color: COLOUR[line.kind] ?? 'text.primary',
            bgcolor: line.kind === 'same' ? undefined : 'action.hover',
            textDecoration: line.kind === 'removed' ? 'line-through' : 'none',
          }}
        >
          <Box component="span" aria-hidden="true" sx={{ width: 12, flex: 'none', fontWeight: 700 }}>
            {SIGN[line.kind]}
          </Box>
          <span>{line.text.replace(/^#+ /, '').replaceAll('**', '')}</span>
        </Box>
      ))}
    </Box>
  );
};
