import { Box, Button, Collapse, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useState } from 'react';
import type { ConsoleProvider } from '../../api/data-provider';
import type { Lead, LocalisedText } from '../../api/types';
import { ErrorState } from '../../common/error-state';
import { useLocaleCode, useText } from '../../common/text';
import { formatDuration, useTime } from '../../common/time';
import { spanWords } from '../../conditions/span';
import { Fact, ShareBar } from '../parts';

interface Day {
  readonly date: string;
  readonly weekday: string | number;
  readonly kind: string;
  readonly level?: string;
  readonly label?: LocalisedText | string | null;
  readonly intervals: readonly { readonly start: string; readonly end: string }[];
  readonly seconds: number;
}
export interface RecycleExplanation {
  readonly recycleAt: string | null;
  readonly reason?: 'not-held' | 'closed' | 'no-rule' | 'opportunity';
  readonly pool?: { readonly id: number; readonly name: string; readonly version?: number } | null;
  readonly rule?: { readonly key: string; readonly label: LocalisedText; readonly after: string | null; readonly since: string } | null;
  readonly since?: string;
  readonly due?: string;
  readonly holds?: readonly { readonly by: string; readonly until: string }[];
  readonly warns?: readonly string[];
  readonly protectedUntil?: string | null;
  readonly days?: readonly Day[];
}

const FULL_DAY = 9 * 3600;

/** One line per day between the start and the move: how much working time it counted, and why none. */
const Days = ({ days }: { days: readonly Day[] }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const text = useText();
  const { zone } = useTime();
  const weekday = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'short', timeZone: 'UTC' });
  const clock = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  });
  return (
    <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 0.5 }}>
      {days.map((day) => {
        const closed = day.seconds === 0;
        const words = closed
          ? text(day.label) || translate('pools.why.closed')
          : day.intervals.map(({ start, end }) => `${clock.format(Date.parse(start))}–${clock.format(Date.parse(end))}`).join(', ');
        return (
          <Box component="li" key={day.date} sx={{ fontSize: 12, opacity: closed ? 0.65 : 1 }}>
            <Box sx={{ display: 'flex', gap: 1 }}>
              <Box sx={{ width: 84, whiteSpace: 'nowrap' }}>
                {day.date.slice(5)} {weekday.format(Date.parse(`${day.date}T12:00:00Z`))}
              </Box>
              <Box sx={{ flex: 1, minWidth: 0, color: 'text.secondary' }}>
                {words}
                {!closed && day.label ? ` · ${text(day.label)}` : ''}
              </Box>
              <Box sx={{ fontWeight: 600, whiteSpace: 'nowrap' }}>{closed ? '–' : formatDuration(day.seconds, locale)}</Box>
            </Box>
            <ShareBar share={day.seconds / FULL_DAY} height={2} />
          </Box>
        );
      })}
    </Box>
  );
};

/** By which rule, from when, what keeps it, when the owner is warned, and day by day how the time ran. */
export const WhyRecycle = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const text = useText();
  const locale = useLocaleCode();
  const time = useTime();
  const provider = useDataProvider<ConsoleProvider>();
  const [open, setOpen] = useState(false);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['explain', 'recycle', lead.id, lead.version],
    queryFn: () => provider.explain<RecycleExplanation>(lead.id, 'recycle'),
  });
  if (isPending) return <Skeleton variant="rounded" height={64} />;
  if (error) return <ErrorState dense error={error} retry={() => void refetch()} />;
  if (!data.recycleAt || !data.rule)
    return <Typography variant="body2">{translate(`pools.why.none.${data.reason ?? 'no-rule'}`)}</Typography>;
  const warns = (data.warns ?? []).map((at) => time.dateTime(at));
  return (
    <Box sx={{ display: 'grid', gap: 0.5 }}>
      <Typography variant="body2">
        {translate('why.recycle', {
          rule: text(data.rule.label),
          since: time.dateTime(data.since),
          pool: data.pool?.name ?? '',
          at: time.dateTime(data.recycleAt),
        })}
      </Typography>
      {data.rule.after && (
        <Fact label={translate('pools.why.counts')}>
          {spanWords(data.rule.after, locale)} · {translate(`setup.pool.sinceKind.${data.rule.since}`)}
        </Fact>
      )}
      {data.due && data.due !== data.recycleAt && <Fact label={translate('pools.why.due')}>{time.dateTime(data.due)}</Fact>}
      {data.holds?.map((hold) => (
        <Fact key={hold.by} label={translate(`pools.why.hold.${hold.by}`, { _: hold.by })}>
          {translate('pools.why.until', { at: time.dateTime(hold.until) })}
        </Fact>
      ))}
      {warns.length > 0 && <Fact label={translate('pools.why.warns')}>{warns.join(', ')}</Fact>}
      {data.pool?.version && (
        <Fact
          label={translate('fields.pool')}
        >{`${data.pool.name} · ${translate('setup.policy.version', { version: data.pool.version })}`}</Fact>
      )}
      {(data.days?.length ?? 0) > 0 && (
        <>
          <Box sx={{ ml: -1.5 }}>
            <Button onClick={() => setOpen(!open)} aria-expanded={open}>
              {translate('pools.why.days')}
            </Button>
          </Box>
          <Collapse in={open} unmountOnExit>
            <Days days={data.days ?? []} />
          </Collapse>
        </>
      )}
    </Box>
  );
};
