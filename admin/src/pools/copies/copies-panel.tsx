import { Box, Button, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useRefusalText } from '../../api/errors';
import { ToneChip } from '../../common/badges';
import { When } from '../../common/countdown';
import { Panel } from '../../common/panel';
import { useTicking } from '../../common/product-clock';
import { useLeadsChanged } from '../../leads/use-lead-verbs';
import { copies, copyKeys, useCopies, type Copy, type CopySide } from './api';
import { DifferentDialog, SameDialog } from './decide-dialog';

const Side = ({ side, label, facts, gone }: { side: CopySide; label: string; facts?: string; gone?: boolean }) => {
  const translate = useTranslate();
  const place = gone
    ? translate('pools.copies.merged')
    : side.ownerName
      ? translate('pools.copies.heldBy', { name: side.ownerName })
      : side.poolName
        ? translate('pools.copies.liesIn', { name: side.poolName })
        : translate('pools.copies.nobody');
  return (
    <Box sx={{ minWidth: 0, borderLeft: 2, borderColor: 'divider', pl: 1.5 }}>
      <Typography variant="caption" color="text.secondary" component="div">
        {label}
      </Typography>
      <Box
        component={Link}
        to={`/leads/${side.id}`}
        sx={{ fontSize: 14, fontWeight: 600, color: 'inherit', textDecoration: 'none', '&:hover': { color: 'primary.main' } }}
      >
        {side.name || `#${side.id}`}
      </Box>
      <Box sx={{ fontSize: 13, overflowWrap: 'anywhere' }}>{[side.title, side.company, side.city].filter(Boolean).join(' · ')}</Box>
      <Typography variant="caption" color="text.secondary" component="div">
        {[place, facts].filter(Boolean).join(' · ')}
      </Typography>
    </Box>
  );
};

const useWorkText = (): ((copy: Copy) => string) => {
  const translate = useTranslate();
  return (copy) =>
    (['followUps', 'meetings', 'opportunities'] as const)
      .filter((fact) => copy[fact] > 0)
      .map((fact) => translate(`pools.copies.${fact}`, { smart_count: copy[fact] }))
      .join(' · ');
};

const Verdict = ({ copy, undo }: { copy: Copy; undo: () => void }) => {
  const translate = useTranslate();
  const open = useTicking((now) => (copy.undoableUntil && Date.parse(copy.undoableUntil) > now ? 'yes' : '')) === 'yes';
  const how = copy.how && translate(copy.how === 'merge' ? 'pools.copies.merged' : 'pools.copies.takenBack');
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1 }}>
      <Typography variant="body2" color="text.secondary" component="div" sx={{ flex: 1, minWidth: 200, overflowWrap: 'anywhere' }}>
        {[how, copy.counted && translate('pools.copies.counted'), `${copy.decidedByName ?? '–'}: ${copy.reason ?? ''}`]
          .filter(Boolean)
          .join(' · ')}{' '}
        · <When at={copy.decidedAt} />
      </Typography>
      {open && (
        <Button variant="outlined" color="inherit" onClick={undo} sx={{ minHeight: { xs: 40, md: 32 } }}>
          {translate('pools.copies.undo')}
        </Button>
      )}
    </Box>
  );
};

const CopyLine = ({ copy, done }: { copy: Copy; done: () => Promise<void> }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const work = useWorkText();
  const [asking, setAsking] = useState<'same' | 'different' | null>(null);
  const undo = async (): Promise<void> => {
    try {
      const { conflicts } = await copies.undo(copy.id);
      const left = conflicts.length > 0 ? ` ${translate('pools.copies.conflicts', { fields: conflicts.join(', ') })}` : '';
      notify(translate('pools.copies.done.undone') + left, { type: 'success' });
    } catch (error) {
      notify(refusal(error), { type: 'error' });
    }
    await done();
  };
  const close = (): void => setAsking(null);
  return (
    <Box
      role="listitem"
      sx={{ display: 'grid', gap: 1, py: 1.5, borderTop: 1, borderColor: 'divider', '&:first-of-type': { borderTop: 0 } }}
    >
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', fontSize: 13 }}>
        <ToneChip
          text={
            copy.state === 'suspected'
              ? translate('pools.copies.likeness', { percent: Math.round(copy.likeness * 100) })
              : translate(`pools.copies.state.${copy.state}`)
          }
          tone={copy.state === 'suspected' ? 'warning' : copy.state === 'confirmed' ? 'danger' : 'good'}
        />
        <Box sx={{ fontWeight: 600 }}>{translate('pools.copies.typedBy', { name: copy.memberName ?? '–' })}</Box>
        <Box sx={{ color: 'text.secondary' }}>
          <When at={copy.at} /> · {copy.grounds.map((ground) => translate(`pools.copies.ground.${ground}`)).join(' · ')}
        </Box>
      </Box>
      <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}>
        <Side
          side={copy.lead}
          label={translate('pools.copies.typed')}
          facts={work(copy)}
          gone={copy.state === 'confirmed' && copy.how === 'merge'}
        />
        <Side side={copy.original} label={translate('pools.copies.original')} />
      </Box>
      {copy.state === 'suspected' ? (
        <Box sx={{ display: 'flex', gap: 1, justifyContent: 'flex-end', '& > *': { minHeight: { xs: 40, md: 32 } } }}>
          <Button variant="outlined" color="inherit" onClick={() => setAsking('different')}>
            {translate('pools.copies.different')}
          </Button>
          <Button variant="contained" onClick={() => setAsking('same')}>
            {translate('pools.copies.same')}
          </Button>
        </Box>
      ) : (
        <Verdict copy={copy} undo={() => void undo()} />
      )}
      {asking === 'same' && <SameDialog copy={copy} close={close} done={done} />}
      {asking === 'different' && <DifferentDialog copy={copy} close={close} done={done} />}
    </Box>
  );
};

/** Leads typed in that look like leads of the pool: what is to be decided, and what was decided lately. Nothing when there is none. */
export const CopiesPanel = ({ pool }: { pool: string }) => {
  const translate = useTranslate();
  const client = useQueryClient();
  const changed = useLeadsChanged();
  const { data } = useCopies(pool);
  if (!data || data.copies.length === 0) return null;
  const done = async (): Promise<void> => {
    changed();
    await Promise.all([
      client.invalidateQueries({ queryKey: copyKeys.all }),
      client.invalidateQueries({ queryKey: ['pools-fair-play'] }),
      client.invalidateQueries({ queryKey: ['pools-board'] }),
    ]);
  };
  return (
    <Panel title={translate('pools.copies.title')}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 0.5 }}>
        {translate('pools.copies.intro')}
      </Typography>
      <Box role="list">
        {data.copies.map((copy) => (
          <CopyLine key={copy.id} copy={copy} done={done} />
        ))}
      </Box>
      {data.total > data.copies.length && (
        <Typography variant="caption" color="text.secondary">
          {translate('pools.copies.more', { shown: data.copies.length, total: data.total })}
        </Typography>
      )}
    </Panel>
  );
};
