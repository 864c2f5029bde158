import CloseIcon from '@mui/icons-material/Close';
import { Box, Button, IconButton, Typography } from '@mui/material';
import { useListContext, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useAccess } from '../../api/session-context';
import type { Lead } from '../../api/types';
import { RefusalsDialog } from '../refusals-dialog';
import { useLeadVerbs, type VerbOutcome } from '../use-lead-verbs';
import { AssignDialog, ReleaseDialog } from '../verb-dialogs';

/** What can be done with the ticked leads; takes the filter bar's place, so that the rows stay where they are. */
export const BulkBar = () => {
  const translate = useTranslate();
  const access = useAccess();
  const { data, selectedIds, onSelect } = useListContext<Lead>();
  const { many, claim } = useLeadVerbs();
  const [open, setOpen] = useState<'assign' | 'release' | null>(null);
  const [outcome, setOutcome] = useState<VerbOutcome | null>(null);
  const [busy, setBusy] = useState(false);
  const ids = selectedIds;
  const leads = (data ?? []).filter((lead) => ids.includes(lead.id));
  const inPool = leads.filter((lead) => lead.owner === null && lead.pool !== null);
  const settle = (result: VerbOutcome | null): void => {
    setOpen(null);
    setBusy(false);
    if (!result) return;
    setOutcome(result);
    if (result.refused.length === 0) onSelect([]);
    else onSelect(result.refused.map((refusal) => refusal.id));
  };
  const claimAll = async (): Promise<void> => {
    setBusy(true);
    settle(await claim(inPool));
  };
  const run = (verb: 'assign' | 'release') => async (body: Record<string, unknown>) => settle(await many(ids, verb, body));
  return (
    <>
      {ids.length > 0 && (
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, minHeight: 48, px: { xs: 2, md: 3 }, bgcolor: 'action.selected' }}>
          <IconButton aria-label={translate('ra.action.unselect')} onClick={() => onSelect([])}>
            <CloseIcon fontSize="small" />
          </IconButton>
          <Typography variant="body2" sx={{ fontWeight: 600, mr: 1 }}>
            {translate('bulk.selected', { smart_count: ids.length })}
          </Typography>
          {access.can('claim', 'leads') && inPool.length > 0 && (
            <Button variant="contained" disabled={busy} onClick={() => void claimAll()}>
              {translate('verbs.claim.count', { smart_count: inPool.length })}
            </Button>
          )}
          {access.can('assign', 'leads') && (
            <Button variant="outlined" onClick={() => setOpen('assign')}>
              {translate('verbs.assign.action')}
            </Button>
          )}
          {access.can('release', 'leads') && (
            <Button variant="outlined" onClick={() => setOpen('release')}>
              {translate('verbs.release.action')}
            </Button>
          )}
        </Box>
      )}
      {open === 'assign' && <AssignDialog open count={ids.length} onClose={() => setOpen(null)} onSubmit={run('assign')} />}
      {open === 'release' && <ReleaseDialog open count={ids.length} onClose={() => setOpen(null)} onSubmit={run('release')} />}
      <RefusalsDialog
        outcome={outcome}
        nameOf={(id) => leads.find((lead) => lead.id === id)?.name || `#${id}`}
        onClose={() => setOutcome(null)}
      />
    </>
  );
};
