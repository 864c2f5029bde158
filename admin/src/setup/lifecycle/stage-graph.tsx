import { Box } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useTranslate } from 'ra-core';
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useText } from '../../common/text';
import { useForm } from '../kit/form-context';
import { ANY, edgeBetween, layoutOf, NODE, sizeOf, snapped, type Move, type Point, type Stage } from './graph-layout';
import { StageNode } from './stage-node';

export type Selected = { readonly kind: 'stage' | 'move'; readonly index: number } | null;

interface GraphProps {
  stages: readonly Stage[];
  moves: readonly Move[];
  initial: string;
  selected: Selected;
  onSelect: (selected: Selected) => void;
  onPlace: (index: number, at: Point) => void;
  onConnect: (from: string, to: string) => void;
}

type Drag = { readonly kind: 'move' | 'connect'; readonly key: string; readonly from: Point; at: Point; moved: boolean };

/** What was found at a place of the form, in words; null when nothing. */
const useFound = (): ((path: string) => string | null) => {
  const { issues, warnings } = useForm();
  return (path) => {
    const found = [...issues, ...warnings].filter(([at]) => at === path || at.startsWith(`${path}.`)).map(([, message]) => message);
    return found.length > 0 ? found.join('\n') : null;
  };
};

const Edge = (props: {
  from: Point;
  to: Point;
  index: number;
  move: Move;
  label: string;
  selected: boolean;
  found: string | null;
  onSelect: () => void;
}) => {
  const theme = useTheme();
  const edge = edgeBetween(props.from, props.to, props.index);
  const anywhere = props.move.from === ANY;
  const colour = props.found
    ? theme.palette.error.main
    : props.selected
      ? theme.palette.primary.main
      : anywhere
        ? theme.palette.text.disabled
        : theme.palette.text.secondary;
  const select = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      props.onSelect();
    }
  };
  return (
    <g
      role="button"
      tabIndex={0}
      aria-label={props.label}
      aria-pressed={props.selected}
      onClick={props.onSelect}
      onKeyDown={select}
      style={{ cursor: 'pointer' }}
    >
      <title>{props.found ? `${props.label}\n${props.found}` : props.label}</title>
      <path d={edge.path} fill="none" stroke="transparent" strokeWidth={14} />
      <path
        d={edge.path}
        fill="none"
        stroke={colour}
        strokeWidth={props.selected ? 2.5 : 1.4}
        strokeDasharray={props.move.auto ? undefined : anywhere ? '2 4' : '5 3'}
        markerEnd={`url(#arrow-${props.found ? 'bad' : props.selected ? 'on' : 'off'})`}
      />
      {props.move.auto && <circle cx={edge.middle.x} cy={edge.middle.y} r={5} fill={theme.palette.info.main} />}
    </g>
  );
};

const Arrows = () => {
  const theme = useTheme();
  const colours = { off: theme.palette.text.secondary, on: theme.palette.primary.main, bad: theme.palette.error.main };
  return (
    <defs>
      {Object.entries(colours).map(([key, colour]) => (
        <marker
          key={key}
          id={`arrow-${key}`}
          viewBox="0 0 10 10"
          refX="9"
          refY="5"
          markerWidth="7"
          markerHeight="7"
          orient="auto-start-reverse"
        >
          <path d="M 0 1 L 10 5 L 0 9 z" fill={colour} />
        </marker>
      ))}
    </defs>
  );
};

/**
 * The stages and their moves as a picture: a stage is dragged by its body, a move is drawn by dragging from a stage's dot to another stage, both open
 * with a click. Everything can also be reached with Tab and Enter; arrow keys move a stage.
 */
