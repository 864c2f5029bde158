import { Box, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { ErrorState } from '../../common/error-state';
import { useText } from '../../common/text';
import { explainLines } from './explain-lines';

const COLOUR = { plain: 'text.primary', good: 'success.main', bad: 'text.secondary' } as const;

/** Sentences of an explanation, asked for when it is opened. */
export const ExplainList = ({ queryKey, load }: { queryKey: unknown[]; load: () => Promise<unknown> }) => {
  const translate = useTranslate();
  const text = useText();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['explain', ...queryKey], queryFn: load });
  if (isPending)
    return (
      <>
        {[0, 1].map((row) => (
          <Skeleton key={row} height={22} />
        ))}
      </>
    );
  if (error) return <ErrorState dense error={error} retry={() => void refetch()} />;
  const lines = explainLines(data);
  if (lines.length === 0)
    return (
      <Typography variant="body2" color="text.secondary">
        {translate('explain.nothing')}
      </Typography>
    );
  return (
    <Box sx={{ display: 'grid', gap: 0.5 }}>
      {lines.map((line, index) => (
        <Typography key={index} variant="body2" color={COLOUR[line.tone]} sx={{ overflowWrap: 'anywhere' }}>
          {text(line.text)}
        </Typography>
      ))}
    </Box>
  );
};
