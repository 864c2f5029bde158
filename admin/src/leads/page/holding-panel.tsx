import { Box, Button, Collapse } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import type { Lead } from '../../api/types';
import { When } from '../../common/countdown';
import { useLookups } from '../../common/lookups';
import { Panel } from '../../common/panel';
import { useAccess } from '../../api/session-context';
import { LeadPoolPart } from '../../pools/lead/lead-pool-part';
import { WhyOwner } from './why';

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
  const access = useAccess();
  const [open, setOpen] = useState(false);
  return (
    <Panel title={translate('holding.title')}>
      <Line label={translate('fields.owner')}>{lookups.member(lead.owner) || translate('filters.nobody')}</Line>
      <Line label={translate('fields.keptFor')}>{lookups.member(lead.keptFor)}</Line>
      <Line label={translate('fields.pool')}>{lookups.pool(lead.pool)}</Line>
      <Line label={translate('fields.team')}>{lookups.team(lead.team)}</Line>
      <Line label={translate('fields.heldSince')}>{lead.heldSince && <When at={lead.heldSince} />}</Line>
      <Line label={translate('fields.poolEnteredAt')}>{lead.poolEnteredAt && <When at={lead.poolEnteredAt} />}</Line>
      <Line label={translate('fields.lastFollowUpAt')}>{lead.lastFollowUpAt && <When at={lead.lastFollowUpAt} />}</Line>
      <Line label={translate('fields.nextActionAt')}>{lead.nextActionAt && <When at={lead.nextActionAt} late />}</Line>
      <Box sx={{ mt: 0.5, ml: -1.5 }}>
        <Button onClick={() => setOpen(!open)} aria-expanded={open}>
          {translate('explain.owner')}
        </Button>
        {access.can('update', 'roles') && (
          <Button component={Link} to={`/setup/access?resource=leads&id=${lead.id}`} color="inherit" sx={{ color: 'text.secondary' }}>
            {translate('setup.access.whoSees')}
          </Button>
        )}
      </Box>
      <Collapse in={open} unmountOnExit>
        <WhyOwner lead={lead} />
      </Collapse>
      <LeadPoolPart lead={lead} />
    </Panel>
  );
};
