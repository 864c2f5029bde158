import CheckIcon from '@mui/icons-material/Check';
import DeleteIcon from '@mui/icons-material/DeleteOutline';
import EditIcon from '@mui/icons-material/EditOutlined';
import GroupIcon from '@mui/icons-material/GroupOutlined';
import ArrowIcon from '@mui/icons-material/KeyboardArrowDown';
import { Box, Button, Divider, IconButton, Menu, MenuItem, Typography } from '@mui/material';
import { useListContext, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useLookups } from '../../common/lookups';
import { useFilterValues } from '../../common/use-filter-values';
import { sameFilters } from './filters';
import { SaveViewDialog } from './save-view-dialog';
import { useViews, type View } from './use-views';

const Line = (props: { view: View; chosen: boolean; onChoose: () => void; onEdit?: () => void; onDelete?: () => void }) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const { view } = props;
  const tool = (label: string, icon: typeof EditIcon, run: () => void) => {
    const Icon = icon;
    return (
      <IconButton
        aria-label={`${label}: ${view.name}`}
        onClick={(event) => {
          event.stopPropagation();
          run();
        }}
      >
        <Icon sx={{ fontSize: 16 }} />
      </IconButton>
    );
  };
  return (
    <MenuItem dense onClick={props.onChoose} sx={{ minWidth: 260, minHeight: 36 }}>
      <Box sx={{ width: 24, display: 'flex' }}>{props.chosen && <CheckIcon sx={{ fontSize: 16 }} />}</Box>
      <Box sx={{ flex: 1, minWidth: 0, display: 'flex', alignItems: 'center', gap: 0.75 }}>
        <span>{view.name}</span>
        {view.own && view.shared && (
          <GroupIcon sx={{ fontSize: 15, color: 'text.secondary' }} titleAccess={translate('leadTools.shared')} />
        )}
        {!view.own && view.owner && (
          <Typography variant="caption" color="text.secondary">
            {translate('leadTools.sharedBy', { name: lookups.member(view.owner) })}
          </Typography>
        )}
      </Box>
      {props.onEdit && tool(translate('leadTools.rename'), EditIcon, props.onEdit)}
      {props.onDelete && tool(translate('ra.action.delete'), DeleteIcon, props.onDelete)}
    </MenuItem>
  );
};

/** The view's name as the page's title; a menu of built-in, own and shared views; saving the present filters, order and columns. */
export const ViewsMenu = ({ columns, onColumns }: { columns: readonly string[]; onColumns: (keys: string[]) => void }) => {
  const translate = useTranslate();
  const views = useViews();
  const { setFilters, sort, setSort } = useListContext();
  const filterValues = useFilterValues();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [dialog, setDialog] = useState<{ view: View | null } | null>(null);
  const [chosenId, setChosenId] = useState<View['id'] | null>(null);
  const all = [...views.own, ...views.shared, ...views.builtIn];
  const current = all.find((view) => sameFilters(view.filter, filterValues));
  const chosen = all.find((view) => view.id === chosenId);
  const present = { filter: filterValues, sort: [sort.field, sort.order] as [string, 'ASC' | 'DESC'], columns: [...columns] };
  const differs =
    chosen?.own && JSON.stringify({ filter: chosen.filter, sort: chosen.sort, columns: chosen.columns }) !== JSON.stringify(present);
  const choose = (view: View): void => {
    setAnchor(null);
    setChosenId(view.id);
    setFilters(view.filter, undefined, false);
    if (view.sort) setSort({ field: view.sort[0], order: view.sort[1] });
    if (view.columns && view.columns.length > 0) onColumns(view.columns);
  };
  const save = (name: string, shared: boolean): void => {
    const view = dialog?.view;
    setDialog(null);
    void (view ? views.change(view, { name, shared }) : views.create(name, present, shared));
  };
  const line = (view: View) => (
    <Line
      key={view.id}
      view={view}
      chosen={view.id === current?.id}
      onChoose={() => choose(view)}
      onEdit={view.own ? () => (setAnchor(null), setDialog({ view })) : undefined}
      onDelete={view.own ? () => void views.remove(view) : undefined}
    />
  );
  return (
    <>
      <Button
        color="inherit"
        onClick={(event) => setAnchor(event.currentTarget)}
        endIcon={<ArrowIcon />}
        aria-haspopup="menu"
        sx={{ ml: -1.5, minWidth: 0 }}
      >
        <Typography variant="h5" component="h1" noWrap>
          {current?.name ?? chosen?.name ?? translate('views.custom')}
        </Typography>
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {views.builtIn.map(line)}
        {views.own.length > 0 && <Divider />}
        {views.own.map(line)}
        {views.shared.length > 0 && (
          <Divider textAlign="left" sx={{ fontSize: 12, color: 'text.secondary' }}>
            {translate('leadTools.shared')}
          </Divider>
        )}
        {views.shared.map(line)}
        {views.canSave && <Divider />}
        {views.canSave && differs && chosen && (
          <MenuItem
            dense
            onClick={() => {
              setAnchor(null);
              void views.change(chosen, { view: present });
            }}
          >
            {translate('leadTools.replace', { name: chosen.name })}
          </MenuItem>
        )}
        {views.canSave && (
          <MenuItem
            dense
            onClick={() => {
              setAnchor(null);
              setDialog({ view: null });
            }}
          >
            {translate('views.saveCurrent')}
          </MenuItem>
        )}
      </Menu>
      {dialog && (
        <SaveViewDialog
          title={dialog.view ? translate('leadTools.rename') : translate('views.save')}
          name={dialog.view?.name}
          shared={dialog.view?.shared}
          onClose={() => setDialog(null)}
          onSave={save}
        />
      )}
    </>
  );
};
