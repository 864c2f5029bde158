import SpeedIcon from '@mui/icons-material/SpeedOutlined';
import { Box, MenuItem, Skeleton, TextField, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useMemo, useState } from 'react';
import { getJson } from '../../api/http-client';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { PageHeader } from '../../common/page';
import { CountedLink } from '../../definitions/definition-link';
import { productNow } from '../../common/product-clock';
import { useTime } from '../../common/time';
import { useAccess } from '../../api/session-context';
import type { Obligor, Scorecard } from '../types';
import { Hours, Reasons, Trend } from './charts';
import { Kpis } from './kpis';
import { Periods } from './periods';
import { daysOf, RANGES, type Range } from './ranges';
import { Holders, Metrics, Obligations } from './tables';
import { Weather } from './weather';

const SIDES = ['sales', 'marketing'] as const;

/** What the other parts of the page need to know about what is shown. */
export interface Shown {
  readonly from: string;
  readonly to: string;
  readonly obligor: Obligor | null;
  readonly afterWaivers: boolean;
  readonly by: 'week' | 'month';
  readonly tz: string;
  /** The filter of the rows behind everything on the page. */
  readonly filter: Readonly<Record<string, unknown>>;
}

const useShown = (range: Range, obligor: Obligor | null, afterWaivers: boolean, by: 'week' | 'month'): Shown => {
  const time = useTime();
  return useMemo(() => {
    const today = time.toLocalInput(new Date(productNow()).toISOString()).slice(0, 10);
    const { from, to } = daysOf(range, today);
    const start = time.fromLocalInput(`${from}T00:00`) ?? '';
    const end = time.fromLocalInput(`${to}T00:00`) ?? '';
    const filter = { outcomeAt_gte: start, outcomeAt_lt: end, ...(obligor ? { obligor } : {}) };
    return { from: start, to: end, obligor, afterWaivers, by, tz: time.zone, filter };
  }, [time, range, obligor, afterWaivers, by]);
};

const Grid = ({ children, columns }: { children: React.ReactNode; columns: string }) => (
  <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: columns }, alignItems: 'start' }}>{children}</Box>
);

const Body = ({ card, shown }: { card: Scorecard; shown: Shown }) => {
  const translate = useTranslate();
  const access = useAccess();
  return (
    <Box sx={{ display: 'grid', gap: 2, px: { xs: 2, md: 3 }, pb: 4, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Kpis card={card} shown={shown} />
      {card.total.total === 0 ? (
        <EmptyState icon={<SpeedIcon />} title={translate('sla.scorecard.empty')} hint={translate('sla.scorecard.emptyHint')} dense />
      ) : (
        <>
          <Grid columns="minmax(0, 3fr) minmax(0, 2fr)">
            <Trend card={card} shown={shown} />
            <Reasons card={card} shown={shown} />
          </Grid>
          <Grid columns="minmax(0, 1fr)">
            <Hours card={card} shown={shown} />
          </Grid>
          <Grid columns="minmax(0, 1fr) minmax(0, 1fr)">
            <Metrics card={card} shown={shown} />
            <Holders card={card} shown={shown} />
          </Grid>
        </>
      )}
      {card.obligations.length > 0 && <Obligations card={card} shown={shown} />}
      {card.periods.length > 0 && shown.obligor !== 'sales' && <Periods periods={card.periods} />}
      {shown.obligor !== 'marketing' && access.can('read', 'sla-contracts') && <Weather />}
    </Box>
  );
};

/** How both sides keep what they have promised. Every number opens its rows. */
const ScorecardPage = () => {
  const translate = useTranslate();
  const time = useTime();
  const [range, setRange] = useState<Range>('month');
  const [by, setBy] = useState<'week' | 'month'>('week');
  const [obligor, setObligor] = useState<Obligor | null>(null);
  const [afterWaivers, setAfterWaivers] = useState(false);
  const shown = useShown(range, obligor, afterWaivers, by);
  const query = new URLSearchParams({ from: shown.from, to: shown.to, by, tz: time.zone, ...(obligor ? { obligor } : {}) }).toString();
  const { data, error, refetch } = useQuery({
    queryKey: ['sla-scorecard', query],
    queryFn: ({ signal }) => getJson<Scorecard>(`/sla/scorecard?${query}`, signal),
    placeholderData: (before) => before,
  });
  return (
    <Box sx={{ height: '100%', overflow: 'auto' }}>
      <PageHeader title={translate('sla.scorecard.title')} info={<CountedLink of="scorecard" name={translate('sla.scorecard.title')} />} />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, px: { xs: 2, md: 3 }, py: 1.5 }}>
        <TextField
          select
          label={translate('sla.scorecard.range')}
          value={range}
          onChange={(event) => setRange(event.target.value as Range)}
          sx={{ minWidth: 130 }}
        >
          {RANGES.map((one) => (
            <MenuItem key={one} value={one}>
              {translate(`sla.scorecard.ranges.${one}`)}
            </MenuItem>
          ))}
        </TextField>
        <TextField
          select
          label={translate('sla.scorecard.side')}
          value={obligor ?? 'all'}
          onChange={(event) => setObligor(event.target.value === 'all' ? null : (event.target.value as Obligor))}
          sx={{ minWidth: 130 }}
        >
          <MenuItem value="all">{translate('sla.scorecard.all')}</MenuItem>
          {SIDES.map((side) => (
            <MenuItem key={side} value={side}>
              {translate(`sla.sides.${side}`)}
            </MenuItem>
          ))}
        </TextField>
        <ToggleButtonGroup exclusive size="small" value={by} onChange={(_event, next: 'week' | 'month' | null) => next && setBy(next)}>
          <ToggleButton value="week">{translate('sla.scorecard.by.week')}</ToggleButton>
          <ToggleButton value="month">{translate('sla.scorecard.by.month')}</ToggleButton>
        </ToggleButtonGroup>
        <ToggleButtonGroup
          exclusive
          size="small"
          value={afterWaivers}
          onChange={(_event, next: boolean | null) => next !== null && setAfterWaivers(next)}
        >
          <ToggleButton value={false}>{translate('sla.scorecard.measured')}</ToggleButton>
          <ToggleButton value>{translate('sla.scorecard.waived')}</ToggleButton>
        </ToggleButtonGroup>
      </Box>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton variant="rounded" height={320} sx={{ mx: 3 }} />}
      {data && <Body card={data} shown={shown} />}
    </Box>
  );
};

export default ScorecardPage;
