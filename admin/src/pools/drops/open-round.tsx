import { Box, Button, Checkbox, FormControlLabel, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useState } from 'react';
import type { ConsoleProvider } from '../../api/data-provider';
import type { Lead } from '../../api/types';
import { GradeBadge, LabelMark } from '../../common/badges';
import type { Drop } from '../api';
import { CountdownRing } from '../queue/ring';

const SHOWN = 50;

/** Which leads I wish for; none ticked stands for any. */
const Wishes = ({ drop, wished, onToggle }: { drop: Drop; wished: ReadonlySet<number>; onToggle: (id: number) => void }) => {
  const provider = useDataProvider<ConsoleProvider>();
  const ids = drop.leads.slice(0, SHOWN);
  const { data } = useQuery({
    queryKey: ['leads', 'rows', ids],
    queryFn: async () => (await provider.getMany<Lead>('leads', { ids: [...ids] })).data,
    enabled: ids.length > 0,
  });
  if (!data || data.length === 0) return null;
  return (
    <Box role="list" sx={{ maxHeight: 320, overflow: 'auto', borderTop: 1, borderColor: 'divider' }}>
      {data.map((lead) => (
        <Box
          key={lead.id}
          role="listitem"
          sx={{ display: 'flex', alignItems: 'center', gap: 1, borderBottom: 1, borderColor: 'divider', fontSize: 13 }}
        >
          <FormControlLabel
            control={<Checkbox size="small" checked={wished.has(lead.id)} onChange={() => onToggle(lead.id)} />}
            label={
              <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, fontSize: 13 }}>
                <GradeBadge grade={lead.grade} /> {lead.company || lead.name || `#${lead.id}`}
              </Box>
            }
            sx={{ flex: 1, mr: 0 }}
          />
          <LabelMark label={lead.label} />
        </Box>
      ))}
    </Box>
  );
};

/** A round that is open: time left, how many want in, and my own wish. */
export const OpenRound = (props: {
  drop: Drop;
  busy: boolean;
  manages: boolean;
  onRegister: (leads: readonly number[]) => void;
  onWithdraw: () => void;
  onDraw: () => void;
  onCancel: () => void;
}) => {
  const translate = useTranslate();
  const { drop, busy } = props;
  const [wished, setWished] = useState<ReadonlySet<number>>(new Set(drop.mine?.leads ?? []));
  const toggle = (id: number): void => setWished((old) => new Set(old.has(id) ? [...old].filter((one) => one !== id) : [...old, id]));
  const isIn = drop.mine !== null;
  return (
    <Box sx={{ display: 'grid', gap: 2, p: { xs: 2, md: 3 } }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 2 }}>
        <CountdownRing from={drop.opensAt} until={drop.closesAt} label={translate('pools.drop.left')} />
        <Box sx={{ flex: 1 }}>
          <Typography variant="h6" component="h2">
            {translate('pools.drop.open', { smart_count: drop.leadCount })}
          </Typography>
          <Typography variant="body2" color="text.secondary">
            {translate('pools.drop.entrants', { smart_count: drop.entrants })}
          </Typography>
          <Typography variant="body2" color={isIn ? 'success.main' : 'text.secondary'}>
            {isIn
              ? translate(drop.mine?.leads.length ? 'pools.drop.inFor' : 'pools.drop.inAny', { smart_count: drop.mine?.leads.length ?? 0 })
              : translate('pools.drop.notIn')}
          </Typography>
        </Box>
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, '& .MuiButton-root': { minHeight: { xs: 44, md: 36 } } }}>
        <Button variant="contained" disabled={busy} onClick={() => props.onRegister([...wished])}>
          {translate(isIn ? 'pools.drop.change' : wished.size > 0 ? 'pools.drop.registerFor' : 'pools.drop.register', {
            smart_count: wished.size,
          })}
        </Button>
        {isIn && (
          <Button variant="outlined" color="inherit" disabled={busy} onClick={props.onWithdraw}>
            {translate('pools.drop.withdraw')}
          </Button>
        )}
        {props.manages && (
          <>
            <Box sx={{ flex: 1 }} />
            <Button variant="outlined" disabled={busy} onClick={props.onDraw}>
              {translate('pools.drop.drawNow')}
            </Button>
            <Button color="inherit" disabled={busy} onClick={props.onCancel}>
              {translate('pools.drop.cancel')}
            </Button>
          </>
        )}
      </Box>
      <Typography variant="caption" color="text.secondary" sx={{ overflowWrap: 'anywhere' }}>
        {translate('pools.drop.hash')}: {drop.seedHash}
      </Typography>
      <Wishes drop={drop} wished={wished} onToggle={toggle} />
    </Box>
  );
};
