import { Box, Button, Link, MenuItem, Tab, Tabs, TextField, Typography } from '@mui/material';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link as RouterLink, useSearchParams } from 'react-router-dom';
import { useRefusalText } from '../api/errors';
import { getJson, postJson } from '../api/http-client';
import { useAccess } from '../api/session-context';
import type { LocalisedText } from '../api/types';
import { When } from '../common/countdown';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { PageHeader, RowsSkeleton } from '../common/page';
import { useText } from '../common/text';
import { CountedLink } from '../definitions/definition-link';
import { Disputes } from './disputes';
import { PreviewDialog } from './preview-dialog';
import { LeadTable, leadName, PageTurner, type LeadColumn } from './lead-table';
import { showCount } from '../i18n/counts';

const STATES = ['attention', 'held', 'candidates', 'processed'] as const;
type State = (typeof STATES)[number];
const PER_PAGE = 25;
const DAY_CHOICES = [1, 7, 30, 90] as const;

interface Item {
  readonly lead: number;
  readonly name: string | null;
  readonly company: string | null;
  readonly capturedAt: string;
  readonly at: string | null;
  readonly reason: string;
  readonly text: LocalisedText;
  readonly rule: LocalisedText | null;
  readonly policy: { readonly id: number; readonly name: string; readonly version: number } | null;
  readonly retryAt: string | null;
  readonly blocked: readonly { readonly code: string; readonly people: number }[];
}
interface Answer {
  readonly items: readonly Item[];
  readonly total: number;
  readonly reasons: Readonly<Record<State, readonly { readonly reason: string; readonly n: number }[]>>;
}

const DAYS = 7;

interface Look {
  readonly state: State;
  readonly reason?: string;
  readonly page?: number;
  readonly days?: number;
}

/** What is looked at stands in the address: it can be sent to somebody, and is there again on the way back from a lead. */
const useLook = (): Required<Look> & { readonly look: (next: Look) => void } => {
  const [search, setSearch] = useSearchParams();
  return {
    state: STATES.find((one) => one === search.get('state')) ?? 'attention',
    reason: search.get('reason') ?? '',
    page: Math.max(1, Math.floor(Number(search.get('page'))) || 1),
    days: DAY_CHOICES.find((one) => one === Number(search.get('days'))) ?? DAYS,
    look: ({ state, reason = '', page = 1, days = DAYS }) => {
      const next = { state, reason, page: page === 1 ? '' : String(page), days: days === DAYS ? '' : String(days) };
      setSearch(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== '')), { replace: true });
    },
  };
};

/** What is to be known of a lead besides its name, by what is looked at. */
const useColumns = (state: State): readonly LeadColumn<Item>[] => {
  const translate = useTranslate();
  const text = useText();
  const canRead = useAccess().can('read', 'routing-policies');
  const ruleOf = ({ rule, policy }: Item) => {
    const label = rule ? text(rule) : '–';
    if (!policy || !canRead) return label;
    return (
      <Link component={RouterLink} to={`/setup/routing/${policy.id}`} color="inherit" title={`${policy.name} · ${policy.version}`}>
        {rule ? label : policy.name}
      </Link>
    );
  };
  return [
    {
      key: 'reason',
      label: translate('routing.monitor.reason'),
      cell: (item) => (
        <>
          {text(item.text)}
          {item.blocked.length > 0 && (
            <Typography variant="caption" color="text.secondary" component="div">
              {item.blocked.map(({ code, people }) => `${translate(`codes.${code}`, { _: code })} (${people})`).join(' · ')}
            </Typography>
          )}
        </>
      ),
    },
    { key: 'rule', label: translate('routing.monitor.rule'), cell: ruleOf, wide: true },
    {
      key: 'when',
      label: translate(state === 'held' ? 'routing.monitor.retry' : 'routing.monitor.when'),
      cell: (item) => <When at={(state === 'held' ? item.retryAt : item.at) ?? item.capturedAt} />,
      wide: true,
      nowrap: true,
    },
  ];
};

