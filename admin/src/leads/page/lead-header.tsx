import BackIcon from '@mui/icons-material/ArrowBack';
import { Box, Chip, IconButton, Tooltip, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { Link, useNavigate } from 'react-router-dom';
import { useAccess } from '../../api/session-context';
import type { Lead } from '../../api/types';
import { GradeBadge } from '../../common/badges';
import { Countdown } from '../../common/countdown';
import { useLookups } from '../../common/lookups';
import { QuietMark } from '../../pools/quiet/quiet-mark';
import { LeadActions } from './lead-actions';
import { StageMenu } from './stage-menu';

/** Which time round a lead is that marketing has had back. */
const CycleMark = ({ cycle }: { cycle: number }) => {
  const translate = useTranslate();
  if (cycle < 2) return null;
  return (
    <Tooltip title={translate('leadTools.cycleHelp', { smart_count: cycle - 1 })}>
      <Chip size="small" variant="outlined" tabIndex={0} label={translate('leadTools.cycle', { cycle })} />
    </Tooltip>
  );
};

/** Who this is, how good, whose, in which stage, how much time is left, and what may be done. */
export const LeadHeader = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const access = useAccess();
  const lookups = useLookups();
  const holder = lookups.member(lead.owner) || lookups.pool(lead.pool) || translate('filters.nobody');
  const company = lead.company ?? '';
  return (
    <Box
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 1.5,
        px: { xs: 2, md: 3 },
        py: 1.5,
        bgcolor: 'background.paper',
        borderBottom: 1,
        borderColor: 'divider',
      }}
    >
      <IconButton onClick={() => navigate(-1)} aria-label={translate('ra.action.back')} sx={{ ml: -0.75 }}>
        <BackIcon fontSize="small" />
      </IconButton>
      <GradeBadge grade={lead.grade} size={34} />
      <Box sx={{ flex: 1, minWidth: 180 }}>
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, minWidth: 0 }}>
          <Typography variant="h5" component="h1" noWrap>
            {lead.name || `#${lead.id}`}
          </Typography>
          {lead.isTest && <Chip size="small" label={translate('leadPage.test')} />}
          <QuietMark until={lead.doNotContactUntil} words />
          {lead.quarantine === 'erased' && <Chip size="small" label={translate('erasure.chip')} />}
          {lead.quarantine && lead.quarantine !== 'erased' && (
            <Chip size="small" color="warning" label={translate('leadPage.quarantine')} />
          )}
        </Box>
        <Box
          sx={{
            display: 'flex',
            flexWrap: 'wrap',
            columnGap: 1.5,
            rowGap: 0.25,
            fontSize: 13,
            color: 'text.secondary',
            alignItems: 'center',
          }}
        >
          <span>
            {[lead.title, lead.account && access.can('read', 'accounts') ? null : company].filter(Boolean).join(' · ')}
            {lead.account && access.can('read', 'accounts') && company && (
              <Box component={Link} to={`/accounts/${lead.account}`} sx={{ color: 'primary.main', ml: lead.title ? 1 : 0 }}>
                {company}
              </Box>
            )}
          </span>
          <StageMenu lead={lead} />
          <CycleMark cycle={lead.cycle ?? 1} />
          <span>{holder}</span>
          <Countdown clock={lead.clock} />
        </Box>
      </Box>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        <LeadActions lead={lead} />
      </Box>
    </Box>
  );
};
