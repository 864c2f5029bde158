import ChecklistIcon from '@mui/icons-material/ChecklistOutlined';
import { Box, Button, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { ListBase, useDataProvider, useGetMany, useListContext, useNotify, useTranslate } from 'ra-core';
import { useNavigate } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import { useRefusalText } from '../api/errors';
import { useAccess, useMe } from '../api/session-context';
import type { Lead, Task } from '../api/types';
import { When } from '../common/countdown';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { useLookups } from '../common/lookups';
import { PageHeader } from '../common/page';
import { Pager } from '../common/pager';
import { PlainTable, type PlainColumn } from '../common/plain-table';
import { useFilterValues } from '../common/use-filter-values';
import { useText } from '../common/text';

const PER_PAGE = 50;

const Body = () => {
  const translate = useTranslate();
  const text = useText();
  const navigate = useNavigate();
  const notify = useNotify();
  const refusalText = useRefusalText();
  const client = useQueryClient();
  const provider = useDataProvider<ConsoleProvider>();
  const access = useAccess();
  const lookups = useLookups();
  const me = useMe().member;
  const list = useListContext<Task>();
  const view = useFilterValues().owner === me.id ? 'mine' : 'all';
  const leadIds = [...new Set((list.data ?? []).flatMap((task) => task.lead ?? []))];
  const leads = useGetMany<Lead>('leads', { ids: leadIds }, { enabled: leadIds.length > 0 });
  const nameOf = new Map(leads.data?.map((lead) => [lead.id, [lead.name || `#${lead.id}`, lead.company].filter(Boolean).join(' · ')]));
  const finish = async (task: Task): Promise<void> => {
    try {
      await provider.closeTask(task.id);
      notify(translate('tasks.closed'), { type: 'success' });
      await Promise.all(['tasks', 'work'].map((name) => client.invalidateQueries({ queryKey: [name] })));
    } catch (error) {
      notify(refusalText(error), { type: 'error' });
    }
  };
  const columns: PlainColumn<Task>[] = [
    {
      key: 'title',
      label: translate('tasks.title'),
      render: (task) => (
        <>
          <b>{text(task.title) || task.kind}</b>
          <Box sx={{ color: 'text.secondary', fontSize: 12, minHeight: 18, overflow: 'hidden', textOverflow: 'ellipsis' }}>
            {task.lead !== null && nameOf.get(task.lead)}
            {task.lead === null && task.link && translate('tasks.opensReport')}
          </Box>
        </>
      ),
    },
    { key: 'dueAt', label: translate('tasks.due'), sort: 'dueAt', render: (task) => <When at={task.dueAt} late={task.state === 'open'} /> },
    { key: 'owner', label: translate('fields.owner'), sort: 'owner', wideOnly: true, render: (task) => lookups.member(task.owner) },
    {
      key: 'done',
      label: '',
      align: 'right',
      render: (task) =>
        task.state === 'open' &&
        access.can('update', 'tasks') && (
          <Button
            onClick={(event) => {
              event.stopPropagation();
              void finish(task);
            }}
          >
            {translate('work.action.done')}
          </Button>
        ),
    },
  ];
  const show = (value: 'mine' | 'all' | null): void => {
    if (value) list.setFilters(value === 'mine' ? { state: 'open', owner: me.id } : { state: 'open' }, undefined, false);
  };
  const isEmpty = !list.isPending && !list.error && list.data?.length === 0;
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageHeader
        title={translate('menu.tasks')}
        actions={
          <ToggleButtonGroup exclusive size="small" value={view} onChange={(_event, value: 'mine' | 'all' | null) => show(value)}>
            <ToggleButton value="mine">{translate('tasks.mine')}</ToggleButton>
            <ToggleButton value="all">{translate('tasks.all')}</ToggleButton>
          </ToggleButtonGroup>
        }
      />
      <Box sx={{ height: 8 }} />
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && <EmptyState icon={<ChecklistIcon />} title={translate('tasks.empty')} hint={translate('tasks.emptyHint')} />}
      {!isEmpty && !list.error && (
        <PlainTable
          columns={columns}
          onOpen={(task) => (task.lead ? navigate(`/leads/${task.lead}`) : task.link ? navigate(task.link) : undefined)}
        />
      )}
      {!isEmpty && <Pager />}
    </Box>
  );
};

const TasksPage = () => {
  const me = useMe().member;
  return (
    <ListBase
      resource="tasks"
      perPage={PER_PAGE}
      sort={{ field: 'dueAt', order: 'ASC' }}
      filterDefaultValues={{ state: 'open', owner: me.id }}
      storeKey="list-tasks"
    >
      <Body />
    </ListBase>
  );
};

export default TasksPage;
