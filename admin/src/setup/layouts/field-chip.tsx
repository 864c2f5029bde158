import AddIcon from '@mui/icons-material/Add';
import CloseIcon from '@mui/icons-material/Close';
import DragIcon from '@mui/icons-material/DragIndicator';
import { Draggable } from '@hello-pangea/dnd';
import { Box, IconButton, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';

export interface ChipProps {
  readonly name: string;
  readonly label: string;
  readonly index: number;
  readonly required?: boolean;
  readonly readOnly: boolean;
  /** Takes it off the page, or puts it on. */
  readonly onMove: () => void;
  readonly placed: boolean;
  /** Pixels of a column; absent for fields of a form. */
  readonly width?: { readonly value: number | undefined; readonly set: (width: number | undefined) => void };
}

/** One field in the editor: dragged with the mouse or the keyboard, or moved with its button. */
export const FieldChip = (props: ChipProps) => {
  const translate = useTranslate();
  const { name, label, placed, width } = props;
  return (
    <Draggable draggableId={name} index={props.index} isDragDisabled={props.readOnly}>
      {(drag, { isDragging }) => (
        <Box
          ref={drag.innerRef}
          {...drag.draggableProps}
          sx={{
            display: 'flex',
            alignItems: 'center',
            minHeight: 34,
            mb: 0.5,
            pr: 0.25,
            border: 1,
            borderColor: isDragging ? 'primary.main' : 'divider',
            borderRadius: 1,
            bgcolor: 'background.paper',
            boxShadow: isDragging ? 4 : 0,
            fontSize: 13,
          }}
        >
          <Box
            {...drag.dragHandleProps}
            aria-label={translate('setup.layout.dragField', { name: label })}
            sx={{ display: 'grid', placeItems: 'center', width: 28, alignSelf: 'stretch', color: 'text.secondary', cursor: 'grab' }}
          >
            <DragIcon sx={{ fontSize: 16 }} />
          </Box>
          <Box sx={{ flex: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
            {label}
            {props.required && (
              <Box component="span" sx={{ color: 'text.secondary', ml: 0.75, fontSize: 12 }}>
                {translate('setup.layout.required')}
              </Box>
            )}
          </Box>
          {width && (
            <TextField
              type="number"
              variant="standard"
              placeholder={translate('setup.layout.width')}
              value={width.value ?? ''}
              disabled={props.readOnly}
              onChange={({ target }) => width.set(target.value === '' ? undefined : Number(target.value))}
              slotProps={{ htmlInput: { min: 40, max: 800, step: 8, 'aria-label': `${translate('setup.layout.width')}: ${label}` } }}
              sx={{ width: 64, '& input': { fontSize: 12, py: 0.25 } }}
            />
          )}
          {!props.readOnly && (
            <IconButton
              size="small"
              onClick={props.onMove}
              aria-label={translate(placed ? 'setup.layout.take' : 'setup.layout.put', { name: label })}
            >
              {placed ? <CloseIcon sx={{ fontSize: 15 }} /> : <AddIcon sx={{ fontSize: 15 }} />}
            </IconButton>
          )}
        </Box>
      )}
    </Draggable>
  );
};
