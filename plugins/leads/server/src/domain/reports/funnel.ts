import type { Lifecycle } from '../../../../contracts';
import { medianOf } from './histogram';

type Stage = Lifecycle['stages'][number];

/** Moves between two stages in a span of time. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** Of these: into a stage the lead had entered in the same cycle before. */
  readonly again?: number;
}

/** How long leads that left a stage had stayed there: how many in each bucket. */
export interface Dwell {
  readonly stage: string;
  readonly bucket: number;
  readonly count: number;
}

export type Direction = 'forward' | 'back' | 'lost';

/** Place of each stage on the way to a win; what lies beside the way (recycled, nurture) has none. */
export function mainPath(stages: readonly Stage[]): readonly string[] {
  const won = stages.findIndex(({ type }) => type === 'won');
  return stages.filter(({ type }, index) => type !== 'lost' && (won < 0 || index <= won)).map(({ key }) => key);
}

/** A move towards a win, away from it (also off the way), or into a stage that closes the lead without one. */
export function directionOf(stages: readonly Stage[], from: string, to: string): Direction {
  const type = stages.find(({ key }) => key === to)?.type;
  if (type === 'lost') return 'lost';
  if (type === 'won') return 'forward';
  const path = mainPath(stages);
  return path.indexOf(to) > path.indexOf(from) ? 'forward' : 'back';
}

export interface FunnelStage {
  readonly key: string;
  /** Leads that stand there now. */
  readonly now: number;
  /** In the span: how many leads entered it, each once in a cycle; and how often it was left towards and away from a win or to be closed. */
  readonly entered: number;
  readonly forward: number;
  readonly back: number;
  readonly lost: number;
  /** Seconds leads stayed, of those that left in the span; null when none left. */
  readonly medianSeconds: number | null;
  /** Left forward, of all that left; null when none left. */
  readonly rate: number | null;
}

/** The funnel from counts that were read: one line per stage of the graph, in its order. */
export function funnelOf(
  stages: readonly Stage[],
  census: ReadonlyMap<string, number>,
  flows: readonly Flow[],
  dwells: readonly Dwell[],
): FunnelStage[] {
  return stages.map(({ key }) => {
    const left = { forward: 0, back: 0, lost: 0 };
    const buckets = new Map<number, number>();
    let entered = 0;
    for (const flow of flows) {
      if (flow.to === key) entered += flow.count - (flow.again ?? 0);
      if (flow.from !== key) continue;
      left[directionOf(stages, flow.from, flow.to)] += flow.count;
    }
    for (const { stage, bucket, count } of dwells) if (stage === key) buckets.set(bucket, (buckets.get(bucket) ?? 0) + count);
    const all = left.forward + left.back + left.lost;
    return {
      key,
      now: census.get(key) ?? 0,
      entered,
      ...left,
      medianSeconds: medianOf(buckets),
      rate: all === 0 ? null : left.forward / all,
    };
  });
}
