import { DragDropContext, type DropResult } from '@hello-pangea/dnd';
import type { ListLayout } from '@leadsea/crm-core/contracts/layout';
import { Box, MenuItem, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { moveColumn, OFF, placedFields, placeOf } from './body';
import { DropArea } from './drop-area';
import { FieldChip } from './field-chip';
import type { LayoutFields } from './use-layout-fields';

/** Columns of a list, their widths and the order of its rows. */
export const ListEditor = (props: {
  body: ListLayout;
  onChange: (body: ListLayout) => void;
  fields: LayoutFields;
  readOnly: boolean;
  /** Fields by which the list can be ordered. */
  sortable: readonly string[];
}) => {
  const translate = useTranslate();
  const { body, onChange, fields, readOnly } = props;
  const placed = new Set(placedFields(body));
  const off = fields.names.filter((name) => !placed.has(name));
  const drop = ({ source, destination }: DropResult): void => {
    if (!destination) return;
    onChange(moveColumn(body, off, placeOf(source.droppableId, source.index), placeOf(destination.droppableId, destination.index)));
  };
  const setWidth = (at: number, width: number | undefined): void =>
    onChange({ ...body, columns: body.columns.map((column, index) => (index === at ? { field: column.field, width } : column)) });
  const [field, order] = body.sort ?? ['', 'DESC' as const];
  const sortBy = (name: string, way: 'ASC' | 'DESC'): void => {
    const { sort: _sort, ...rest } = body;
    onChange(name === '' ? rest : { ...rest, sort: [name, way] });
  };
  return (
    <>
      <Box sx={{ display: 'flex', gap: 1, mb: 1.5, flexWrap: 'wrap' }}>
        <TextField
          select
          label={translate('setup.layout.sort')}
          value={field}
          disabled={readOnly}
          onChange={({ target }) => sortBy(target.value, order)}
          slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
          sx={{ minWidth: 180 }}
        >
          <MenuItem value="">{translate('setup.layout.noOrder')}</MenuItem>
          {props.sortable.map((name) => (
            <MenuItem key={name} value={name}>
              {fields.label(name)}
            </MenuItem>
          ))}
        </TextField>
        {field !== '' && (
          <TextField
            select
            value={order}
            disabled={readOnly}
            onChange={({ target }) => sortBy(field, target.value === 'ASC' ? 'ASC' : 'DESC')}
            slotProps={{ htmlInput: { 'aria-label': translate('setup.layout.sort') } }}
          >
            <MenuItem value="ASC">{translate('setup.layout.ascending')}</MenuItem>
            <MenuItem value="DESC">{translate('setup.layout.descending')}</MenuItem>
          </TextField>
        )}
      </Box>
      <DragDropContext onDragEnd={drop}>
        <DropArea id="columns" empty={translate('setup.layout.emptySection')} count={body.columns.length} readOnly={readOnly}>
          {body.columns.map((column, index) => (
            <FieldChip
              key={column.field}
              name={column.field}
              label={fields.label(column.field)}
              index={index}
              readOnly={readOnly}
              placed
              width={{ value: column.width, set: (width) => setWidth(index, width) }}
              onMove={() => onChange(moveColumn(body, off, { list: 0, index }, { list: OFF, index: 0 }))}
            />
          ))}
        </DropArea>
        <Typography variant="subtitle2" component="h2" sx={{ mt: 2, mb: 0.5 }}>
          {translate('setup.layout.offList')}
        </Typography>
        <DropArea id={OFF} empty={translate('setup.layout.allPlaced')} count={off.length} readOnly={readOnly}>
          {off.map((name, index) => (
            <FieldChip
              key={name}
              name={name}
              label={fields.label(name)}
              index={index}
              readOnly={readOnly}
              placed={false}
              onMove={() => onChange(moveColumn(body, off, { list: OFF, index }, { list: 0, index: body.columns.length }))}
            />
          ))}
        </DropArea>
      </DragDropContext>
    </>
  );
};
