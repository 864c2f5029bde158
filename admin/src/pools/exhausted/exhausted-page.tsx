import BatteryIcon from '@mui/icons-material/Battery1BarOutlined';
import NextIcon from '@mui/icons-material/ChevronRight';
import PrevIcon from '@mui/icons-material/ChevronLeft';
import { Box, Button, Checkbox, Collapse, IconButton, MenuItem, TextField, Typography } from '@mui/material';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { GradeBadge, ToneChip } from '../../common/badges';
import { When } from '../../common/countdown';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { SearchField } from '../../common/list-search';
import { useLookups } from '../../common/lookups';
import { RowsSkeleton } from '../../common/page';
import { useLeadsChanged } from '../../leads/use-lead-verbs';
import { exhausted, type ExhaustedLead, type ExhaustedWhy } from '../api';
import { MemoryList, Tried } from '../lead/memory';
import { PageBody, Sheet } from '../parts';
import { PoolsHeader } from '../tabs';
import { useBoard } from '../use-board';
import { ReviveDialog } from './revive-dialog';
import { showCount } from '../../i18n/counts';

const PAGE = 50;
const WHY: readonly ExhaustedWhy[] = ['owners', 'attempts'];

/** “3 of 3 owners”: the count that made it exhausted stands out. */
const Why = ({ lead }: { lead: ExhaustedLead }) => {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75 }}>
      {WHY.map((what) => {
        const limit = lead.rule[what];
        const text =
          limit === null
            ? translate(`pools.exhausted.${what}Plain`, { smart_count: lead[what] })
            : translate(`pools.exhausted.${what}`, { count: lead[what], limit });
        return <ToneChip key={what} text={text} tone={lead.why.includes(what) ? 'warning' : 'neutral'} />;
      })}
    </Box>
  );
};

const Line = (props: { lead: ExhaustedLead; ticked: boolean; onToggle: () => void; onBack: () => void }) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const [open, setOpen] = useState(false);
  const { lead } = props;
  const name = lead.name || `#${lead.id}`;
  return (
    <Box
      role="listitem"
      sx={{ borderBottom: 1, borderColor: 'divider', px: { xs: 1, md: 1.5 }, py: 1, '&:last-child': { borderBottom: 0 } }}
    >
      <Box
        sx={{
          display: 'grid',
          alignItems: 'center',
          columnGap: 1.5,
          rowGap: 0.75,
          gridTemplateColumns: { xs: 'auto 40px minmax(0, 1fr)', md: 'auto 40px minmax(0, 1.2fr) minmax(0, 1fr) minmax(0, 1.2fr) auto' },
          '& > *': { minWidth: 0 },
        }}
      >
        <Checkbox
          size="small"
          checked={props.ticked}
          onChange={props.onToggle}
          slotProps={{ input: { 'aria-label': `${translate('ra.action.select_row')}: ${name}` } }}
        />
        <GradeBadge grade={lead.grade} />
        <Box>
          <Typography variant="body1" noWrap sx={{ fontWeight: 600 }}>
            {name}
          </Typography>
          <Typography variant="caption" color="text.secondary" noWrap component="div">
            {[lead.company, lookups.pool(lead.pool)].filter(Boolean).join(' · ')}
          </Typography>
        </Box>
        <Box sx={{ gridColumn: { xs: '2 / -1', md: 'auto' } }}>
          <Why lead={lead} />
          <Typography variant="caption" color="text.secondary" component="div" sx={{ mt: 0.25 }}>
            {translate('pools.exhausted.since')} <When at={lead.at} />
            {lead.lastOwner && ` · ${translate('pools.exhausted.last', { name: lead.lastOwner })}`}
          </Typography>
        </Box>
        <Box sx={{ gridColumn: { xs: '2 / -1', md: 'auto' } }}>
          <Tried tried={lead.tried} />
        </Box>
        <Box sx={{ display: 'flex', gap: 0.5, gridColumn: { xs: '2 / -1', md: 'auto' }, ml: { xs: -1.5, md: 0 } }}>
          <Button onClick={() => setOpen(!open)} aria-expanded={open} sx={{ minHeight: { xs: 40, md: 30 } }}>
            {translate('pools.exhausted.story')}
          </Button>
          <Button variant="outlined" onClick={props.onBack} sx={{ minHeight: { xs: 40, md: 30 } }}>
            {translate('pools.exhausted.backDots')}
          </Button>
        </Box>
      </Box>
      <Collapse in={open} unmountOnExit>
        <Box sx={{ pl: { xs: 0, md: 11 }, pt: 1, maxWidth: 640 }}>
          <MemoryList lead={lead.id} load={exhausted.story} />
        </Box>
      </Collapse>
    </Box>
  );
};

