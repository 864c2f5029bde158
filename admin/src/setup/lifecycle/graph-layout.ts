import type { Lifecycle } from '@leadsea/leads/contracts/lifecycle';

export type Stage = Lifecycle['stages'][number];
export type Move = Lifecycle['transitions'][number];

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const NODE = { width: 148, height: 52 } as const;
const STEP = { x: 196, y: 116 } as const;
const MARGIN = 24;
/** Where "any stage" stands. */
export const ANY = '*';

/**
 * Where each stage is drawn: where somebody put it, else the way to a win in one line, what closes a lead without one below it, and what lies
 * beside the way (nurture, recycled) between them.
 */
export const layoutOf = (stages: readonly Stage[]): ReadonlyMap<string, Point> => {
  const won = stages.findIndex(({ type }) => type === 'won');
  const lane = (stage: Stage, index: number): number => (stage.type === 'lost' ? 2 : won >= 0 && index > won ? 1 : 0);
  const taken = [0, 0, 0];
  const places = new Map<string, Point>();
  stages.forEach((stage, index) => {
    const row = lane(stage, index);
    const column = taken[row] ?? 0;
    taken[row] = column + 1;
    // The lower lanes begin a little further in, so that lines do not run through the first stages.
    places.set(stage.key, stage.at ?? { x: MARGIN + (column + (row > 0 ? 1 : 0)) * STEP.x, y: MARGIN + row * STEP.y });
  });
  places.set(ANY, { x: MARGIN, y: MARGIN + STEP.y * 1.6 });
  return places;
};

export const sizeOf = (places: ReadonlyMap<string, Point>): { width: number; height: number } => {
  const points = [...places.values()];
  return {
    width: Math.max(...points.map(({ x }) => x)) + NODE.width + MARGIN * 2,
    height: Math.max(...points.map(({ y }) => y)) + NODE.height + MARGIN * 2,
  };
};

interface Edge {
  /** SVG path from border to border. */
  readonly path: string;
  readonly middle: Point;
}

const centre = (at: Point): Point => ({ x: at.x + NODE.width / 2, y: at.y + NODE.height / 2 });

/** Where the line from a node's centre towards a point leaves the node. */
const border = (at: Point, towards: Point): Point => {
  const from = centre(at);
  const [dx, dy] = [towards.x - from.x, towards.y - from.y];
  if (dx === 0 && dy === 0) return from;
  const scale = Math.min(NODE.width / 2 / Math.abs(dx || 1e-9), NODE.height / 2 / Math.abs(dy || 1e-9));
  return { x: from.x + dx * scale, y: from.y + dy * scale };
};

/** A slightly bent line between two stages; there and back bend apart, so that both can be hit. */
export const edgeBetween = (from: Point, to: Point, index = 0): Edge => {
  const [a, b] = [centre(from), centre(to)];
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = Math.hypot(dx, dy) || 1;
  const flat = Math.abs(dy) < 4 && Math.abs(dx) > STEP.x * 1.2;
  const bend = flat ? Math.min(90, Math.abs(dx) / 4.5) : 14 + (index % 3) * 5;
  const bow: Point = { x: (a.x + b.x) / 2 + (dy / length) * bend, y: (a.y + b.y) / 2 - (dx / length) * bend };
  const [start, end] = [border(from, bow), border(to, bow)];
  const middle = { x: (start.x + 2 * bow.x + end.x) / 4, y: (start.y + 2 * bow.y + end.y) / 4 };
  const at = ({ x, y }: Point): string => `${Math.round(x)} ${Math.round(y)}`;
  return { path: `M ${at(start)} Q ${at(bow)} ${at(end)}`, middle };
};

/** A place on the grid, never outside the canvas. */
export const snapped = ({ x, y }: Point): Point => ({
  x: Math.max(0, Math.min(4000, Math.round(x / 12) * 12)),
  y: Math.max(0, Math.min(4000, Math.round(y / 12) * 12)),
});
