import { DragDropContext, Draggable, Droppable, type DropResult } from '@hello-pangea/dnd';
import DragIcon from '@mui/icons-material/DragIndicator';
import { Box, Button, Checkbox, Drawer, FormControlLabel, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useAccess, useMe } from '../api/session-context';
import { defaultLayout, mayShow, WIDGETS, type Placed } from './widgets';

/** Which widgets, in which order, how wide: takes effect at once. */
const Customise = (props: { layout: readonly Placed[]; onChange: (layout: Placed[]) => void; onClose: () => void }) => {
  const translate = useTranslate();
  const access = useAccess();
  const { member } = useMe();
  const shown = props.layout.filter(({ key }) => WIDGETS.some((widget) => widget.key === key && mayShow(widget, access)));
  const hidden = WIDGETS.filter((widget) => mayShow(widget, access) && !shown.some(({ key }) => key === widget.key));
  const move = ({ source, destination }: DropResult): void => {
    if (!destination) return;
    const layout = [...shown];
    const [taken] = layout.splice(source.index, 1);
    if (taken) layout.splice(destination.index, 0, taken);
    props.onChange(layout);
  };
  const title = (key: string): string => translate(`dash.widget.${key}`);
  const tick = (key: string, checked: boolean) => (
    <FormControlLabel
      sx={{ flex: 1, m: 0 }}
      control={
        <Checkbox
          size="small"
          checked={checked}
          onChange={() =>
            props.onChange(
              checked
                ? shown.filter((placed) => placed.key !== key)
                : [...shown, { key, wide: WIDGETS.find((widget) => widget.key === key)?.wide ?? false }],
            )
          }
        />
      }
      label={title(key)}
    />
  );
  const row = {
    display: 'flex',
    alignItems: 'center',
    gap: 1,
    minHeight: 44,
    px: 1,
    borderRadius: 1,
    bgcolor: 'background.paper',
  } as const;
  return (
    <Drawer anchor="right" open onClose={props.onClose} slotProps={{ paper: { sx: { width: { xs: '100%', sm: 380 }, p: 2 } } }}>
      <Typography variant="h6" component="h2">
        {translate('dash.customiseTitle')}
      </Typography>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1.5 }}>
        {translate('dash.customiseHint')}
      </Typography>
      <Box sx={{ flex: 1, overflowY: 'auto' }}>
        <DragDropContext onDragEnd={move}>
          <Droppable droppableId="widgets">
            {(drop) => (
              <div ref={drop.innerRef} {...drop.droppableProps}>
                {shown.map((placed, index) => (
                  <Draggable key={placed.key} draggableId={placed.key} index={index}>
                    {(drag, { isDragging }) => (
                      <Box ref={drag.innerRef} {...drag.draggableProps} sx={{ ...row, boxShadow: isDragging ? 4 : 0 }}>
                        <Box
                          {...drag.dragHandleProps}
                          aria-label={title(placed.key)}
                          sx={{ display: 'flex', color: 'text.disabled', cursor: 'grab' }}
                        >
                          <DragIcon fontSize="small" />
                        </Box>
                        {tick(placed.key, true)}
                        <FormControlLabel
                          sx={{
                            mr: 0,
                            display: { xs: 'none', sm: 'flex' },
                            '& .MuiTypography-root': { fontSize: 12, color: 'text.secondary' },
                          }}
                          control={
                            <Checkbox
                              size="small"
                              checked={placed.wide}
                              onChange={() =>
                                props.onChange(shown.map((one) => (one.key === placed.key ? { ...one, wide: !one.wide } : one)))
                              }
                            />
                          }
                          label={translate('dash.wide')}
                        />
                      </Box>
                    )}
                  </Draggable>
                ))}
                {drop.placeholder}
              </div>
            )}
          </Droppable>
        </DragDropContext>
        <Box sx={{ borderTop: 1, borderColor: 'divider', my: 1 }} />
        {hidden.map((widget) => (
          <Box key={widget.key} sx={{ ...row, pl: 4.5 }}>
            {tick(widget.key, false)}
          </Box>
        ))}
      </Box>
      <Box sx={{ display: 'flex', gap: 1, justifyContent: 'flex-end', pt: 2 }}>
        <Button color="inherit" onClick={() => props.onChange(defaultLayout(member.roles))}>
          {translate('dash.reset')}
        </Button>
        <Button variant="contained" onClick={props.onClose}>
          {translate('dash.done')}
        </Button>
      </Box>
    </Drawer>
  );
};

export default Customise;
