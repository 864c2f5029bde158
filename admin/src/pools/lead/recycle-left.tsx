import MoreTimeIcon from '@mui/icons-material/MoreTimeOutlined';
import ReturnIcon from '@mui/icons-material/AutorenewOutlined';
import HourglassIcon from '@mui/icons-material/HourglassEmptyOutlined';
import ShieldIcon from '@mui/icons-material/ShieldOutlined';
import { Box, IconButton, Tooltip } from '@mui/material';
import { useTranslate } from 'ra-core';
import { memo, useState, type SyntheticEvent } from 'react';
import { useAccess, useMe } from '../../api/session-context';
import type { Lead } from '../../api/types';
import { useTicking } from '../../common/product-clock';
import { useLocaleCode } from '../../common/text';
import { formatDuration, useTime } from '../../common/time';
import { useRequests } from '../requests/requests';
import { ProtectDialog } from './protect-dialog';

const DAY_MS = 86_400_000;
const NEAR_MS = 3 * DAY_MS;
const COLOURS = { over: 'error.main', today: 'error.main', near: 'warning.main', calm: 'text.primary' } as const;

const urgencyOf = (left: number): keyof typeof COLOURS => (left <= 0 ? 'over' : left < DAY_MS ? 'today' : left < NEAR_MS ? 'near' : 'calm');

/** Whether this person may ask to keep the lead longer. */
export const useMayExtend = (): ((lead: Lead) => boolean) => {
  const access = useAccess();
  const me = useMe().member.id;
  return (lead) =>
    lead.owner !== null &&
    lead.recycleAt !== null &&
    access.can('update', 'leads', lead) &&
    (lead.owner === me || access.can('update', 'pools'));
};

/** Asking for more time where the lead is shown, or that it was asked for. A click here does not open the row it stands in. */
const Extend = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const time = useTime();
  const requests = useRequests();
  const [asking, setAsking] = useState(false);
  const stay = (event: SyntheticEvent): void => event.stopPropagation();
  const waiting = requests.data?.find((request) => request.lead === lead.id && request.state === 'pending');
  if (waiting)
    return (
      <Tooltip title={translate('pools.countdown.waiting', { at: time.dateTime(waiting.until) })}>
        <Box component="span" role="img" sx={{ display: 'inline-flex' }}>
          <HourglassIcon sx={{ fontSize: 16 }} />
        </Box>
      </Tooltip>
    );
  const label = translate('pools.countdown.extend', { name: lead.name || `#${lead.id}` });
  return (
    <Box component="span" onClick={stay} onMouseDown={stay} onKeyDown={stay}>
      <Tooltip title={label}>
        <IconButton size="small" aria-label={label} onClick={() => setAsking(true)} sx={{ p: { xs: 1, md: 0.25 }, my: -0.5 }}>
          <MoreTimeIcon sx={{ fontSize: 16 }} />
        </IconButton>
      </Tooltip>
      {asking && <ProtectDialog lead={lead} kind="extend" close={() => setAsking(false)} />}
    </Box>
  );
};

const CHIP = {
  px: 1,
  borderRadius: '5px',
  fontSize: 12,
  lineHeight: '22px',
  bgcolor: 'color-mix(in srgb, currentColor 12%, transparent)',
} as const;

/** How long a lead stays with its owner, counting down; `extend`: more time can be asked for on the spot; `words`: a chip with the whole sentence; `icon`: a sign where no column says what counts down. */
export const RecycleLeft = memo(({ lead, extend, words, icon }: { lead: Lead; extend?: boolean; words?: boolean; icon?: boolean }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const time = useTime();
  const mayExtend = useMayExtend();
  const at = lead.recycleAt ? Date.parse(lead.recycleAt) : Number.NaN;
  const text = useTicking((now) => (Number.isNaN(at) ? '' : at <= now ? '' : formatDuration((at - now) / 1000, locale)));
  const urgency = useTicking((now) => urgencyOf(at - now)) as keyof typeof COLOURS;
  const isProtected = useTicking((now) => (lead.protectedUntil && Date.parse(lead.protectedUntil) > now ? 'yes' : '')) === 'yes';
  if (!lead.recycleAt) return null;
  const sentence = text ? translate('pools.countdown.left', { time: text }) : translate('pools.countdown.now');
  const business = lead.recycleIn?.businessSeconds;
  const details = [
    translate('pools.countdown.at', { at: time.dateTime(lead.recycleAt) }),
    business ? translate('pools.countdown.business', { time: formatDuration(business, locale) }) : '',
    isProtected ? translate('pools.lead.protected', { at: time.dateTime(lead.protectedUntil) }) : '',
  ].filter(Boolean);
  return (
    <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5, whiteSpace: 'nowrap' }}>
      {icon && <ReturnIcon sx={{ fontSize: 14, color: 'text.secondary' }} />}
      <Tooltip title={<span style={{ whiteSpace: 'pre-line' }}>{details.join('\n')}</span>}>
        <Box
          component="span"
          role="timer"
          aria-label={sentence}
          sx={{ color: COLOURS[urgency], fontWeight: urgency === 'calm' ? 450 : 650, ...(words ? CHIP : {}) }}
        >
          {words ? sentence : text || translate('pools.countdown.now')}
        </Box>
      </Tooltip>
      {isProtected && <ShieldIcon sx={{ fontSize: 14, color: 'success.main' }} />}
      {extend && mayExtend(lead) && <Extend lead={lead} />}
    </Box>
  );
});
RecycleLeft.displayName = 'RecycleLeft';
