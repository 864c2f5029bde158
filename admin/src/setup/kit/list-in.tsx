import AddIcon from '@mui/icons-material/Add';
import DeleteIcon from '@mui/icons-material/DeleteOutline';
import DragIcon from '@mui/icons-material/DragIndicator';
import ExpandIcon from '@mui/icons-material/ExpandMore';
import { Box, Button, ButtonBase, IconButton, Typography } from '@mui/material';
import { DragDropContext, Draggable, Droppable, type DropResult } from '@hello-pangea/dnd';
import { useTranslate } from 'ra-core';
import { useState, type ReactNode } from 'react';
import { useField, useIssuesBelow } from './form-context';
import { useOpenFor } from './target';
import { moved } from './tree';

interface ListProps<Item> {
  path: string;
  /** What a new item is. */
  blank: (items: readonly Item[]) => Item;
  render: (path: string, item: Item, index: number) => ReactNode;
  /** One line that says what the item does; with it items are closed until somebody opens them. */
  summary?: (item: Item, index: number) => ReactNode;
  /** Text of the button that adds one. */
  add: string;
  /** What stands here when the list is empty. */
  empty?: string;
  sortable?: boolean;
  numbered?: boolean;
}

const ItemFrame = <Item,>(props: {
  list: ListProps<Item>;
  item: Item;
  index: number;
  open: boolean;
  readOnly: boolean;
  handle?: Record<string, unknown> | null;
  toggle: () => void;
  remove: () => void;
}) => {
  const { list, item, index, open } = props;
  const translate = useTranslate();
  const path = `${list.path}.${index}`;
  const wrong = useIssuesBelow(path).length > 0;
  return (
    <Box
      data-place={path}
      sx={{ border: 1, borderColor: wrong ? 'error.main' : 'divider', borderRadius: 1, bgcolor: 'background.paper', mb: 1 }}
    >
      <Box
        sx={{
          display: 'flex',
          alignItems: list.summary ? 'center' : 'flex-start',
          gap: 0.5,
          pl: props.handle ? 0.5 : 1.25,
          pr: 0.5,
          py: list.summary ? 0 : 1,
        }}
      >
        {props.handle && (
          <Box
            {...props.handle}
            aria-label={translate('setup.kit.drag')}
            sx={{ display: 'grid', color: 'text.disabled', cursor: 'grab', py: 0.75 }}
          >
            <DragIcon fontSize="small" />
          </Box>
        )}
        {list.summary ? (
          <ButtonBase
            onClick={props.toggle}
            aria-expanded={open}
            sx={{ flex: 1, minWidth: 0, minHeight: 40, justifyContent: 'flex-start', textAlign: 'left', gap: 1, borderRadius: 1, py: 0.5 }}
          >
            {list.numbered && (
              <Typography variant="caption" color="text.secondary" sx={{ minWidth: 16 }}>
                {index + 1}
              </Typography>
            )}
            <Box sx={{ flex: 1, minWidth: 0, fontSize: 13 }}>{list.summary(item, index)}</Box>
            <ExpandIcon fontSize="small" sx={{ color: 'text.secondary', transform: open ? 'rotate(180deg)' : 'none' }} />
          </ButtonBase>
        ) : (
          <Box sx={{ flex: 1, minWidth: 0 }}>{list.render(path, item, index)}</Box>
        )}
        {!props.readOnly && (
          <IconButton onClick={props.remove} aria-label={translate('setup.kit.remove')}>
            <DeleteIcon fontSize="small" />
          </IconButton>
        )}
      </Box>
      {list.summary && open && (
        <Box sx={{ display: 'grid', gap: 2, p: { xs: 1.5, sm: 2 }, borderTop: 1, borderColor: 'divider', '& > *': { minWidth: 0 } }}>
          {list.render(path, item, index)}
        </Box>
      )}
    </Box>
  );
};

/** A list of parts: add, remove, open, and drag into another order (also with the keyboard: Space, arrows, Space). */
export const ListIn = <Item,>(props: ListProps<Item>) => {
  const field = useField<readonly Item[]>(props.path);
  const [open, setOpen] = useState<number | null>(null);
  const items = field.value ?? [];
  useOpenFor([props.path], (path) => {
    const index = Number.parseInt(path.slice(props.path.length + 1), 10);
    if (index < items.length) setOpen(index);
  });
  const drop = ({ source, destination }: DropResult): void => {
    if (!destination || destination.index === source.index) return;
    setOpen(null);
    field.set(moved(items, source.index, destination.index));
  };
  const frame = (item: Item, index: number, handle?: Record<string, unknown> | null) => (
    <ItemFrame
      list={props}
      item={item}
      index={index}
      open={open === index}
      readOnly={field.readOnly}
      handle={handle}
      toggle={() => setOpen(open === index ? null : index)}
      remove={() => {
        setOpen(null);
        field.set(items.filter((_item, at) => at !== index));
      }}
    />
  );
  return (
    <Box data-place={props.path}>
      {items.length === 0 && props.empty && (
        <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
          {props.empty}
        </Typography>
      )}
      {props.sortable && !field.readOnly ? (
        <DragDropContext onDragEnd={drop}>
          <Droppable droppableId={props.path}>
            {(area) => (
              <Box ref={area.innerRef} {...area.droppableProps}>
                {items.map((item, index) => (
                  <Draggable key={index} draggableId={`${props.path}.${index}`} index={index}>
                    {(drag) => (
                      <Box ref={drag.innerRef} {...drag.draggableProps}>
                        {frame(item, index, drag.dragHandleProps ? { ...drag.dragHandleProps } : null)}
                      </Box>
                    )}
                  </Draggable>
                ))}
                {area.placeholder}
              </Box>
            )}
          </Droppable>
        </DragDropContext>
      ) : (
        items.map((item, index) => <Box key={index}>{frame(item, index)}</Box>)
      )}
      {field.error && (
        <Typography variant="caption" color="error" component="div">
          {field.error}
        </Typography>
      )}
      {!field.readOnly && (
        <Button
          startIcon={<AddIcon />}
          onClick={() => {
            setOpen(items.length);
            field.set([...items, props.blank(items)]);
          }}
        >
          {props.add}
        </Button>
      )}
    </Box>
  );
};
