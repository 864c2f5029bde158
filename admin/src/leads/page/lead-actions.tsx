import { Button } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useAccess, useMe, useMeta } from '../../api/session-context';
import type { Lead } from '../../api/types';
import { useLookups } from '../../common/lookups';
import { useLeadVerbs } from '../use-lead-verbs';
import { ConvertDialog } from '../../opportunities/convert-dialog';
import { useDealStage } from '../../opportunities/deals-panel';
import { MoreMenu } from '../erasure/more-menu';
import { ReleaseDialog } from '../release-dialog';
import { AssignDialog, DisqualifyDialog } from '../verb-dialogs';

type Open = 'convert' | 'assign' | 'transfer' | 'release' | 'disqualify' | null;

/** What may be done with this lead now: by the member's rules and by who holds it. */
export const LeadActions = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const access = useAccess();
  const me = useMe().member;
  const meta = useMeta();
  const { many, claim, tellRefusal } = useLeadVerbs();
  const [open, setOpen] = useState<Open>(null);
  const [busy, setBusy] = useState(false);
  const type = useLookups().stage(lead.stage)?.type;
  const isClosed = type === 'won' || type === 'lost';
  const erased = lead.quarantine === 'erased';
  const may = (verb: string): boolean => !erased && access.can(verb, 'leads', lead);
  const canClaim = may('claim') && lead.owner === null && lead.pool !== null && !isClosed;
  const canRelease = may('release') && lead.owner !== null && !isClosed;
  const canAssign = may('assign') && !isClosed;
  const canTransfer = !canAssign && may('transfer') && lead.owner !== null && !isClosed;
  const canDisqualify = may('update') && !isClosed;
  const target = useDealStage();
  const canConvert =
    may('update') &&
    !isClosed &&
    target !== undefined &&
    lead.stage !== target &&
    meta.transitions.some((move) => move.to === target && move.from === lead.stage && move.manual !== false);
  const run = (verb: Exclude<Open, 'convert' | null>) => async (body: Record<string, unknown>) => {
    const result = await many([lead.id], verb, body);
    if (result && result.refused.length === 0) setOpen(null);
    tellRefusal(result);
  };
  const claimIt = async (): Promise<void> => {
    setBusy(true);
    tellRefusal(await claim([lead]));
    setBusy(false);
  };
  return (
    <>
      {canClaim && (
        <Button variant="contained" disabled={busy} onClick={() => void claimIt()}>
          {translate('verbs.claim.action')}
        </Button>
      )}
      {canConvert && (
        <Button variant="contained" onClick={() => setOpen('convert')}>
          {translate('opp.convert')}
        </Button>
      )}
      {canAssign && (
        <Button variant="outlined" onClick={() => setOpen('assign')}>
          {translate(lead.owner === null ? 'verbs.assign.action' : 'verbs.assign.again')}
        </Button>
      )}
      {canTransfer && (
        <Button variant="outlined" onClick={() => setOpen('transfer')}>
          {translate('verbs.transfer.action')}
        </Button>
      )}
      {canRelease && (
        <Button variant="outlined" color={lead.owner === me.id ? 'primary' : 'inherit'} onClick={() => setOpen('release')}>
          {translate('verbs.release.action')}
        </Button>
      )}
      {canDisqualify && (
        <Button variant="outlined" color="inherit" onClick={() => setOpen('disqualify')}>
          {translate('verbs.disqualify.action')}
        </Button>
      )}
      {may('erase') && <MoreMenu id={lead.id} />}
      {open === 'convert' && <ConvertDialog lead={lead} onClose={() => setOpen(null)} />}
      {open === 'assign' && <AssignDialog count={1} onClose={() => setOpen(null)} onSubmit={run('assign')} />}
      {open === 'transfer' && <AssignDialog transfer count={1} onClose={() => setOpen(null)} onSubmit={run('transfer')} />}
      {open === 'release' && <ReleaseDialog ids={[lead.id]} count={1} onClose={() => setOpen(null)} onSubmit={run('release')} />}
      {open === 'disqualify' && <DisqualifyDialog count={1} onClose={() => setOpen(null)} onSubmit={run('disqualify')} />}
    </>
  );
};
