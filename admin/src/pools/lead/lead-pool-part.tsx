import ShieldIcon from '@mui/icons-material/ShieldOutlined';
import TimerIcon from '@mui/icons-material/TimerOutlined';
import { Box, Button, Collapse, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useAccess, useMe } from '../../api/session-context';
import type { Lead } from '../../api/types';
import { When } from '../../common/countdown';
import { useLookups } from '../../common/lookups';
import { useTicking } from '../../common/product-clock';
import { useLocaleCode } from '../../common/text';
import { formatDuration, useTime } from '../../common/time';
import { CopyNote } from '../copies/copy-note';
import { useRequests } from '../requests/requests';
import { MemoryList } from './memory';
import { QuietDialog } from '../quiet/quiet-dialog';
import { useIsQuiet } from '../quiet/quiet-mark';
import { ProtectDialog } from './protect-dialog';
import { QuietReason } from './quiet-reason';
import { WhyRecycle } from './recycle-why';

const NEAR = 3 * 86_400;

/** How long the lead stays with its owner, in the colour of its urgency. */
const RecycleCountdown = ({ at }: { at: string }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const time = useTime();
  const left = useTicking((now) => formatDuration(Math.max(0, (Date.parse(at) - now) / 1000), locale));
  const urgency = useTicking((now) =>
    Date.parse(at) <= now ? 'error.main' : Date.parse(at) - now < NEAR * 1000 ? 'warning.main' : 'text.primary',
  );
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, color: urgency }}>
      <TimerIcon fontSize="small" />
      <Box>
        <Typography variant="subtitle1" component="div">
          {translate('pools.lead.left', { time: left })}
        </Typography>
        <Typography variant="caption" color="text.secondary">
          {translate('fields.recycleAt')} · {time.dateTime(at)}
        </Typography>
      </Box>
    </Box>
  );
};

/** The pool's side of a lead: when and why it goes back, asking for more time, and what was tried before. */
export const LeadPoolPart = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const access = useAccess();
  const me = useMe().member;
  const time = useTime();
  const [why, setWhy] = useState(false);
  const [past, setPast] = useState(lead.owner === null);
  const [asking, setAsking] = useState<'protect' | 'extend' | 'quiet' | null>(null);
  const isQuiet = useIsQuiet(lead.doNotContactUntil);
  const requests = useRequests();
  const type = useLookups().stage(lead.stage)?.type;
  const isClosed = type === 'won' || type === 'lost';
  const waiting = requests.data?.find((request) => request.lead === lead.id && request.state === 'pending');
  const mayAsk =
    lead.owner !== null && !isClosed && access.can('update', 'leads', lead) && (lead.owner === me.id || access.can('update', 'pools'));
  const isProtected = useTicking((now) => (lead.protectedUntil && Date.parse(lead.protectedUntil) > now ? 'yes' : '')) === 'yes';
  return (
    <Box sx={{ display: 'grid', gap: 1, mt: 1, pt: 1.5, borderTop: 1, borderColor: 'divider', '& > *': { minWidth: 0 } }}>
      {lead.recycleAt && <RecycleCountdown at={lead.recycleAt} />}
      {isProtected && (
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, fontSize: 13, color: 'success.main' }}>
          <ShieldIcon fontSize="small" /> {translate('pools.lead.protected', { at: time.dateTime(lead.protectedUntil) })}
        </Box>
      )}
      {waiting && (
        <Typography variant="body2" color="warning.main" component="div">
          {translate('pools.lead.waiting', { at: time.dateTime(waiting.until) })} <When at={waiting.createdAt} />
        </Typography>
      )}
      {isQuiet && <QuietReason lead={lead} />}
      <CopyNote lead={lead.id} shown={lead.owner === me.id || access.can('update', 'pools')} />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, ml: -1.5 }}>
        {lead.owner !== null && (
          <Button onClick={() => setWhy(!why)} aria-expanded={why}>
            {translate('explain.recycle')}
          </Button>
        )}
        {mayAsk && !waiting && lead.recycleAt && <Button onClick={() => setAsking('extend')}>{translate('pools.lead.extend')}</Button>}
        {mayAsk && !waiting && <Button onClick={() => setAsking('protect')}>{translate('pools.lead.protect')}</Button>}
        {access.can('update', 'leads', lead) && (
          <Button onClick={() => setAsking('quiet')}>{translate(isQuiet ? 'pools.quiet.lift' : 'pools.quiet.action')}</Button>
        )}
        <Button onClick={() => setPast(!past)} aria-expanded={past}>
          {translate('pools.lead.past')}
        </Button>
      </Box>
      <Collapse in={why} unmountOnExit>
        <WhyRecycle lead={lead} />
      </Collapse>
      <Collapse in={past} unmountOnExit>
        <MemoryList lead={lead.id} />
      </Collapse>
      {asking === 'quiet' && <QuietDialog ids={[lead.id]} lift={isQuiet} close={() => setAsking(null)} />}
      {(asking === 'protect' || asking === 'extend') && <ProtectDialog lead={lead} kind={asking} close={() => setAsking(null)} />}
    </Box>
  );
};
