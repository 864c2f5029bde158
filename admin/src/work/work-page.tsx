import DoneAllIcon from '@mui/icons-material/DoneAll';
import { Box, Button, Chip, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import { useRefusalText } from '../api/errors';
import { useAccess } from '../api/session-context';
import type { Lead, WorkItem } from '../api/types';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { PageHeader, RowsSkeleton } from '../common/page';
import { useShortcuts } from '../common/shortcuts';
import { LogDialog } from '../leads/log-dialog';
import { useLeadVerbs } from '../leads/use-lead-verbs';
import { ProtectDialog } from '../pools/lead/protect-dialog';
import { useMayExtend } from '../pools/lead/recycle-left';
import { isRecycled, WORK_ROW_HEIGHT, WorkRow } from './work-row';
import { showCount } from '../i18n/counts';

const MAIN_ACTIONS = ['call', 'mail', 'note'];

/** What an item's button and key do. */
export type WorkAction = 'call' | 'mail' | 'note' | 'claim' | 'done' | 'open';

const mainAction = (item: WorkItem): WorkAction => {
  if (item.action === 'claim') return 'claim';
  if (MAIN_ACTIONS.includes(item.action)) return item.action as WorkAction;
  return item.taskId ? 'done' : 'open';
};

const Filters = (props: {
  counts: Record<string, number>;
  value: string | null;
  onChange: (code: string | null) => void;
  labels: Map<string, string>;
}) => (
  <Box sx={{ display: 'flex', gap: 1, px: { xs: 2, md: 3 }, minHeight: 40, alignItems: 'center', overflowX: 'auto' }}>
    {[...props.labels].map(([code, label]) => (
      <Chip
        key={code}
        label={`${label} · ${showCount(props.counts[code] ?? 0)}`}
        onClick={() => props.onChange(props.value === code ? null : code)}
        color={props.value === code ? 'primary' : 'default'}
        variant={props.value === code ? 'filled' : 'outlined'}
      />
    ))}
  </Box>
);

/** The actions `counts` speaks of and this console can name. */
const useGroups = (items: readonly WorkItem[]): { labels: Map<string, string>; counts: Record<string, number> } => {
  const translate = useTranslate();
  return useMemo(() => {
    const counts: Record<string, number> = {};
    for (const item of items) counts[mainAction(item)] = (counts[mainAction(item)] ?? 0) + 1;
    const labels = new Map(Object.keys(counts).map((action) => [action, translate(`work.group.${action}`)]));
    return { labels: labels.size > 1 ? labels : new Map<string, string>(), counts };
  }, [items, translate]);
};

const useWork = () => {
  const provider = useDataProvider<ConsoleProvider>();
  return useQuery({ queryKey: ['work'], queryFn: () => provider.work(), refetchInterval: 60_000 });
};

/** What this person should do now, why, and one key to do it. */
const WorkPage = () => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const notify = useNotify();
  const refusalText = useRefusalText();
  const access = useAccess();
  const provider = useDataProvider<ConsoleProvider>();
  const client = useQueryClient();
  const { claim, tellRefusal } = useLeadVerbs();
  const { data, error, isPending, refetch } = useWork();
  const [filter, setFilter] = useState<string | null>(null);
  const [currentKey, setCurrentKey] = useState<string | null>(null);
  const [logging, setLogging] = useState<{ lead: Lead; kind: string } | null>(null);
  const [extending, setExtending] = useState<Lead | null>(null);
  const mayExtend = useMayExtend();
  const all = useMemo(() => data?.items ?? [], [data]);
  const { labels, counts } = useGroups(all);
  const items = useMemo(() => (filter && counts[filter] ? all.filter((item) => mainAction(item) === filter) : all), [all, filter, counts]);
  /** When the current item is done and gone, the one that took its place is next. */
  const place = useRef(0);
  const found = items.findIndex((item) => item.key === currentKey);
  const index = found >= 0 ? found : Math.max(0, Math.min(place.current, items.length - 1));
  place.current = index;
  const current = items[index];
  const move = (step: number): void => setCurrentKey(items[Math.min(items.length - 1, Math.max(0, index + step))]?.key ?? null);
  useEffect(() => {
    document.getElementById(`work-${current?.key}`)?.scrollIntoView({ block: 'nearest' });
  }, [current?.key]);

  const closeTask = async (item: WorkItem): Promise<void> => {
    if (!item.taskId) return;
    try {
      await provider.closeTask(item.taskId);
      notify(translate('tasks.closed'), { type: 'success' });
      await client.invalidateQueries({ queryKey: ['work'] });
    } catch (refusal) {
      notify(refusalText(refusal), { type: 'error' });
    }
  };
  const act = (item: WorkItem | undefined, action: WorkAction): void => {
    if (!item) return;
    setCurrentKey(item.key);
    if (action === 'open') navigate(`/leads/${item.lead.id}`);
    else if (action === 'done') void closeTask(item);
    else if (action === 'claim') void claim([item.lead]).then(tellRefusal);
    else setLogging({ lead: item.lead, kind: action });
  };
  const canLog = access.can('log', 'leads');
  useShortcuts(
    [
      { key: 'j', label: 'shortcuts.next', run: () => move(1) },
      { key: 'k', label: 'shortcuts.previous', run: () => move(-1) },
      { key: 'Enter', label: 'shortcuts.open', run: () => act(current, 'open') },
      ...(canLog
        ? [
            { key: 'c', label: 'shortcuts.call', run: () => act(current, 'call') },
            { key: 'm', label: 'shortcuts.mail', run: () => act(current, 'mail') },
            { key: 'n', label: 'shortcuts.note', run: () => act(current, 'note') },
          ]
        : []),
      ...(current && isRecycled(current) && mayExtend(current.lead)
        ? [{ key: 'x', label: 'pools.lead.extend', run: () => setExtending(current.lead) }]
        : []),
      { key: 'e', label: 'shortcuts.done', run: () => act(current, current ? (current.taskId ? 'done' : mainAction(current)) : 'open') },
    ],
    items.length > 0,
  );

  return (
    <Box>
      <PageHeader
        title={translate('menu.work')}
        subtitle={data && all.length > 0 ? translate('work.total', { smart_count: all.length }) : undefined}
      />
      {labels.size > 0 && <Filters counts={counts} value={filter} onChange={setFilter} labels={labels} />}
      {isPending && (
        <Box sx={{ mx: { xs: 0, md: 3 }, mt: 1, bgcolor: 'background.paper', border: 1, borderColor: 'divider' }}>
          <RowsSkeleton rows={8} height={WORK_ROW_HEIGHT} />
        </Box>
      )}
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {data && all.length === 0 && (
        <EmptyState
          icon={<DoneAllIcon />}
          title={translate('work.empty')}
          hint={translate('work.emptyHint')}
          action={
            access.can('read', 'pools') && (
              <Button component={Link} to="/pools" variant="contained">
                {translate('work.toPools')}
              </Button>
            )
          }
        />
      )}
      {items.length > 0 && (
        <Box
          role="list"
          sx={{
            mx: { xs: 0, md: 3 },
            mt: 1,
            mb: 3,
            bgcolor: 'background.paper',
            border: 1,
            borderColor: 'divider',
            borderRadius: { xs: 0, md: 1 },
            overflow: 'hidden',
          }}
        >
          {items.map((item) => (
            <WorkRow key={item.key} item={item} current={item === current} action={mainAction(item)} canLog={canLog} onAct={act} />
          ))}
        </Box>
      )}
      {items.length > 0 && (
        <Typography variant="caption" color="text.secondary" sx={{ display: { xs: 'none', md: 'block' }, px: 3, pb: 3 }}>
          {translate('work.keys')} <kbd>?</kbd>
        </Typography>
      )}
      {extending && <ProtectDialog lead={extending} kind="extend" close={() => setExtending(null)} />}
      <LogDialog lead={logging?.lead ?? null} kind={logging?.kind ?? 'call'} onClose={() => setLogging(null)} />
    </Box>
  );
};

export default WorkPage;
