import {
  Box,
  Button,
  Checkbox,
  Link,
  MenuItem,
  Tab,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Tabs,
  TextField,
} from '@mui/material';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link as RouterLink } from 'react-router-dom';
import { useRefusalText } from '../api/errors';
import { getJson, postJson } from '../api/http-client';
import { useAccess } from '../api/session-context';
import type { LocalisedText } from '../api/types';
import { When } from '../common/countdown';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { PageHeader, RowsSkeleton } from '../common/page';
import { useText } from '../common/text';
import { Disputes } from './disputes';

const STATES = ['attention', 'held', 'candidates', 'processed'] as const;
type State = (typeof STATES)[number];
const PER_PAGE = 25;

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
}
interface Answer {
  readonly items: readonly Item[];
  readonly total: number;
  readonly reasons: Readonly<Record<State, readonly { readonly reason: string; readonly n: number }[]>>;
}

const nameOf = (item: Item): string => [item.name, item.company].filter(Boolean).join(' · ') || `#${item.lead}`;

const Rows = (props: {
  state: State;
  items: readonly Item[];
  chosen: ReadonlySet<number>;
  choose: (ids: ReadonlySet<number>) => void;
  canRoute: boolean;
}) => {
  const translate = useTranslate();
  const text = useText();
  const { state, items, chosen, choose, canRoute } = props;
  const toggle = (id: number): void => choose(new Set(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id]));
  const all = items.length > 0 && items.every((item) => chosen.has(item.lead));
  const wide = { display: { xs: 'none', md: 'table-cell' } };
  return (
    <Box sx={{ overflowX: 'auto', bgcolor: 'background.paper', borderTop: 1, borderBottom: 1, borderColor: 'divider' }}>
      <Table size="small">
        <TableHead>
          <TableRow>
            {canRoute && (
              <TableCell padding="checkbox">
                <Checkbox
                  size="small"
                  checked={all}
                  onChange={() => choose(new Set(all ? [] : items.map((item) => item.lead)))}
                  slotProps={{ input: { 'aria-label': translate('routing.monitor.selectAll') } }}
                />
              </TableCell>
            )}
            <TableCell>{translate('routing.monitor.lead')}</TableCell>
            <TableCell>{translate('routing.monitor.reason')}</TableCell>
            <TableCell sx={wide}>{translate('routing.monitor.rule')}</TableCell>
            <TableCell sx={wide}>{translate(state === 'held' ? 'routing.monitor.retry' : 'routing.monitor.when')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {items.map((item, index) => (
            <TableRow key={`${item.lead}-${index}`} hover>
              {canRoute && (
                <TableCell padding="checkbox">
                  <Checkbox
                    size="small"
                    checked={chosen.has(item.lead)}
                    onChange={() => toggle(item.lead)}
                    slotProps={{ input: { 'aria-label': translate('routing.monitor.select', { name: nameOf(item) }) } }}
                  />
                </TableCell>
              )}
              <TableCell sx={{ maxWidth: 260 }}>
                <Link component={RouterLink} to={`/leads/${item.lead}`} sx={{ fontWeight: 600 }}>
                  {nameOf(item)}
                </Link>
              </TableCell>
              <TableCell>{text(item.text)}</TableCell>
              <TableCell sx={wide}>{item.rule ? text(item.rule) : '–'}</TableCell>
              <TableCell sx={{ ...wide, whiteSpace: 'nowrap' }}>
                <When at={(state === 'held' ? item.retryAt : item.at) ?? item.capturedAt} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
};

/** What routing did and what it could not do, with the reason of each lead and the way to try again, however many there are. */
export const MonitorPage = () => {
  const translate = useTranslate();
  const access = useAccess();
  const notify = useNotify();
  const refusal = useRefusalText();
  const client = useQueryClient();
  const [state, setState] = useState<State>('attention');
  const [reason, setReason] = useState('');
  const [page, setPage] = useState(1);
  const [days, setDays] = useState(7);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
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
  const countOf = (one: State): number | null => (data ? data.reasons[one].reduce((sum, row) => sum + row.n, 0) : null);
  const pages = Math.max(1, Math.ceil((data?.total ?? 0) / PER_PAGE));
  const change = (next: State): void => {
    setState(next);
    setReason('');
    setPage(1);
    setChosen(new Set());
  };
  return (
    <Box sx={{ display: 'grid', gap: 1, gridTemplateColumns: 'minmax(0, 1fr)', alignContent: 'start', pb: 4 }}>
      <PageHeader title={translate('routing.monitor.title')} subtitle={translate('routing.monitor.intro')} />
      <Tabs value={state} onChange={(_event, next: State) => change(next)} variant="scrollable" sx={{ px: { xs: 1, md: 3 } }}>
        {STATES.map((one) => (
          <Tab
            key={one}
            value={one}
            label={`${translate(`routing.monitor.states.${one}`)}${countOf(one) === null ? '' : ` (${countOf(one)})`}`}
          />
        ))}
      </Tabs>
      <Box sx={{ display: 'flex', gap: 1, px: { xs: 2, md: 3 }, flexWrap: 'wrap', alignItems: 'center' }}>
        <TextField
          select
          label={translate('routing.monitor.reason')}
          value={reason}
          onChange={(event) => {
            setReason(event.target.value);
            setPage(1);
          }}
          slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
          sx={{ minWidth: 220 }}
        >
          <MenuItem value="">{translate('routing.monitor.allReasons')}</MenuItem>
          {(data?.reasons[state] ?? []).map((row) => (
            <MenuItem key={row.reason} value={row.reason}>
              {`${translate(`routing.monitor.reasons.${row.reason}`, { _: row.reason })} (${row.n})`}
            </MenuItem>
          ))}
        </TextField>
        {state === 'processed' && (
          <TextField
            select
            label={translate('routing.monitor.when')}
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
            sx={{ minWidth: 160 }}
          >
            {[1, 7, 30, 90].map((one) => (
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
          <Button variant="outlined" disabled={some.isPending} onClick={() => some.mutate([...chosen])}>
            {translate('routing.monitor.rerunSome', { smart_count: chosen.size })}
          </Button>
        )}
        {canRoute && (
          <Button variant="contained" disabled={every.isPending || (data?.total ?? 0) === 0} onClick={() => every.mutate()}>
            {translate('routing.monitor.rerunAll')}
          </Button>
        )}
      </Box>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {isPending && <RowsSkeleton rows={10} />}
      {data && data.items.length === 0 && (
        <EmptyState title={translate('routing.monitor.empty')} hint={translate(`routing.monitor.emptyHint.${state}`)} />
      )}
      {data && data.items.length > 0 && <Rows state={state} items={data.items} chosen={chosen} choose={setChosen} canRoute={canRoute} />}
      {pages > 1 && (
        <Box sx={{ display: 'flex', justifyContent: 'flex-end', alignItems: 'center', gap: 1, px: 3, fontSize: 13 }}>
          <Button disabled={page <= 1} onClick={() => setPage(page - 1)}>
            {translate('ra.navigation.previous')}
          </Button>
          {`${page} / ${pages}`}
          <Button disabled={page >= pages} onClick={() => setPage(page + 1)}>
            {translate('ra.navigation.next')}
          </Button>
        </Box>
      )}
      <Disputes />
    </Box>
  );
};