export const StageGraph = ({ stages, moves, initial, selected, onSelect, onPlace, onConnect }: GraphProps) => {
  const translate = useTranslate();
  const text = useText();
  const { readOnly } = useForm();
  const found = useFound();
  const canvas = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const places = new Map(layoutOf(stages));
  if (drag?.kind === 'move') places.set(drag.key, snapped(drag.at));
  const { width, height } = sizeOf(places);
  const hasAny = moves.some((move) => move.from === ANY);
  const name = (key: string): string =>
    key === ANY ? translate('setup.lifecycle.anyStage') : text(stages.find((stage) => stage.key === key)?.label) || key;
  const pointOf = (event: PointerEvent): Point => {
    const box = canvas.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const start = (kind: Drag['kind'], key: string) => (event: PointerEvent) => {
    if (readOnly || event.button !== 0) return;
    event.stopPropagation();
    const point = pointOf(event);
    const place = places.get(key) ?? point;
    canvas.current?.setPointerCapture(event.pointerId);
    const from = { x: point.x - place.x, y: point.y - place.y };
    setDrag({ kind, key, from, at: kind === 'move' ? place : point, moved: false });
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (!drag) return;
    const point = pointOf(event);
    const at = drag.kind === 'move' ? { x: point.x - drag.from.x, y: point.y - drag.from.y } : point;
    const far = drag.moved || Math.hypot(at.x - drag.at.x, at.y - drag.at.y) > 3;
    setDrag({ ...drag, at: far ? at : drag.at, moved: far });
  };
  const stageAt = (point: Point): Stage | undefined =>
    stages.find((stage) => {
      const at = places.get(stage.key);
      return at && point.x >= at.x && point.x <= at.x + NODE.width && point.y >= at.y && point.y <= at.y + NODE.height;
    });
  const onPointerUp = (): void => {
    if (!drag) return;
    const index = stages.findIndex((stage) => stage.key === drag.key);
    if (drag.kind === 'connect') {
      const target = stageAt(drag.at);
      if (target && target.key !== drag.key) onConnect(drag.key, target.key);
    } else if (!drag.moved) onSelect(index >= 0 ? { kind: 'stage', index } : null);
    else if (index >= 0) onPlace(index, snapped(drag.at));
    setDrag(null);
  };
  const onKeyDown = (index: number, at: Point) => (event: KeyboardEvent) => {
    const step = { ArrowLeft: [-12, 0], ArrowRight: [12, 0], ArrowUp: [0, -12], ArrowDown: [0, 12] }[event.key];
    if (event.key === 'Enter' || event.key === ' ') onSelect({ kind: 'stage', index });
    else if (step && !readOnly) onPlace(index, snapped({ x: at.x + (step[0] ?? 0), y: at.y + (step[1] ?? 0) }));
    else return;
    event.preventDefault();
  };
  return (
    <Box sx={{ overflow: 'auto', border: 1, borderColor: 'divider', borderRadius: 1, bgcolor: 'background.default', maxHeight: 560 }}>
      <Box
        ref={canvas}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        sx={{
          position: 'relative',
          width,
          height,
          minWidth: '100%',
          touchAction: drag ? 'none' : 'auto',
          backgroundImage: (theme) => `radial-gradient(${theme.palette.divider} 1px, transparent 1px)`,
          backgroundSize: '24px 24px',
        }}
      >
        <svg
          width={width}
          height={height}
          style={{ position: 'absolute', inset: 0 }}
          role="group"
          aria-label={translate('setup.lifecycle.moves')}
        >
          <Arrows />
          {moves.map((move, index) => {
            const [from, to] = [places.get(move.from), places.get(move.to)];
            if (!from || !to) return null;
            return (
              <Edge
                key={index}
                from={from}
                to={to}
                index={index}
                move={move}
                label={`${text(move.label)}: ${name(move.from)} → ${name(move.to)}`}
                selected={selected?.kind === 'move' && selected.index === index}
                found={found(`transitions.${index}`)}
                onSelect={() => onSelect({ kind: 'move', index })}
              />
            );
          })}
          {drag?.kind === 'connect' && (
            <line
              x1={(places.get(drag.key)?.x ?? 0) + NODE.width}
              y1={(places.get(drag.key)?.y ?? 0) + NODE.height / 2}
              x2={drag.at.x}
              y2={drag.at.y}
              stroke="currentColor"
              strokeDasharray="4 3"
            />
          )}
        </svg>
        {hasAny && <StageNode point={places.get(ANY)} label={name(ANY)} faint />}
        {stages.map((stage, index) => (
          <StageNode
            key={stage.key}
            point={places.get(stage.key)}
            stage={stage}
            label={text(stage.label) || stage.key}
            first={stage.key === initial}
            selected={selected?.kind === 'stage' && selected.index === index}
            found={found(`stages.${index}`)}
            onPointerDown={start('move', stage.key)}
            onKeyDown={onKeyDown(index, places.get(stage.key) ?? { x: 0, y: 0 })}
            onConnect={readOnly ? undefined : start('connect', stage.key)}
          />
        ))}
      </Box>
    </Box>
  );
};
