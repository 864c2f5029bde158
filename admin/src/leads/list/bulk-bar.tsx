import CloseIcon from '@mui/icons-material/Close';
import { Box, Button, IconButton, Typography } from '@mui/material';
import { useListContext, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useAccess } from '../../api/session-context';
import type { Lead } from '../../api/types';
import { useShortcuts } from '../../common/shortcuts';
import { useLocaleCode } from '../../common/text';
import { showNumber } from '../../common/values';
import { ClaimButton } from '../../pools/claim-button';
import { QuietDialog } from '../../pools/quiet/quiet-dialog';
import { EraseDialog } from '../erasure/erase-dialog';
import { RefusalsDialog } from '../refusals-dialog';
import { useUndoLast } from '../undo';
import { useLeadVerbs, type VerbOutcome } from '../use-lead-verbs';
import { ReleaseDialog } from '../release-dialog';
import { AssignDialog } from '../verb-dialogs';
import { BulkEditDialog } from './edit-dialog';
import { MoveDialog } from './move-dialog';

type Open = 'assign' | 'release' | 'edit' | 'stage' | 'quiet' | 'erase';
/** So many can be erased at once. */
const ERASE_MOST = 50;
/** So many leads can be ticked by one press. */
const SELECT_MOST = 1000;

const SelectAll = () => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const { total, selectedIds, onSelectAll, data } = useListContext<Lead>();
  const reachable = Math.min(total ?? 0, SELECT_MOST);
  if (!data || total === undefined || selectedIds.length < data.length || reachable <= selectedIds.length) return null;
  return (
    <Button color="inherit" onClick={() => onSelectAll({ limit: SELECT_MOST })} sx={{ textDecoration: 'underline' }}>
      {translate(total > SELECT_MOST ? 'leadTools.selectFirst' : 'leadTools.selectAll', { count: showNumber(reachable, locale) })}
    </Button>
  );
};

/** What can be done with the ticked leads; takes the filter bar's place, so that the rows stay where they are. */
export const BulkBar = () => {
  const translate = useTranslate();
  const access = useAccess();
  const { data, selectedIds, onSelect } = useListContext<Lead>();
  const { many, claim } = useLeadVerbs();
  const undoLast = useUndoLast();
  const [open, setOpen] = useState<Open | null>(null);
  const [outcome, setOutcome] = useState<VerbOutcome | null>(null);
  const [busy, setBusy] = useState(false);
  const ids = selectedIds;
  const leads = (data ?? []).filter((lead) => ids.includes(lead.id));
  const inPool = leads.filter((lead) => lead.owner === null && lead.pool !== null);
  const may = { assign: access.can('assign', 'leads'), release: access.can('release', 'leads'), update: access.can('update', 'leads') };
  const settle = (result: VerbOutcome | null): void => {
    setOpen(null);
    setBusy(false);
    if (!result) return;
    setOutcome(result);
    onSelect(result.refused.map((refusal) => refusal.id));
  };
  const claimThese = async (these: readonly Lead[], options: { all: boolean }): Promise<void> => {
    setBusy(true);
    settle(await claim(these, options));
  };
  const run = (verb: Exclude<Open, 'quiet' | 'erase'>) => async (body: Record<string, unknown>) => settle(await many(ids, verb, body));
  const show = (what: Open, allowed: boolean) => (): void => {
    if (allowed && ids.length > 0) setOpen(what);
  };
  useShortcuts([
    { key: 'e', label: 'palette.edit', run: show('edit', may.update) },
    { key: 's', label: 'palette.stage', run: show('stage', may.update) },
    { key: 'a', label: 'palette.assign', run: show('assign', may.assign) },
    { key: 'r', label: 'palette.release', run: show('release', may.release) },
    { key: 'z', label: 'palette.undo', run: undoLast },
  ]);
  const button = (what: Open, label: string) => (
    <Button variant="outlined" onClick={() => setOpen(what)} sx={{ flex: 'none' }}>
      {translate(label)}
    </Button>
  );
  return (
    <>
      {ids.length > 0 && (
        <Box
          sx={{
            display: 'flex',
            alignItems: 'center',
            gap: 1,
            minHeight: 48,
            px: { xs: 1, md: 3 },
            bgcolor: 'action.selected',
            overflowX: 'auto',
            // Within reach of the thumb on a phone, above the bottom navigation.
            order: { xs: 9, md: 'unset' },
            borderTop: { xs: 1, md: 0 },
            borderColor: 'divider',
          }}
        >
          <IconButton aria-label={translate('ra.action.unselect')} onClick={() => onSelect([])}>
            <CloseIcon fontSize="small" />
          </IconButton>
          <Typography variant="body2" noWrap sx={{ fontWeight: 600, mr: 1, flex: 'none' }}>
            {translate('bulk.selected', { smart_count: ids.length })}
          </Typography>
          {access.can('claim', 'leads') && inPool.length > 0 && (
            <ClaimButton
              count={inPool.length}
              together={new Set(inPool.map((lead) => lead.pool)).size === 1}
              busy={busy}
              onClaim={(options) => void claimThese(inPool, options)}
            />
          )}
          {may.assign && button('assign', 'verbs.assign.action')}
          {may.update && button('edit', 'leadTools.edit')}
          {may.update && button('stage', 'leadTools.move')}
          {may.release && button('release', 'verbs.release.action')}
          {may.update && button('quiet', 'pools.quiet.action')}
          {access.can('erase', 'leads') && ids.length <= ERASE_MOST && (
            <Button color="error" onClick={() => setOpen('erase')} sx={{ flex: 'none' }}>
              {translate('erasure.action')}
            </Button>
          )}
          <SelectAll />
        </Box>
      )}
      {open === 'assign' && <AssignDialog count={ids.length} onClose={() => setOpen(null)} onSubmit={run('assign')} />}
      {open === 'release' && <ReleaseDialog ids={ids} count={ids.length} onClose={() => setOpen(null)} onSubmit={run('release')} />}
      {open === 'edit' && (
        <BulkEditDialog count={ids.length} onClose={() => setOpen(null)} onSubmit={(values) => run('edit')({ values })} />
      )}
      {open === 'stage' && <MoveDialog leads={leads} count={ids.length} onClose={() => setOpen(null)} onSubmit={run('stage')} />}
      {open === 'erase' && <EraseDialog ids={ids} close={() => setOpen(null)} done={() => onSelect([])} />}
      {open === 'quiet' && <QuietDialog ids={ids} close={() => setOpen(null)} done={() => onSelect([])} />}
      <RefusalsDialog
        outcome={outcome}
        nameOf={(id) => data?.find((lead) => lead.id === id)?.name || `#${id}`}
        onClose={() => setOutcome(null)}
        claimRest={(rest) => {
          setOutcome(null);
          const these = (data ?? []).filter((lead) => rest.includes(lead.id));
          void claimThese(these, { all: false });
        }}
      />
    </>
  );
};
