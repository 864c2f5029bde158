import AutoIcon from '@mui/icons-material/AutoMode';
import ErrorIcon from '@mui/icons-material/Error';
import { Box, Tooltip } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { KeyboardEvent, PointerEvent } from 'react';
import { NODE, type Point, type Stage } from './graph-layout';

/** A stage on the picture; without one the place where moves from anywhere begin. */
export const StageNode = (props: {
  point: Point | undefined;
  label: string;
  stage?: Stage;
  first?: boolean;
  faint?: boolean;
  selected?: boolean;
  found?: string | null;
  onPointerDown?: (event: PointerEvent) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  onConnect?: (event: PointerEvent) => void;
}) => {
  const translate = useTranslate();
  const { stage } = props;
  const edge = props.found ? 'error.main' : props.selected ? 'primary.main' : 'divider';
  return (
    <Box
      role={stage ? 'button' : undefined}
      tabIndex={stage ? 0 : undefined}
      aria-label={stage ? props.label : undefined}
      aria-pressed={stage ? props.selected : undefined}
      onPointerDown={props.onPointerDown}
      onKeyDown={props.onKeyDown}
      sx={{
        position: 'absolute',
        left: props.point?.x,
        top: props.point?.y,
        width: NODE.width,
        height: NODE.height,
        px: 1.25,
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        userSelect: 'none',
        borderRadius: stage?.type === 'gate' ? '4px 22px 22px 4px' : 1.25,
        border: props.selected ? 2 : 1,
        borderStyle: props.faint ? 'dashed' : 'solid',
        borderColor: edge,
        bgcolor: props.faint ? 'transparent' : 'background.paper',
        color: props.faint ? 'text.secondary' : 'text.primary',
        cursor: stage ? 'grab' : 'default',
        boxShadow: props.selected ? 3 : 0,
        '&:focus-visible': { outline: '2px solid', outlineColor: 'primary.main', outlineOffset: 2 },
      }}
    >
      {stage && <Box sx={{ width: 4, alignSelf: 'stretch', my: 1, borderRadius: 1, bgcolor: stage.color ?? 'text.disabled' }} />}
      <Box sx={{ minWidth: 0, flex: 1 }}>
        <Box sx={{ fontSize: 13, fontWeight: 650, lineHeight: 1.25, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
          {props.label}
        </Box>
        {stage && (
          <Box sx={{ fontSize: 11, color: 'text.secondary' }}>
            {props.first ? translate('setup.lifecycle.first') : translate(`setup.lifecycle.types.${stage.type}`)}
          </Box>
        )}
      </Box>
      {props.faint && <AutoIcon sx={{ fontSize: 16 }} />}
      {props.found && (
        <Tooltip title={<span style={{ whiteSpace: 'pre-line' }}>{props.found}</span>}>
          <ErrorIcon sx={{ fontSize: 17, color: 'error.main' }} />
        </Tooltip>
      )}
      {props.onConnect && (
        <Tooltip title={translate('setup.lifecycle.connect')}>
          <Box
            onPointerDown={props.onConnect}
            sx={{
              position: 'absolute',
              right: -8,
              top: NODE.height / 2 - 8,
              width: 15,
              height: 15,
              borderRadius: '50%',
              border: 2,
              borderColor: 'background.paper',
              bgcolor: 'primary.main',
              cursor: 'crosshair',
              touchAction: 'none',
            }}
          />
        </Tooltip>
      )}
    </Box>
  );
};
