import ArrowUpIcon from '@mui/icons-material/KeyboardArrowUp';
import ColumnsIcon from '@mui/icons-material/ViewColumnOutlined';
import { Box, Button, Checkbox, IconButton, Popover } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { DEFAULT_COLUMNS, type Column } from './columns';

/** Which columns are shown, and in which order; kept in this browser. */
export const ColumnChooser = (props: { all: readonly Column[]; chosen: readonly string[]; onChange: (keys: string[]) => void }) => {
  const translate = useTranslate();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const byKey = new Map(props.all.map((column) => [column.key, column]));
  const shown = props.chosen.flatMap((key) => byKey.get(key) ?? []);
  const hidden = props.all.filter((column) => !props.chosen.includes(column.key));
  const moveUp = (key: string): void => {
    const keys = shown.map((column) => column.key);
    const at = keys.indexOf(key);
    if (at > 0) props.onChange([...keys.slice(0, at - 1), key, ...keys.slice(at - 1).filter((one) => one !== key)]);
  };
  const toggle = (key: string): void =>
    props.onChange(props.chosen.includes(key) ? props.chosen.filter((one) => one !== key) : [...props.chosen, key]);
  const line = (column: Column, isShown: boolean, index: number) => (
    <Box key={column.key} sx={{ display: 'flex', alignItems: 'center', height: 32, pr: 1 }}>
      <Checkbox
        size="small"
        checked={isShown}
        disabled={column.key === 'name'}
        onChange={() => toggle(column.key)}
        slotProps={{ input: { 'aria-label': column.label } }}
      />
      <Box sx={{ flex: 1, fontSize: 13 }}>{column.label}</Box>
      {isShown && index > 0 && (
        <IconButton aria-label={translate('ra.action.move_up')} onClick={() => moveUp(column.key)}>
          <ArrowUpIcon fontSize="small" />
        </IconButton>
      )}
    </Box>
  );
  return (
    <>
      <Button
        startIcon={<ColumnsIcon />}
        color="inherit"
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ color: 'text.secondary' }}
      >
        {translate('ra.action.select_columns')}
      </Button>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
      >
        <Box sx={{ width: 260, maxHeight: 480, overflow: 'auto', py: 1 }}>
          {shown.map((column, index) => line(column, true, index))}
          <Box sx={{ borderTop: 1, borderColor: 'divider', my: 0.5 }} />
          {hidden.map((column, index) => line(column, false, index))}
        </Box>
        <Box sx={{ borderTop: 1, borderColor: 'divider', p: 1, textAlign: 'right' }}>
          <Button color="inherit" onClick={() => props.onChange([...DEFAULT_COLUMNS])}>
            {translate('ra.action.reset')}
          </Button>
        </Box>
      </Popover>
    </>
  );
};
