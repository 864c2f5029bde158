import { Box, Button, Skeleton, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { ToneChip } from '../../common/badges';
import { ErrorState } from '../../common/error-state';
import { useLookups } from '../../common/lookups';
import { RecordLink } from '../../common/record-link';
import { useLeadsChanged } from '../../leads/use-lead-verbs';
import { handOvers, type HandOver } from '../duty-api';
import { TargetList } from './preview-panel';

type Item = NonNullable<HandOver['items']>[number];

const TONE = { moved: 'info', returned: 'good', kept: 'warning', conflict: 'danger' } as const;
/** Somebody keeps it, and nobody has decided yet whose it is. */
const isOut = ({ to, state, reason }: Item): boolean =>
  to !== null && (state === 'moved' || (state === 'kept' && (reason === 'WORKED' || reason === 'BY_CHOICE')));

interface LineProps {
  readonly item: Item;
  /** Whether somebody can still decide about it, and whether he may leave it where it is. */
  readonly open: boolean;
  readonly mayKeep: boolean;
  readonly busy: boolean;
  readonly decide: (keeps: boolean) => void;
}

const Line = ({ item, open, mayKeep, busy, decide }: LineProps) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const holder = lookups.member(item.to) || lookups.pool(item.toPool);
  const state = [
    translate(`pools.handOver.item.${item.state}`),
    item.reason && translate(`pools.conflict.${item.reason}`, { _: item.reason }),
  ];
  return (
    <Box
      role="listitem"
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 1,
        py: 0.75,
        borderBottom: 1,
        borderColor: 'divider',
        fontSize: 13,
      }}
    >
      <RecordLink to={`/leads/${item.lead}`} sx={{ flex: 1, minWidth: 110 }}>
        {item.name || `#${item.lead}`}
      </RecordLink>
      <Box sx={{ color: 'text.secondary' }}>{holder}</Box>
      <ToneChip text={state.filter(Boolean).join(' · ')} tone={TONE[item.state]} />
      {open && (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, flexBasis: { xs: '100%', sm: 'auto' }, justifyContent: 'flex-end' }}>
          <Button size="small" disabled={busy} onClick={() => decide(false)}>
            {translate('pools.handOver.back')}
          </Button>
          {mayKeep && (
            <Button size="small" color="inherit" disabled={busy} onClick={() => decide(true)}>
              {translate('pools.handOver.leave', { name: holder })}
            </Button>
          )}
        </Box>
      )}
    </Box>
  );
};

/** The leads of a hand-over, each with where it is; those that somebody keeps are given back or left there one by one. */
export const HandOverItems = ({ handOver }: { handOver: HandOver }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const client = useQueryClient();
  const changed = useLeadsChanged();
  const [busy, setBusy] = useState(false);
  const { data, error, refetch } = useQuery({ queryKey: ['handovers', handOver.id], queryFn: () => handOvers.one(handOver.id) });
  if (error) return <ErrorState dense error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton variant="rounded" height={160} />;
  const decide = async (lead: number, keeps: boolean): Promise<void> => {
    setBusy(true);
    try {
      await (keeps ? handOvers.keep(data.id, [lead]) : handOvers.back(data.id, [lead]));
      changed();
    } catch (failure) {
      notify(refusal(failure), { type: 'error' });
    } finally {
      await client.invalidateQueries({ queryKey: ['handovers'] });
      setBusy(false);
    }
  };
  const decidable = data.kind === 'leave' && (data.state === 'active' || data.state === 'returned');
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <TargetList targets={data.targets} />
      {data.undecided > 0 && (
        <Typography variant="body2" color="text.secondary">
          {translate('pools.handOver.decideHint')}
        </Typography>
      )}
      <Box role="list">
        {data.items?.map((item) => (
          <Line
            key={item.lead}
            item={item}
            open={decidable && isOut(item)}
            mayKeep={data.mayKeep === true}
            busy={busy}
            decide={(keeps) => void decide(item.lead, keeps)}
          />
        ))}
      </Box>
    </Box>
  );
};
