import type { ImportRow } from '../../domain/files';
import { commitStep, write, type Batch, type Prepared } from './step';

/** A step under way. */
interface Step {
  /** It holds every lock it needs and only writes from here on, or it is over. */
  readonly decided: Promise<void>;
  /** Its first try: rejects when that was undone, so that the step beside it gives up its locks before it is tried again. */
  readonly tried: Promise<void>;
  /** Its rows are in, or refused one by one; rejects when the import cannot go on. */
  readonly done: Promise<void>;
}

export interface Lanes {
  /** Begins a step; resolves when the one before it is done. Steps commit in the order in which they are added. */
  add(batch: Batch, rows: readonly ImportRow[], prepared: Prepared): Promise<void>;
  /** Waits for what is under way; call it whatever happened. */
  end(): Promise<void>;
}

class OutOfTurn extends Error {}

const settled = (promise: Promise<unknown>): Promise<void> =>
  promise.then(
    () => undefined,
    () => undefined,
  );

/** What a step asks of the leads that are here (mode `update`, a scope) must not miss those of the step before it. */
const mayOverlap = ({ record, guarded }: Batch): boolean => record.options.mode !== 'update' && !guarded;

/**
 * Two steps of an import side by side: while the database writes one, the next is identified, graded and routed. A step begins when the one
 * before it has decided, so none ever waits for a lock of a step that waits for it; it writes when that one has committed. A step that
 * cannot go that way is undone and done alone.
 */
export function createLanes(progress: (row: number) => Promise<void>): Lanes {
  let last: Step | null = null;

  function begin(before: Step | null, batch: Batch, rows: readonly ImportRow[], prepared: Prepared): Step {
    let decide: () => void = () => undefined;
    const decided = new Promise<void>((resolve) => {
      decide = resolve;
    });
    const overlapped = async (): Promise<void> => {
      if (before && !mayOverlap(batch)) throw new OutOfTurn();
      await before?.decided;
      await commitStep(batch, rows, prepared, async () => {
        decide();
        await before?.tried;
      });
    };
    const tried = overlapped();
    const finish = async (): Promise<void> => {
      const alone = await tried.then(
        () => false,
        () => true,
      );
      await before?.done;
      if (alone) await write(batch, rows, prepared);
      await progress(rows.at(-1)?.row ?? 0);
    };
    const done = finish();
    void settled(tried);
    void settled(done).then(decide);
    return { decided, tried, done };
  }

  return {
    add: async (batch, rows, prepared) => {
      const before = last;
      last = begin(before, batch, rows, prepared);
      await before?.done;
    },
    end: async () => {
      if (last) await last.done;
    },
  };
}
