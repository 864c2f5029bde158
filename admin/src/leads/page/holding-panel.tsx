import { Box, Button, Collapse, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState, type ReactNode } from 'react';
import type { Lead } from '../../api/types';
import { When } from '../../common/countdown';
import { useLookups } from '../../common/lookups';
import { Panel } from '../../common/panel';
import { useMe } from '../../api/session-context';
import { OwnOffer, WhyOwner, WhyRecycle } from './why';

const Line = ({ label, children }: { label: string; children: ReactNode }) =>
  children ? (
    <Box sx={{ display: 'flex', gap: 1, py: 0.375, fontSize: 13 }}>
      <Box sx={{ flex: 1, color: 'text.secondary' }}>{label}</Box>
      <Box sx={{ textAlign: 'right' }}>{children}</Box>
    </Box>
  ) : null;

/** Who holds the lead, since when, until when, and why. */
export const HoldingPanel = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const me = useMe().member;
  const [open, setOpen] = useState<'owner' | 'recycle' | null>(null);
  const toggle = (what: 'owner' | 'recycle'): void => setOpen(open === what ? null : what);
  return (
    <Panel title={translate('holding.title')}>
      {lead.owner === me.id && <OwnOffer lead={lead} />}
      <Line label={translate('fields.owner')}>{lookups.member(lead.owner) || translate('filters.nobody')}</Line>
      <Line label={translate('fields.pool')}>{lookups.pool(lead.pool)}</Line>
      <Line label={translate('fields.team')}>{lookups.team(lead.team)}</Line>
      <Line label={translate('fields.heldSince')}>{lead.heldSince && <When at={lead.heldSince} />}</Line>
      <Line label={translate('fields.poolEnteredAt')}>{lead.poolEnteredAt && <When at={lead.poolEnteredAt} />}</Line>
      <Line label={translate('fields.lastFollowUpAt')}>{lead.lastFollowUpAt && <When at={lead.lastFollowUpAt} />}</Line>
      <Line label={translate('fields.nextActionAt')}>{lead.nextActionAt && <When at={lead.nextActionAt} late />}</Line>
      <Line label={translate('fields.recycleAt')}>{lead.recycleAt && <When at={lead.recycleAt} late />}</Line>
      <Line label={translate('fields.protectedUntil')}>{lead.protectedUntil && <When at={lead.protectedUntil} />}</Line>
      <Box sx={{ display: 'flex', gap: 0.5, mt: 0.5, ml: -1.5 }}>
        <Button onClick={() => toggle('owner')} aria-expanded={open === 'owner'}>
          {translate('explain.owner')}
        </Button>
        {lead.recycleAt && (
          <Button onClick={() => toggle('recycle')} aria-expanded={open === 'recycle'}>
            {translate('explain.recycle')}
          </Button>
        )}
      </Box>
      <Collapse in={open !== null} unmountOnExit>
        {open === 'owner' && <WhyOwner lead={lead} />}
        {open === 'recycle' && <WhyRecycle lead={lead} />}
        {!open && <Typography variant="body2">&nbsp;</Typography>}
      </Collapse>
    </Panel>
  );
};
