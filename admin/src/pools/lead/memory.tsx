import { Box, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { When } from '../../common/countdown';
import { ToneChip } from '../../common/badges';
import { useLookups } from '../../common/lookups';
import { useMeta } from '../../api/session-context';
import { useLocaleCode, useText } from '../../common/text';
import { useTime } from '../../common/time';
import { memoryOf, type Memory } from '../api';
import { showCount } from '../../i18n/counts';

export const useMemory = (lead: number, load: (lead: number) => Promise<Memory> = memoryOf) =>
  useQuery({ queryKey: ['explain', 'memory', lead], queryFn: () => load(lead), retry: false });

const clockHour = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** The hours at which somebody was reached before, in words: “Tue 10:00–12:00 (reached)”. */
const useCallWords = () => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const weekday = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'short', timeZone: 'UTC' });
  return (hour: Memory['call']['hours'][number]): string => {
    const day = hour.weekday === null ? '' : `${weekday.format(Date.UTC(2024, 0, hour.weekday))} `;
    return `${day}${clockHour(hour.from)}–${clockHour(hour.to)} · ${translate(`pools.memory.why.${hour.why}`)}`;
  };
};

/** What was tried how often, each with its outcome. */
export const Tried = ({ tried }: { tried: Memory['tried'] }) => {
  const lookups = useLookups();
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75 }}>
      {tried.map((one) => (
        <ToneChip
          key={`${one.kind}-${one.outcome}`}
          text={`${lookups.activityKind(one.kind)}${one.outcome ? ` · ${lookups.outcome(one.kind, one.outcome)}` : ''} × ${showCount(one.count)}`}
          tone={one.outcome === 'connected' || one.outcome === 'replied' ? 'good' : 'neutral'}
        />
      ))}
    </Box>
  );
};

const Holdings = ({ holdings }: { holdings: Memory['holdings'] }) => {
  const translate = useTranslate();
  const time = useTime();
  const text = useText();
  const { releaseReasons } = useMeta();
  const reasonOf = (reason: string): string => text(releaseReasons.find((one) => one.value === reason)?.label) || reason;
  return (
    <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 0.75 }}>
      {holdings.map((holding, index) => (
        <Box component="li" key={index} sx={{ fontSize: 13, display: 'flex', gap: 1.5 }}>
          <Box sx={{ flex: 1, minWidth: 0 }}>
            <Box sx={{ fontWeight: 600 }}>{holding.name ?? translate('pools.memory.someone')}</Box>
            <Box sx={{ color: 'text.secondary', fontSize: 12 }}>
              {time.date(holding.from)} – {holding.to ? time.date(holding.to) : translate('pools.memory.today')}
            </Box>
          </Box>
          <Box sx={{ textAlign: 'right', color: 'text.secondary', fontSize: 12 }}>
            <div>{translate('pools.memory.worked', { smart_count: holding.attempts, contacts: holding.contacts })}</div>
            {holding.ended && (
              <div>
                {translate(`pools.memory.ended.${holding.ended.replace('lead.', '')}`, { _: holding.ended })}
                {holding.reason ? ` · ${reasonOf(holding.reason)}` : ''}
              </div>
            )}
          </Box>
        </Box>
      ))}
    </Box>
  );
};

const Revived = ({ revived }: { revived: NonNullable<Memory['revived']> }) => {
  const translate = useTranslate();
  const time = useTime();
  const words = { at: time.date(revived.at), name: revived.name, reason: revived.reason ?? '–' };
  return (
    <Typography variant="body2" color="warning.main">
      {translate(revived.by === 'signal' ? 'pools.exhausted.revivedSignal' : 'pools.exhausted.revivedHand', words)}
    </Typography>
  );
};

/**
 * What was tried before and when to call: for the next owner of a lead. `brief` leaves the former owners out; `load` asks elsewhere than at
 * the lead itself.
 */
export const MemoryList = ({ lead, brief, load }: { lead: number; brief?: boolean; load?: (lead: number) => Promise<Memory> }) => {
  const translate = useTranslate();
  const callWords = useCallWords();
  const { data, error, isPending } = useMemory(lead, load);
  if (isPending) return <Skeleton variant="rounded" height={brief ? 44 : 96} />;
  if (error || !data) return null;
  const former = data.holdings.filter((holding) => holding.to !== null);
  if (data.tried.length === 0 && former.length === 0)
    return (
      <Typography variant="body2" color="text.secondary">
        {translate('pools.memory.nothing')}
      </Typography>
    );
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Typography variant="subtitle2" component="div">
        {translate('pools.memory.summary', {
          smart_count: new Set(former.map((holding) => holding.member)).size,
          attempts: data.attempts,
          contacts: data.contacts,
        })}
      </Typography>
      <Tried tried={data.tried} />
      {data.call.hours.length > 0 && (
        <Typography variant="body2">
          <b>{translate('pools.memory.callAt')}</b> {data.call.hours.map(callWords).join('; ')}
        </Typography>
      )}
      {data.call.avoid.length > 0 && (
        <Typography variant="body2" color="text.secondary">
          {translate('pools.memory.avoid')} {data.call.avoid.map(clockHour).join(', ')}
        </Typography>
      )}
      {data.lastContactAt && (
        <Typography variant="body2" color="text.secondary">
          {translate('pools.memory.lastContact')} <When at={data.lastContactAt} />
        </Typography>
      )}
      {data.exhausted && (
        <Typography variant="body2" color="warning.main">
          {translate('pools.memory.exhausted', data.exhausted)}
        </Typography>
      )}
      {data.revived && !data.exhausted && <Revived revived={data.revived} />}
      {!brief && <Holdings holdings={former} />}
    </Box>
  );
};