/** What routing did and what it could not do, with the reason of each lead and the way to try again, however many there are. */
export const MonitorPage = () => {
  const translate = useTranslate();
  const access = useAccess();
  const notify = useNotify();
  const refusal = useRefusalText();
  const client = useQueryClient();
  const { state, reason, page, days, look } = useLook();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [preview, setPreview] = useState<'some' | 'all' | null>(null);
  const query = new URLSearchParams({
    state,
    page: String(page),
    perPage: String(PER_PAGE),
    days: String(days),
    ...(reason ? { reason } : {}),
  });
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['routing-monitor', query.toString()],
    queryFn: () => getJson<Answer>(`/routing/monitor?${query.toString()}`),
    placeholderData: keepPreviousData,
  });
  const done = (): void => {
    setChosen(new Set());
    void client.invalidateQueries({ queryKey: ['routing-monitor'] });
  };
  const failed = (problem: unknown): void => notify(refusal(problem), { type: 'error' });
  const some = useMutation({
    mutationFn: (ids: readonly number[]) => postJson('/leads/route', { ids }),
    onSuccess: (_answer, ids) => {
      notify(translate('routing.monitor.rerunDone', { smart_count: ids.length }), { type: 'success' });
      done();
    },
    onError: failed,
  });
  const every = useMutation({
    mutationFn: () => postJson('/routing/rerun', { state, ...(reason ? { reason } : {}) }),
    onSuccess: () => {
      notify(translate('routing.monitor.rerunStarted'), { type: 'info' });
      setTimeout(done, 1500);
    },
    onError: failed,
  });
  const keep = useMutation({
    mutationFn: (ids: readonly number[]) => postJson('/leads/keep-owner', { ids }),
    onSuccess: (_answer, ids) => {
      notify(translate('routing.monitor.kept', { smart_count: ids.length }), { type: 'success' });
      done();
    },
    onError: failed,
  });
  const canRoute = access.can('assign', 'leads') && state !== 'processed';
  const columns = useColumns(state);
  const countOf = (one: State): number | null => (data ? data.reasons[one].reduce((sum, row) => sum + row.n, 0) : null);
  const pages = Math.max(1, Math.ceil((data?.total ?? 0) / PER_PAGE));
  const change = (next: State): void => {
    look({ state: next, days });
    setChosen(new Set());
  };
  return (
    <Box sx={{ display: 'grid', gap: 1, gridTemplateColumns: 'minmax(0, 1fr)', alignContent: 'start', pb: 4 }}>
      <PageHeader
        title={translate('routing.monitor.title')}
        info={<CountedLink of="monitor" name={translate('routing.monitor.title')} />}
        subtitle={translate('routing.monitor.intro')}
      />
      <Tabs value={state} onChange={(_event, next: State) => change(next)} variant="scrollable" sx={{ px: { xs: 1, md: 3 } }}>
        {STATES.map((one) => (
          <Tab
            key={one}
            value={one}
            label={`${translate(`routing.monitor.states.${one}`)}${countOf(one) === null ? '' : ` (${showCount(countOf(one))})`}`}
          />
        ))}
      </Tabs>
      <Box sx={{ display: 'flex', gap: 1, px: { xs: 2, md: 3 }, pt: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        <TextField
          select
          label={translate('routing.monitor.reason')}
          value={reason}
          onChange={(event) => look({ state, days, reason: event.target.value })}
          slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
          sx={{ minWidth: 220 }}
        >
          <MenuItem value="">{translate('routing.monitor.allReasons')}</MenuItem>
          {(data?.reasons[state] ?? []).map((row) => (
            <MenuItem key={row.reason} value={row.reason}>
              {`${translate(`routing.monitor.reasons.${row.reason}`, { _: row.reason })} (${showCount(row.n)})`}
            </MenuItem>
          ))}
        </TextField>
        {state === 'processed' && (
          <TextField
            select
            label={translate('routing.monitor.when')}
            value={days}
            onChange={(event) => look({ state, reason, days: Number(event.target.value) })}
            sx={{ minWidth: 160 }}
          >
            {DAY_CHOICES.map((one) => (
              <MenuItem key={one} value={one}>
                {translate('routing.monitor.days', { smart_count: one })}
              </MenuItem>
            ))}
          </TextField>
        )}
        <Box sx={{ flex: 1 }} />
        {canRoute && state === 'candidates' && chosen.size > 0 && (
          <Button disabled={keep.isPending} onClick={() => keep.mutate([...chosen])}>
            {translate('routing.monitor.keepSome', { smart_count: chosen.size })}
          </Button>
        )}
        {canRoute && chosen.size > 0 && (
          <Button variant="outlined" disabled={some.isPending} onClick={() => setPreview('some')}>
            {translate('routing.monitor.rerunSome', { smart_count: chosen.size })}
          </Button>
        )}
        {canRoute && (
          <Button variant="contained" disabled={every.isPending || (data?.total ?? 0) === 0} onClick={() => setPreview('all')}>
            {translate('routing.monitor.rerunAll')}
          </Button>
        )}
      </Box>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {isPending && <RowsSkeleton rows={10} />}
      {data && data.items.length === 0 && (
        <EmptyState title={translate('routing.monitor.empty')} hint={translate(`routing.monitor.emptyHint.${state}`)} />
      )}
      {data && data.items.length > 0 && (
        <LeadTable
          items={data.items}
          leadOf={(item) => item.lead}
          nameOf={(item) => leadName(item.lead, item)}
          columns={columns}
          chosen={chosen}
          choose={canRoute ? setChosen : null}
        />
      )}
      <PageTurner page={page} pages={pages} turn={(next) => look({ state, reason, days, page: next })} />
      <Disputes />
      {preview && (
        <PreviewDialog
          asked={preview === 'some' ? { ids: [...chosen] } : { state, ...(reason ? { reason } : {}) }}
          close={() => setPreview(null)}
          confirm={() => (preview === 'some' ? some.mutate([...chosen]) : every.mutate())}
        />
      )}
    </Box>
  );
};
