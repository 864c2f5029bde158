import AddIcon from '@mui/icons-material/Add';
import DragIcon from '@mui/icons-material/DragIndicator';
import { DragDropContext, Draggable, Droppable, type DropResult } from '@hello-pangea/dnd';
import { Box, Button, ButtonBase, FormControlLabel, Tab, Tabs, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useGetList, useGetOne, useNotify, useTranslate, type RaRecord } from 'ra-core';
import { useEffect, useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { API, httpClient } from '../../api/http-client';
import { useAccess } from '../../api/session-context';
import type { CustomField } from '../../api/types';
import { ToneChip } from '../../common/badges';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { PageHeader, RowsSkeleton } from '../../common/page';
import { useText } from '../../common/text';
import { moved } from '../kit/tree';
import { useAsked } from '../kit/use-asked';
import { FieldDialog } from './field-dialog';
import { Toggle } from '../kit/toggle';

const ENTITIES = ['lead', 'account', 'opportunity', 'activity'] as const;
type Entity = (typeof ENTITIES)[number];

const Line = ({ field, open, handle }: { field: CustomField; open: () => void; handle: Record<string, unknown> | null }) => {
  const translate = useTranslate();
  const text = useText();
  return (
    <Box
      sx={{
        display: 'flex',
        alignItems: 'center',
        borderBottom: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
        opacity: field.retired ? 0.6 : 1,
      }}
    >
      <Box
        {...handle}
        aria-label={translate('setup.kit.drag')}
        sx={{ display: 'grid', placeItems: 'center', width: 36, height: 44, color: 'text.disabled', cursor: handle ? 'grab' : 'default' }}
      >
        {handle && <DragIcon fontSize="small" />}
      </Box>
      <ButtonBase
        onClick={open}
        sx={{ flex: 1, minWidth: 0, minHeight: 44, pr: 2, gap: 2, justifyContent: 'flex-start', textAlign: 'left', fontSize: 13 }}
      >
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <b>{text(field.label) || field.key}</b>
          <Box component="span" sx={{ color: 'text.secondary', ml: 1 }}>
            {field.key}
          </Box>
        </Box>
        <Box sx={{ width: 110, color: 'text.secondary', display: { xs: 'none', sm: 'block' } }}>
          {translate(`setup.field.types.${field.type}`)}
        </Box>
        <Box sx={{ display: 'flex', gap: 0.5 }}>
          {field.required && <ToneChip text={translate('setup.field.required')} />}
          {field.pii && <ToneChip tone="warning" text={translate('setup.field.piiShort')} />}
          {field.retired && <ToneChip text={translate('setup.field.retired')} />}
        </Box>
      </ButtonBase>
    </Box>
  );
};

const FieldList = ({ entity, retired, edit }: { entity: Entity; retired: boolean; edit: (field: CustomField) => void }) => {
  const translate = useTranslate();
  const access = useAccess();
  const notify = useNotify();
  const refusal = useRefusalText();
  const client = useQueryClient();
  const { data, error, refetch } = useGetList<CustomField & RaRecord>('fields', {
    pagination: { page: 1, perPage: 500 },
    sort: { field: 'position', order: 'ASC' },
    filter: { entity },
  });
  const [order, setOrder] = useState<readonly CustomField[]>([]);
  useEffect(() => setOrder(data ?? []), [data]);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={6} height={44} />;
  const shown = order.filter((field) => retired || !field.retired);
  if (shown.length === 0) return <EmptyState title={translate('setup.field.empty')} hint={translate('setup.field.emptyHint')} />;
  const canEdit = access.can('update', 'fields');
  const drop = ({ source, destination }: DropResult): void => {
    if (!destination || destination.index === source.index) return;
    const next = moved(shown, source.index, destination.index);
    const hidden = order.filter((field) => !shown.includes(field));
    setOrder([...next, ...hidden]);
    const changed = next.map((field, position) => ({ field, position })).filter(({ field, position }) => field.position !== position);
    void Promise.all(
      changed.map(({ field, position }) =>
        httpClient<unknown>(`${API}/fields/${field.id}`, { method: 'PUT', body: JSON.stringify({ position }) }),
      ),
    )
      .catch((cause: unknown) => notify(refusal(cause), { type: 'error' }))
      .finally(() => void client.invalidateQueries({ queryKey: ['fields'] }));
  };
  return (
    <DragDropContext onDragEnd={drop}>
      <Droppable droppableId="fields" isDropDisabled={!canEdit}>
        {(area) => (
          <Box ref={area.innerRef} {...area.droppableProps}>
            {shown.map((field, index) => (
              <Draggable key={field.id} draggableId={String(field.id)} index={index} isDragDisabled={!canEdit}>
                {(drag) => (
                  <Box ref={drag.innerRef} {...drag.draggableProps}>
                    <Line field={field} open={() => edit(field)} handle={drag.dragHandleProps ? { ...drag.dragHandleProps } : null} />
                  </Box>
                )}
              </Draggable>
            ))}
            {area.placeholder}
          </Box>
        )}
      </Droppable>
    </DragDropContext>
  );
};

/** Fields a company adds to leads, accounts, opportunities and activities. */
const FieldsPage = () => {
  const translate = useTranslate();
  const access = useAccess();
  const [entity, setEntity] = useState<Entity>('lead');
  const [retired, setRetired] = useState(false);
  const [chosen, setEditing] = useState<CustomField | 'new' | null>(null);
  const asked = useAsked();
  const { data: found } = useGetOne<CustomField & RaRecord>('fields', { id: asked.id ?? 0 }, { enabled: asked.id !== null });
  const editing = chosen ?? (asked.id === null ? null : (found ?? null));
  return (
    <>
      <PageHeader
        title={translate('setup.field.title')}
        actions={
          access.can('create', 'fields') && (
            <Button variant="contained" startIcon={<AddIcon />} onClick={() => setEditing('new')}>
              {translate('setup.field.add')}
            </Button>
          )
        }
      />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1000 }}>
        <Typography variant="body2" color="text.secondary" sx={{ maxWidth: 720 }}>
          {translate('setup.field.intro')}
        </Typography>
        <Tabs value={entity} onChange={(_event, chosen: Entity) => setEntity(chosen)} variant="scrollable" sx={{ mb: 1 }}>
          {ENTITIES.map((one) => (
            <Tab key={one} value={one} label={translate(`setup.field.entities.${one}`)} />
          ))}
        </Tabs>
        <Box sx={{ border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'hidden', bgcolor: 'background.paper' }}>
          <FieldList key={entity} entity={entity} retired={retired} edit={setEditing} />
        </Box>
        <FormControlLabel
          sx={{ mt: 1 }}
          control={<Toggle checked={retired} onChange={(_event, on) => setRetired(on)} />}
          label={<Typography variant="body2">{translate('setup.field.showRetired')}</Typography>}
        />
      </Box>
      {editing && (
        <FieldDialog
          entity={editing === 'new' ? entity : editing.entity}
          field={editing === 'new' ? null : editing}
          readOnly={!access.can('update', 'fields')}
          close={() => {
            setEditing(null);
            asked.done();
          }}
        />
      )}
    </>
  );
};

export default FieldsPage;