const Tools = (props: {
  pool: number | null;
  setPool: (pool: number | null) => void;
  search: string;
  setSearch: (text: string) => void;
}) => {
  const translate = useTranslate();
  const { data } = useBoard();
  return (
    <>
      <TextField
        select
        value={props.pool ?? ''}
        onChange={(event) => props.setPool(event.target.value === '' ? null : Number(event.target.value))}
        slotProps={{ htmlInput: { 'aria-label': translate('fields.pool') }, select: { displayEmpty: true } }}
        sx={{ minWidth: 140 }}
      >
        <MenuItem value="">{translate('pools.exhausted.allPools')}</MenuItem>
        {data?.map((one) => (
          <MenuItem key={one.id} value={one.id}>
            {one.name}
          </MenuItem>
        ))}
      </TextField>
      <SearchField
        value={props.search}
        onSearch={props.setSearch}
        label={translate('pools.exhausted.search')}
        sx={{ flex: 1, minWidth: 180, maxWidth: 280 }}
      />
    </>
  );
};

const Foot = ({ offset, shown, total, go }: { offset: number; shown: number; total: number; go: (offset: number) => void }) => {
  const translate = useTranslate();
  const range = { offsetBegin: offset + 1, offsetEnd: offset + shown, total };
  return (
    <Box sx={{ display: 'flex', justifyContent: 'flex-end', alignItems: 'center', gap: 1 }}>
      <Typography variant="body2" color="text.secondary">
        {translate('ra.navigation.page_range_info', range)}
      </Typography>
      <IconButton disabled={offset === 0} onClick={() => go(Math.max(0, offset - PAGE))} aria-label={translate('ra.navigation.previous')}>
        <PrevIcon fontSize="small" />
      </IconButton>
      <IconButton disabled={offset + shown >= total} onClick={() => go(offset + PAGE)} aria-label={translate('ra.navigation.next')}>
        <NextIcon fontSize="small" />
      </IconButton>
    </Box>
  );
};

/** Leads that have had enough: why, what was tried, and the way back with a reason. */
const ExhaustedPage = () => {
  const translate = useTranslate();
  const client = useQueryClient();
  const changed = useLeadsChanged();
  const [pool, setPool] = useState<number | null>(null);
  const [q, setQ] = useState('');
  const [offset, setOffset] = useState(0);
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set());
  const [bringing, setBringing] = useState<readonly number[] | null>(null);
  const asked = { pool, q, offset, limit: PAGE };
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['leads', 'exhausted', asked],
    queryFn: () => exhausted.list(asked),
    placeholderData: keepPreviousData,
  });
  const leads = data?.leads ?? [];
  const chosen = leads.filter((lead) => ticked.has(lead.id)).map((lead) => lead.id);
  const toggle = (id: number): void => setTicked(new Set(ticked.has(id) ? [...ticked].filter((one) => one !== id) : [...ticked, id]));
  const ask = (change: () => void): void => {
    change();
    setOffset(0);
    setTicked(new Set());
  };
  const done = async (): Promise<void> => {
    setBringing(null);
    setTicked(new Set());
    changed();
    await client.invalidateQueries({ queryKey: ['leads', 'exhausted'] });
  };
  const isFiltered = pool !== null || q !== '';
  return (
    <>
      <PoolsHeader />
      <PageBody>
        <Typography variant="body2" color="text.secondary" sx={{ maxWidth: 760 }}>
          {translate('pools.exhausted.intro')}
        </Typography>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1 }}>
          <Tools pool={pool} setPool={(next) => ask(() => setPool(next))} search={q} setSearch={(text) => ask(() => setQ(text))} />
          <Typography variant="body2" color="text.secondary" sx={{ flex: 1 }}>
            {data && data.total > 0 && translate('pools.exhausted.count', { smart_count: data.total })}
          </Typography>
          {leads.length > 0 && (
            <Button variant="contained" disabled={chosen.length === 0} onClick={() => setBringing(chosen)}>
              {translate('pools.exhausted.backDots')}
              {chosen.length > 0 && ` (${showCount(chosen.length)})`}
            </Button>
          )}
        </Box>
        {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
        {isPending && <RowsSkeleton rows={6} height={64} />}
        {data && leads.length === 0 && (
          <EmptyState
            icon={<BatteryIcon />}
            title={translate(isFiltered ? 'pools.exhausted.noMatch' : 'pools.exhausted.empty')}
            hint={isFiltered ? undefined : translate('pools.exhausted.emptyHint')}
          />
        )}
        {leads.length > 0 && (
          <Sheet>
            <Box role="list">
              {leads.map((lead) => (
                <Line
                  key={lead.id}
                  lead={lead}
                  ticked={ticked.has(lead.id)}
                  onToggle={() => toggle(lead.id)}
                  onBack={() => setBringing([lead.id])}
                />
              ))}
            </Box>
          </Sheet>
        )}
        {data && data.total > PAGE && <Foot offset={offset} shown={leads.length} total={data.total} go={setOffset} />}
        {bringing && <ReviveDialog ids={bringing} close={() => setBringing(null)} done={done} />}
      </PageBody>
    </>
  );
};

export default ExhaustedPage;
