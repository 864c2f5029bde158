import { Box, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import type { ConsoleProvider } from '../../api/data-provider';
import type { Lead, LocalisedText } from '../../api/types';
import { ErrorState } from '../../common/error-state';
import { useText } from '../../common/text';

/** The parts of the explanation of an owner that are shown here. */
interface OwnerExplanation {
  text?: LocalisedText;
  candidates?: {
    member: number | null;
    name: string | null;
    chosen: boolean;
    eligible: boolean;
    codes: (string | { code: string })[];
    you?: boolean;
  }[];
}
const useExplanation = <T,>(lead: Lead, what: 'owner') => {
  const provider = useDataProvider<ConsoleProvider>();
  return useQuery({ queryKey: ['explain', what, lead.id, lead.version], queryFn: () => provider.explain<T>(lead.id, what) });
};

const Waiting = () => (
  <>
    {[0, 1].map((row) => (
      <Skeleton key={row} height={22} />
    ))}
  </>
);

/** Why this person, and why not the others: a candidate with the reasons that left him out. */
export const WhyOwner = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const text = useText();
  const { data, error, isPending, refetch } = useExplanation<OwnerExplanation>(lead, 'owner');
  if (isPending) return <Waiting />;
  if (error) return <ErrorState dense error={error} retry={() => void refetch()} />;
  const candidates = data.candidates ?? [];
  if (!data.text && candidates.length === 0) return <Typography variant="body2">{translate('explain.nothing')}</Typography>;
  const verdict = (candidate: (typeof candidates)[number]): string => {
    if (candidate.chosen) return translate('why.chosen');
    const codes = candidate.codes.map((one) => (typeof one === 'string' ? one : one.code));
    if (codes.length === 0) return candidate.eligible ? translate('why.notChosen') : '';
    return codes.map((code) => translate(`codes.${code}`, { _: code })).join(', ');
  };
  return (
    <Box sx={{ display: 'grid', gap: 0.5 }}>
      <Typography variant="body2">{text(data.text)}</Typography>
      {candidates.map((candidate, index) => (
        <Box
          key={candidate.member ?? index}
          sx={{ display: 'flex', gap: 1, fontSize: 12.5, color: candidate.chosen ? 'success.main' : 'text.secondary' }}
        >
          <Box sx={{ flex: 1, fontWeight: candidate.you ? 650 : undefined }}>{candidate.name ?? '–'}</Box>
          <Box sx={{ textAlign: 'right' }}>{verdict(candidate)}</Box>
        </Box>
      ))}
    </Box>
  );
};
