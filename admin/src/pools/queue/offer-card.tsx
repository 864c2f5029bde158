import CallIcon from '@mui/icons-material/CallOutlined';
import MailIcon from '@mui/icons-material/MailOutlined';
import OpenIcon from '@mui/icons-material/OpenInNewOutlined';
import SkipIcon from '@mui/icons-material/SkipNextOutlined';
import { Box, Button, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { Link } from 'react-router-dom';
import type { Lead } from '../../api/types';
import { GradeBadge, LabelMark, StageChip } from '../../common/badges';
import { When } from '../../common/countdown';
import { useLookups } from '../../common/lookups';
import { masked } from '../../leads/list/columns';
import type { Offer } from '../api';
import { MemoryList } from '../lead/memory';
import { Fact } from '../parts';
import { CountdownRing } from './ring';
import { showCount } from '../../i18n/counts';

const Facts = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const lookups = useLookups();
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' }, columnGap: 4 }}>
      <Fact label={translate('fields.phone')}>{masked(lead, 'phone')}</Fact>
      <Fact label={translate('fields.email')}>{masked(lead, 'email')}</Fact>
      <Fact label={translate('fields.wechat')}>{masked(lead, 'wechat')}</Fact>
      <Fact label={translate('fields.title')}>{lead.title}</Fact>
      <Fact label={translate('fields.industry')}>{lead.industry}</Fact>
      <Fact label={translate('fields.city')}>{[lead.province, lead.city].filter(Boolean).join(' ')}</Fact>
      <Fact label={translate('fields.product')}>{lead.product}</Fact>
      <Fact label={translate('fields.source')}>{lookups.source(lead.source)}</Fact>
      <Fact label={translate('fields.stage')}>
        <StageChip stage={lead.stage} />
      </Fact>
      <Fact label={translate('fields.lastFollowUpAt')}>{lead.lastFollowUpAt && <When at={lead.lastFollowUpAt} />}</Fact>
      <Fact label={translate('fields.nextActionAt')}>{lead.nextActionAt && <When at={lead.nextActionAt} late />}</Fact>
      <Fact label={translate('fields.score')}>{showCount(lead.score)}</Fact>
    </Box>
  );
};

/** The lead that was handed out: who it is, what was tried, how long there is, and what to do with it. */
export const OfferCard = (props: {
  offer: Offer;
  lead: Lead;
  canLog: boolean;
  canSkip: boolean;
  onLog: (kind: string) => void;
  onSkip: () => void;
}) => {
  const translate = useTranslate();
  const { lead } = props;
  const { offeredAt, actBy } = props.offer;
  const phone = lead.phone && !lead._masked?.includes('phone') ? lead.phone : null;
  return (
    <Box component="article" aria-label={lead.name ?? `#${lead.id}`} sx={{ display: 'grid', gap: 2, pb: { xs: 9, md: 0 } }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 2 }}>
        <GradeBadge grade={lead.grade} size={44} />
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography variant="h1" component="h2" sx={{ fontSize: { xs: 22, md: 28 }, overflowWrap: 'anywhere' }}>
            {lead.name || `#${lead.id}`}
          </Typography>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.5, color: 'text.secondary', fontSize: 14 }}>
            <span>{lead.company}</span>
            <LabelMark label={lead.label} />
          </Box>
        </Box>
        <CountdownRing from={offeredAt} until={actBy} label={translate('pools.queue.left')} />
      </Box>
      <Facts lead={lead} />
      <MemoryList lead={lead.id} brief />
      <Box
        sx={{
          display: 'flex',
          gap: 1,
          position: { xs: 'fixed', md: 'static' },
          left: 0,
          right: 0,
          bottom: 'calc(56px + env(safe-area-inset-bottom))',
          p: { xs: 1.5, md: 0 },
          bgcolor: 'background.paper',
          borderTop: { xs: 1, md: 0 },
          borderColor: { xs: 'divider' },
          zIndex: 2,
          '& .MuiButton-root': { minHeight: { xs: 48, md: 44 }, fontSize: 15 },
        }}
      >
        {props.canLog && (
          <>
            <Button
              variant="contained"
              startIcon={<CallIcon />}
              onClick={() => props.onLog('call')}
              {...(phone ? { href: `tel:${phone}` } : {})}
              sx={{ flex: { xs: 2, md: 'none' }, px: { md: 4 } }}
            >
              {translate('work.action.call')}
            </Button>
            <Button variant="outlined" startIcon={<MailIcon />} onClick={() => props.onLog('mail')} sx={{ flex: { xs: 1, md: 'none' } }}>
              {translate('work.action.mail')}
            </Button>
          </>
        )}
        <Button
          component={Link}
          to={`/leads/${lead.id}`}
          variant="outlined"
          color="inherit"
          startIcon={<OpenIcon />}
          sx={{ display: { xs: 'none', sm: 'inline-flex' } }}
        >
          {translate('shortcuts.open')}
        </Button>
        <Box sx={{ flex: { xs: 'none', md: 1 } }} />
        <Button variant="outlined" color="inherit" startIcon={<SkipIcon />} disabled={!props.canSkip} onClick={props.onSkip}>
          {translate('pools.queue.skip')}
        </Button>
      </Box>
    </Box>
  );
};
