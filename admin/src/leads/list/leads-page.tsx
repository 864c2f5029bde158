import PeopleIcon from '@mui/icons-material/PeopleAltOutlined';
import { Box, Typography, useMediaQuery } from '@mui/material';
import type { Theme } from '@mui/material/styles';
import { ListBase, useListContext, useTranslate } from 'ra-core';
import { Pager } from '../../common/pager';
import { useMemo } from 'react';
import { useAccess, useMeta } from '../../api/session-context';
import type { Lead } from '../../api/types';
import { ErrorState } from '../../common/error-state';
import { ListEmpty } from '../../common/list-empty';
import { ExportButton } from '../../common/export-button';
import { useDocumentTitle } from '../../common/page';
import { showTotal } from '../../common/values';
import { useLocaleCode } from '../../common/text';
import { usePreference } from '../../common/use-preference';
import { LogDialog } from '../log-dialog';
import { BulkBar } from './bulk-bar';
import { ColumnChooser } from './column-chooser';
import { useColumns, useDefaultColumns } from './columns';
import { FilterBar } from './filter-bar';
import { useFilterDefinitions } from './filter-definitions';
import { LeadCards } from './lead-cards';
import { LeadTable } from './lead-table';
import { useCursor } from './use-cursor';
import { ViewsMenu } from './views-menu';

const PER_PAGE = 60;

const Body = () => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const access = useAccess();
  const isSmall = useMediaQuery((theme: Theme) => theme.breakpoints.down('md'));
  const list = useListContext<Lead>();
  const all = useColumns();
  const filters = useFilterDefinitions();
  const usual = useDefaultColumns();
  const [chosen, setChosen] = usePreference<readonly string[]>('leadColumns', usual);
  const columns = useMemo(() => {
    const byKey = new Map(all.map((column) => [column.key, column]));
    return chosen.flatMap((key) => byKey.get(key) ?? []);
  }, [all, chosen]);
  useDocumentTitle(translate('menu.leads'));
  const selectable = ['claim', 'assign', 'release', 'update'].some((verb) => access.can(verb, 'leads'));
  const cursor = useCursor(selectable);
  const isEmpty = !list.isPending && !list.error && list.data?.length === 0;
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, minHeight: 52, px: { xs: 2, md: 3 }, pt: 1 }}>
        <ViewsMenu columns={chosen} onColumns={setChosen} />
        <Typography variant="body2" color="text.secondary" sx={{ flex: 1, minWidth: 64 }} noWrap>
          {list.total === undefined ? ' ' : translate('leads.total', { smart_count: list.total, count: showTotal(list.total, locale) })}
        </Typography>
        {!isSmall && <ExportButton resource="leads" />}
        {!isSmall && <ColumnChooser all={all} chosen={chosen} usual={usual} onChange={setChosen} />}
      </Box>
      {(isSmall || list.selectedIds.length === 0) && <FilterBar definitions={filters} />}
      <BulkBar />
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && (
        <Box sx={{ flex: 1, borderTop: 1, borderColor: 'divider' }}>
          <ListEmpty
            icon={<PeopleIcon />}
            title={translate('leads.empty')}
            hint={translate('leads.emptyHint')}
            noMatch={translate('leads.noMatch')}
          />
        </Box>
      )}
      {!isEmpty &&
        !list.error &&
        (isSmall ? <LeadCards selectable={selectable} /> : <LeadTable columns={columns} selectable={selectable} current={cursor.id} />)}
      {!isEmpty && <Pager />}
      <LogDialog lead={cursor.logging?.lead ?? null} kind={cursor.logging?.kind ?? 'call'} onClose={cursor.stopLogging} />
    </Box>
  );
};

const LeadsPage = () => {
  const [field, order] = useMeta().layouts?.leads?.list?.sort ?? ['score', 'DESC'];
  return (
    <ListBase resource="leads" perPage={PER_PAGE} sort={{ field, order }} storeKey="list-leads">
      <Body />
    </ListBase>
  );
};

export default LeadsPage;
