import { DragDropContext, Draggable, Droppable, type DropResult } from '@hello-pangea/dnd';
import DragIcon from '@mui/icons-material/DragIndicator';
import ColumnsIcon from '@mui/icons-material/ViewColumnOutlined';
import { Box, Button, Checkbox, Popover, Portal, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useRef, useState, type ReactElement } from 'react';
import type { Column } from './columns';

/** A row being dragged hangs on the page, or the popover's own transform would move it away from the pointer. */
const lifted = (isDragging: boolean, row: ReactElement): ReactElement => (isDragging ? <Portal>{row}</Portal> : row);

/** Which columns are shown, and in which order; kept with the member's account. */
export const ColumnChooser = (props: {
  all: readonly Column[];
  chosen: readonly string[];
  usual: readonly string[];
  onChange: (keys: string[]) => void;
}) => {
  const translate = useTranslate();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const byKey = new Map(props.all.map((column) => [column.key, column]));
  const shown = props.chosen.flatMap((key) => byKey.get(key) ?? []);
  const hidden = props.all.filter((column) => !props.chosen.includes(column.key));
  const move = ({ source, destination }: DropResult): void => {
    if (!destination) return;
    const keys = shown.map((column) => column.key);
    const [key] = keys.splice(source.index, 1);
    if (key !== undefined) keys.splice(destination.index, 0, key);
    props.onChange(keys);
  };
  const moved = useRef<string | null>(null);
  const toggle = (key: string): void => {
    moved.current = key;
    props.onChange(props.chosen.includes(key) ? props.chosen.filter((one) => one !== key) : [...props.chosen, key]);
  };
  /** A ticked row is drawn anew in the other part: the keyboard goes with it, the scrolled place stays. */
  const follow = (key: string, input: HTMLInputElement | null): void => {
    if (!input || moved.current !== key) return;
    moved.current = null;
    input.focus({ preventScroll: true });
  };
  const line = (column: Column, checked: boolean) => (
    <>
      <Checkbox
        size="small"
        checked={checked}
        disabled={column.key === 'name'}
        onChange={() => toggle(column.key)}
        slotProps={{ input: { 'aria-label': column.label, ref: (input: HTMLInputElement | null) => follow(column.key, input) } }}
      />
      <Box sx={{ flex: 1, fontSize: 13 }}>{column.label}</Box>
    </>
  );
  const row = { display: 'flex', alignItems: 'center', height: 32, pr: 1, bgcolor: 'background.paper' } as const;
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
        <Typography variant="caption" color="text.secondary" component="div" sx={{ px: 1.5, pt: 1, maxWidth: 260 }}>
          {translate('leadTools.columnsHint')}
        </Typography>
        <Box sx={{ width: 260, maxHeight: 460, overflow: 'auto', py: 1 }}>
          <DragDropContext onDragEnd={move}>
            <Droppable droppableId="columns">
              {(drop) => (
                <div ref={drop.innerRef} {...drop.droppableProps}>
                  {shown.map((column, index) => (
                    <Draggable key={column.key} draggableId={column.key} index={index}>
                      {(drag, { isDragging }) =>
                        lifted(
                          isDragging,
                          <Box
                            ref={drag.innerRef}
                            {...drag.draggableProps}
                            sx={{ ...row, boxShadow: isDragging ? 4 : 0, zIndex: 'tooltip' }}
                          >
                            {line(column, true)}
                            <Box {...drag.dragHandleProps} sx={{ display: 'flex', color: 'text.disabled', cursor: 'grab' }}>
                              <DragIcon fontSize="small" />
                            </Box>
                          </Box>,
                        )
                      }
                    </Draggable>
                  ))}
                  {drop.placeholder}
                </div>
              )}
            </Droppable>
          </DragDropContext>
          <Box sx={{ borderTop: 1, borderColor: 'divider', my: 0.5 }} />
          {hidden.map((column) => (
            <Box key={column.key} sx={row}>
              {line(column, false)}
            </Box>
          ))}
        </Box>
        <Box sx={{ borderTop: 1, borderColor: 'divider', p: 1, textAlign: 'right' }}>
          <Button color="inherit" onClick={() => props.onChange([...props.usual])}>
            {translate('ra.action.reset')}
          </Button>
        </Box>
      </Popover>
    </>
  );
};
