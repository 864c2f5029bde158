import { Droppable } from '@hello-pangea/dnd';
import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';

/** Where fields can be dropped; says what it is for while nothing is there. */
export const DropArea = (props: { id: string; empty: string; count: number; readOnly: boolean; children: ReactNode }) => (
  <Droppable droppableId={props.id} isDropDisabled={props.readOnly}>
    {(drop, { isDraggingOver }) => (
      <Box
        ref={drop.innerRef}
        {...drop.droppableProps}
        sx={{ minHeight: 44, p: 0.5, borderRadius: 1, bgcolor: isDraggingOver ? 'action.selected' : 'action.hover' }}
      >
        {props.count === 0 && !isDraggingOver && (
          <Typography variant="caption" color="text.secondary" component="div" sx={{ p: 1 }}>
            {props.empty}
          </Typography>
        )}
        {props.children}
        {drop.placeholder}
      </Box>
    )}
  </Droppable>
);
