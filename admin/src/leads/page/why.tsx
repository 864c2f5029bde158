import type { OwnerExplanation } from '@leadsea/lead-routing/contracts/decision';
import { Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import type { ConsoleProvider } from '../../api/data-provider';
import type { Lead } from '../../api/types';
import { ErrorState } from '../../common/error-state';
import { OfferBar } from '../../routing/offer-bar';
import { OwnerReasons } from '../../routing/why-owner';

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
  const { data, error, isPending, refetch } = useExplanation<OwnerExplanation>(lead, 'owner');
  if (isPending) return <Waiting />;
  if (error) return <ErrorState dense error={error} retry={() => void refetch()} />;
  if (!data.text && (data.candidates ?? []).length === 0) return <Typography variant="body2">{translate('explain.nothing')}</Typography>;
  return <OwnerReasons data={data} owner={lead.owner ?? null} />;
};

/** What waits for the reader's answer, without opening anything. */
export const OwnOffer = ({ lead }: { lead: Lead }) => {
  const { data } = useExplanation<OwnerExplanation>(lead, 'owner');
  return data?.offer ? <OfferBar lead={lead.id} offer={data.offer} /> : null;
};
