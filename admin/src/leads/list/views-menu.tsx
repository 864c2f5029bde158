import CheckIcon from '@mui/icons-material/Check';
import DeleteIcon from '@mui/icons-material/DeleteOutline';
import ArrowIcon from '@mui/icons-material/KeyboardArrowDown';
import {
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Divider,
  IconButton,
  Menu,
  MenuItem,
  TextField,
  Typography,
} from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDataProvider, useListContext, useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import type { ConsoleProvider } from '../../api/data-provider';
import { useRefusalText } from '../../api/errors';
import { useAccess, useMe } from '../../api/session-context';
import type { SavedView } from '../../api/types';
import { useFilterValues } from '../../common/use-filter-values';
import { sameFilters, type FilterValues } from './filters';

interface View {
  id: number | string;
  name: string;
  filter: FilterValues;
  sort?: [string, 'ASC' | 'DESC'] | null;
  columns?: string[] | null;
  own?: boolean;
}

const useViews = (): { builtIn: View[]; saved: View[] } => {
  const translate = useTranslate();
  const provider = useDataProvider<ConsoleProvider>();
  const me = useMe().member;
  const access = useAccess();
  const { data } = useQuery({
    queryKey: ['saved-views', 'leads'],
    queryFn: () => provider.getAll<SavedView>('saved-views', { resource: 'leads' }, ['name', 'ASC'], 100),
    enabled: access.can('read', 'saved-views'),
  });
  const builtIn: View[] = [
    { id: 'all', name: translate('views.all'), filter: {} },
    { id: 'mine', name: translate('views.mine'), filter: { owner_in: [me.id] } },
    { id: 'hot', name: translate('views.hot'), filter: { label_in: ['hot'] } },
    { id: 'unowned', name: translate('views.unowned'), filter: { owner_null: true } },
  ];
  const saved = (data?.data ?? []).map(({ id, name, view, owner }) => ({
    id,
    name,
    ...view,
    filter: view?.filter ?? {},
    own: owner === me.id,
  }));
  return { builtIn, saved };
};

const SaveDialog = (props: { open: boolean; onClose: () => void; onSave: (name: string) => void }) => {
  const translate = useTranslate();
  const [name, setName] = useState('');
  return (
    <Dialog open={props.open} onClose={props.onClose} maxWidth="xs" fullWidth>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onSave(name.trim());
        }}
      >
        <DialogTitle>{translate('views.save')}</DialogTitle>
        <DialogContent sx={{ pt: '8px !important' }}>
          <TextField
            label={translate('views.name')}
            value={name}
            onChange={(event) => setName(event.target.value)}
            required
            autoFocus
            fullWidth
          />
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={props.onClose}>
            {translate('ra.action.cancel')}
          </Button>
          <Button type="submit" variant="contained" disabled={name.trim() === ''}>
            {translate('ra.action.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};

/** The view's name as the page's title; a menu of built-in and saved views; saving the present filters, order and columns. */
export const ViewsMenu = ({ columns, onColumns }: { columns: readonly string[]; onColumns: (keys: string[]) => void }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusalText = useRefusalText();
  const provider = useDataProvider<ConsoleProvider>();
  const client = useQueryClient();
  const access = useAccess();
  const { builtIn, saved } = useViews();
  const { setFilters, sort, setSort } = useListContext();
  const filterValues = useFilterValues();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [saving, setSaving] = useState(false);
  const current = [...saved, ...builtIn].find((view) => sameFilters(view.filter, filterValues));
  const choose = (view: View): void => {
    setAnchor(null);
    setFilters(view.filter, undefined, false);
    if (view.sort) setSort({ field: view.sort[0], order: view.sort[1] });
    if (view.columns && view.columns.length > 0) onColumns(view.columns);
  };
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      await client.invalidateQueries({ queryKey: ['saved-views'] });
    } catch (error) {
      notify(refusalText(error), { type: 'error' });
    }
  };
  const save = (name: string): void => {
    setSaving(false);
    const view = { filter: filterValues, sort: [sort.field, sort.order], columns };
    const data = { name, resource: 'leads', view };
    void attempt(() => provider.create('saved-views', { data }));
  };
  const line = (view: View) => (
    <MenuItem key={view.id} dense onClick={() => choose(view)} sx={{ minWidth: 240 }}>
      <Box sx={{ width: 24, display: 'flex' }}>{view.id === current?.id && <CheckIcon sx={{ fontSize: 16 }} />}</Box>
      <Box sx={{ flex: 1 }}>{view.name}</Box>
      {view.own && access.can('delete', 'saved-views') && (
        <IconButton
          aria-label={translate('ra.action.delete')}
          onClick={(event) => {
            event.stopPropagation();
            void attempt(() => provider.delete('saved-views', { id: view.id }));
          }}
        >
          <DeleteIcon sx={{ fontSize: 16 }} />
        </IconButton>
      )}
    </MenuItem>
  );
  return (
    <>
      <Button color="inherit" onClick={(event) => setAnchor(event.currentTarget)} endIcon={<ArrowIcon />} sx={{ ml: -1.5 }}>
        <Typography variant="h5" component="h1" noWrap>
          {current?.name ?? translate('views.custom')}
        </Typography>
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {builtIn.map(line)}
        {saved.length > 0 && <Divider />}
        {saved.map(line)}
        {access.can('create', 'saved-views') && <Divider />}
        {access.can('create', 'saved-views') && (
          <MenuItem
            dense
            onClick={() => {
              setAnchor(null);
              setSaving(true);
            }}
          >
            {translate('views.saveCurrent')}
          </MenuItem>
        )}
      </Menu>
      {saving && <SaveDialog open onClose={() => setSaving(false)} onSave={save} />}
    </>
  );
};
