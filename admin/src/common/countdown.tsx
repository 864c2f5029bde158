import PauseIcon from '@mui/icons-material/Pause';
import { Tooltip } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useTranslate } from 'ra-core';
import { memo } from 'react';
import type { ClockBrief } from '../api/types';
import { productNow, useTicking } from './product-clock';
import { useLocaleCode, useText } from './text';
import { formatDuration, formatRelative, useTime } from './time';

/** Within this time a clock counts down; before, its weekday and time say more, because nights and holidays do not count. */
const COUNTDOWN_SECONDS = 4 * 3600;
const WEEK_SECONDS = 6 * 86_400;

/** `12:40`, `2h 05m` or a weekday and time, and `+…` once it is past. */
const Due = ({ dueAt, breached }: { dueAt: string; breached: boolean }) => {
  const locale = useLocaleCode();
  const time = useTime();
  const theme = useTheme();
  const due = Date.parse(dueAt);
  const text = useTicking((now) => {
    const seconds = (due - now) / 1000;
    if (seconds < 0) return `+${formatDuration(-seconds, locale)}`;
    if (seconds < COUNTDOWN_SECONDS) return formatDuration(seconds, locale);
    return seconds < WEEK_SECONDS ? time.weekdayTime(dueAt) : time.date(dueAt);
  });
  const urgency = useTicking((now) => (due <= now || breached ? 'over' : due - now < 15 * 60_000 ? 'near' : 'calm'));
  const colour = { over: theme.palette.error.main, near: theme.palette.warning.main, calm: theme.palette.text.primary }[urgency];
  return <span style={{ color: colour, fontWeight: urgency === 'calm' ? 450 : 650, whiteSpace: 'nowrap' }}>{text}</span>;
};

/** A clock in one word: counting down, paused, met or breached; the rest is in the tooltip. */
export const Countdown = memo(({ clock }: { clock: ClockBrief | null | undefined }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const text = useText();
  const time = useTime();
  if (!clock) return null;
  const details = [
    text(clock.metricLabel) || clock.metric,
    translate(`clock.${clock.state}`),
    clock.dueAt ? translate('clock.due', { at: time.dateTime(clock.dueAt), zone: time.zone }) : '',
    clock.remainingSeconds !== null && clock.remainingSeconds > 0
      ? translate('clock.business', { time: formatDuration(clock.remainingSeconds, locale) })
      : '',
  ];
  const counting = clock.state === 'running' || clock.state === 'breached_open';
  return (
    <Tooltip title={<span style={{ whiteSpace: 'pre-line' }}>{details.filter(Boolean).join('\n')}</span>}>
      <span style={{ display: 'inline-flex', alignItems: 'center', gap: 4 }}>
        {counting && clock.dueAt ? (
          <Due dueAt={clock.dueAt} breached={clock.state === 'breached_open'} />
        ) : (
          <>
            {clock.state === 'paused' && <PauseIcon sx={{ fontSize: 14 }} />}
            {clock.state === 'paused' && clock.remainingSeconds !== null
              ? formatDuration(clock.remainingSeconds, locale)
              : translate(`clock.${clock.state}`)}
          </>
        )}
      </span>
    </Tooltip>
  );
});
Countdown.displayName = 'Countdown';

/** `2 days ago`, with the exact time in the tooltip. */
export const When = memo(({ at, late }: { at: string | null | undefined; late?: boolean }) => {
  const locale = useLocaleCode();
  const time = useTime();
  const theme = useTheme();
  const text = useTicking((now) => (at ? formatRelative(at, now, locale) : ''));
  if (!at) return null;
  const isLate = late && Date.parse(at) < productNow();
  return (
    <Tooltip title={time.dateTime(at)}>
      <span style={{ whiteSpace: 'nowrap', color: isLate ? theme.palette.error.main : undefined }}>{text}</span>
    </Tooltip>
  );
});
When.displayName = 'When';
