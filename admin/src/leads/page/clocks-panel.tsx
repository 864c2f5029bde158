import { Box, Collapse, IconButton, Skeleton, Tooltip, Typography } from '@mui/material';
import HelpIcon from '@mui/icons-material/HelpOutline';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useState } from 'react';
import type { ConsoleProvider } from '../../api/data-provider';
import type { LocalisedText } from '../../api/types';
import { ToneChip } from '../../common/badges';
import { Countdown } from '../../common/countdown';
import { Panel } from '../../common/panel';
import { useText } from '../../common/text';
import { useTime } from '../../common/time';
import { ClockActions, type ActedClock } from '../../sla/clock-actions';
import { ExplainList } from './explain-list';

interface ClockWithReasons extends ActedClock {
  pauseReason?: string | null;
  pauseUntil?: string | null;
  pauseLabel?: LocalisedText | null;
  waiveReason?: string | null;
}

const MAX_CLOCKS = 20;
const OPEN = new Set(['running', 'paused', 'breached_open', 'blocked']);
const TONE: Record<string, string> = {
  met: 'success',
  breached_open: 'danger',
  breached_closed: 'danger',
  running: 'info',
  paused: 'neutral',
  blocked: 'warning',
};

/** Why a deadline does not count or does not run, in the words of whoever decided it. */
const useRemark = (clock: ClockWithReasons): string => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  if (clock.state === 'waived') return translate('sla.act.waivedBecause', { reason: clock.waiveReason ?? '' });
  if (clock.state !== 'paused' || !clock.pauseReason) return '';
  const until = clock.pauseUntil ? ` ${translate('sla.act.pausedUntil', { at: time.dateTime(clock.pauseUntil) })}` : '';
  return `${translate('sla.act.pausedBy', { reason: text(clock.pauseLabel) || clock.pauseReason })}${until}`;
};

const ClockRow = ({ clock }: { clock: ClockWithReasons }) => {
  const remark = useRemark(clock);
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const provider = useDataProvider<ConsoleProvider>();
  const [open, setOpen] = useState(false);
  const isOpen = OPEN.has(clock.state);
  const ended = clock.stoppedAt ?? clock.breachedAt;
  return (
    <Box
      role="group"
      aria-label={text(clock.metricLabel) || clock.metric}
      sx={{ py: 0.75, borderBottom: 1, borderColor: 'divider', '&:last-child': { borderBottom: 0 } }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography variant="body2" noWrap sx={{ fontWeight: 600 }}>
            {text(clock.metricLabel) || clock.metric}
          </Typography>
          <Typography variant="caption" color="text.secondary" component="div">
            {remark ||
              (isOpen ? clock.dueAt && translate('clock.due', { at: time.dateTime(clock.dueAt), zone: time.zone }) : time.dateTime(ended))}
          </Typography>
        </Box>
        {isOpen ? <Countdown clock={clock} /> : <ToneChip text={translate(`clock.${clock.state}`)} tone={TONE[clock.state]} />}
        <ClockActions clock={clock} />
        <Tooltip title={translate('explain.deadline')}>
          <IconButton aria-label={translate('explain.deadline')} aria-expanded={open} onClick={() => setOpen(!open)}>
            <HelpIcon sx={{ fontSize: 18 }} />
          </IconButton>
        </Tooltip>
      </Box>
      <Collapse in={open} unmountOnExit>
        <Box sx={{ py: 1 }}>
          <ExplainList queryKey={['clock', clock.id]} load={() => provider.explainClock(clock.id)} />
        </Box>
      </Collapse>
    </Box>
  );
};

/** The promises running on this lead, the open ones first. */
export const ClocksPanel = ({ leadId }: { leadId: number }) => {
  const translate = useTranslate();
  const provider = useDataProvider<ConsoleProvider>();
  const { data, isPending } = useQuery({
    queryKey: ['sla-clocks', leadId],
    queryFn: () => provider.getAll<ClockWithReasons>('sla-clocks', { lead: leadId }, ['id', 'DESC'], MAX_CLOCKS),
  });
  const clocks = [...(data?.data ?? [])].sort((a, b) => Number(OPEN.has(b.state)) - Number(OPEN.has(a.state)));
  return (
    <Panel title={translate('clocks.title')} minHeight={56}>
      {isPending && <Skeleton height={40} />}
      {!isPending && clocks.length === 0 && (
        <Typography variant="body2" color="text.secondary">
          {translate('clocks.none')}
        </Typography>
      )}
      {clocks.map((clock) => (
        <ClockRow key={clock.id} clock={clock} />
      ))}
    </Panel>
  );
};
