import CallIcon from '@mui/icons-material/CallOutlined';
import ClockIcon from '@mui/icons-material/AccessTime';
import DotIcon from '@mui/icons-material/FiberManualRecord';
import GradeIcon from '@mui/icons-material/TrendingUp';
import HandIcon from '@mui/icons-material/PanToolAltOutlined';
import NewIcon from '@mui/icons-material/AddCircleOutline';
import RouteIcon from '@mui/icons-material/AltRoute';
import { Box, Button, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useState, type ReactNode } from 'react';
import type { ConsoleProvider } from '../../api/data-provider';
import type { TimelineEntry } from '../../api/types';
import { useActorName } from '../../common/actor-name';
import { When } from '../../common/countdown';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { useLookups } from '../../common/lookups';
import { useText } from '../../common/text';
import { useActivityValues, type OwnValue } from './activity-fields';
import { useChangeLines, useEventDetail, wordsOf } from './change-lines';

const FIRST_PAGE = 30;

const ICONS: [RegExp, ReactNode][] = [
  [/activity|logged|followed/, <CallIcon key="call" />],
  [/clock|sla/, <ClockIcon key="clock" />],
  [/grad|scor/, <GradeIcon key="grade" />],
  [/rout|assign|transfer/, <RouteIcon key="route" />],
  [/claim|releas|recycl|pool/, <HandIcon key="hand" />],
  [/creat|import|captur/, <NewIcon key="new" />],
];

const iconOf = (type: string): ReactNode => ICONS.find(([pattern]) => pattern.test(type))?.[1] ?? <DotIcon />;

/** A follow-up that came with a file happened in its own time, by its own author; who brought the file is no author. */
const historyOf = ({ type, data }: TimelineEntry): { readonly at: string; readonly member: unknown } | null =>
  type === 'lead.activity' && data?.imported === true && typeof data.occurredAt === 'string'
    ? { at: data.occurredAt, member: data.member }
    : null;
const momentOf = (entry: TimelineEntry): string => historyOf(entry)?.at ?? entry.at;

const Entry = ({ entry, own }: { entry: TimelineEntry; own: readonly OwnValue[] }) => {
  const text = useText();
  const actorName = useActorName();
  const lines = useChangeLines()(entry);
  const detail = useEventDetail()(entry);
  const note = wordsOf(entry);
  const translate = useTranslate();
  const lookups = useLookups();
  const history = historyOf(entry);
  return (
    <Box
      component="li"
      sx={{
        display: 'grid',
        gridTemplateColumns: '28px 1fr auto',
        columnGap: 1,
        py: 1,
        position: 'relative',
        '&:not(:last-child)::before': {
          content: '""',
          position: 'absolute',
          left: 13,
          top: 32,
          bottom: -8,
          width: '1px',
          bgcolor: 'divider',
        },
      }}
    >
      <Box
        sx={{
          width: 28,
          height: 28,
          borderRadius: '50%',
          display: 'grid',
          placeItems: 'center',
          bgcolor: 'action.selected',
          color: 'text.secondary',
          '& svg': { fontSize: 16 },
        }}
      >
        {iconOf(entry.type)}
      </Box>
      <Box sx={{ minWidth: 0, pt: 0.5 }}>
        <Typography variant="body2">{[text(entry.title) || entry.type, detail].filter(Boolean).join(' · ')}</Typography>
        {note && (
          <Typography
            variant="body2"
            sx={{
              mt: 0.5,
              px: 1.25,
              py: 0.75,
              borderRadius: 1,
              bgcolor: 'background.default',
              whiteSpace: 'pre-wrap',
              overflowWrap: 'anywhere',
            }}
          >
            {note}
          </Typography>
        )}
        {own.map(({ label, value }) => (
          <Typography key={label} variant="caption" color="text.secondary" component="div">
            {label}: {value}
          </Typography>
        ))}
        {lines.map((line) => (
          <Typography key={line} variant="caption" color="text.secondary" component="div" noWrap>
            {line}
          </Typography>
        ))}
      </Box>
      <Typography variant="caption" color="text.secondary" component="div" sx={{ pt: 0.625, textAlign: 'right' }}>
        <When at={momentOf(entry)} />
        <Box>{history ? typeof history.member === 'number' && lookups.member(history.member) : actorName(entry.actor)}</Box>
        {history && <Box>{translate('imports.fromFile')}</Box>}
      </Typography>
    </Box>
  );
};

/** All that happened to the lead, newest first. */
export const Timeline = ({ leadId }: { leadId: number }) => {
  const translate = useTranslate();
  const provider = useDataProvider<ConsoleProvider>();
  const [limit, setLimit] = useState(FIRST_PAGE);
  const ownValues = useActivityValues(leadId);
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['timeline', leadId], queryFn: () => provider.timeline(leadId) });
  if (isPending)
    return (
      <>
        {[0, 1, 2, 3, 4].map((row) => (
          <Skeleton key={row} height={44} />
        ))}
      </>
    );
  if (error && !data) return <ErrorState dense error={error} retry={() => void refetch()} />;
  if (!data || data.length === 0) return <EmptyState dense title={translate('timeline.empty')} />;
  const entries = [...data].sort((a, b) => Date.parse(momentOf(b)) - Date.parse(momentOf(a)) || Number(b.id) - Number(a.id));
  return (
    <>
      <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {entries.slice(0, limit).map((entry) => (
          <Entry key={entry.id} entry={entry} own={ownValues(entry)} />
        ))}
      </Box>
      {entries.length > limit && (
        <Button color="inherit" onClick={() => setLimit(limit + FIRST_PAGE)}>
          {translate('timeline.more', { smart_count: entries.length - limit })}
        </Button>
      )}
    </>
  );
};
