/** A step under way. */
interface Step {
  /** It holds every lock it needs and only writes from here on, or it is over. */
  readonly decided: Promise<void>;
  /** Its first try: rejects when that was undone, so that the step beside it gives up its locks before it is tried again. */
  readonly tried: Promise<void>;
  /** It is in, or the whole run cannot go on (rejects). */
  readonly done: Promise<void>;
}

export interface LaneWork<Item> {
  /** Does an item in one transaction; awaits `turn` when all is decided and before anything is written. What it throws is undone. */
  attempt(item: Item, turn: () => Promise<void>): Promise<unknown>;
  /** Does an item whose attempt was undone, with nothing else under way. */
  alone(item: Item): Promise<unknown>;
  /** Whether an item may begin before the one before it is done. */
  mayOverlap(item: Item): boolean;
  /** After each item, in their order. */
  progress(item: Item): Promise<void>;
}

export interface Lanes<Item> {
  /** Begins an item; resolves when the one before it is done. Items are committed in the order in which they are added. */
  add(item: Item): Promise<void>;
  /** Waits for what is under way; to be called whatever happened. */
  end(): Promise<void>;
}

const settled = (promise: Promise<unknown>): Promise<void> =>
  promise.then(
    () => undefined,
    () => undefined,
  );

/**
 * Two items side by side: while the database writes one, the next is worked out. An item begins when the one before it has decided, so that
 * none waits for a lock of one that waits for it; it writes when that one has committed. An item that cannot go that way is undone and done
 * alone.
 */
export function createLanes<Item>({ attempt, alone, mayOverlap, progress }: LaneWork<Item>): Lanes<Item> {
  let last: Step | null = null;

  function begin(item: Item, before: Step | null): Step {
    let decide: () => void = () => undefined;
    const decided = new Promise<void>((resolve) => {
      decide = resolve;
    });
    const first = async (): Promise<void> => {
      await (mayOverlap(item) ? before?.decided : before?.done);
      await attempt(item, async () => {
        decide();
        await before?.tried;
      });
    };
    const tried = first();
    const finish = async (): Promise<void> => {
      await settled(tried);
      await before?.done;
      const undone = await tried.then(
        () => false,
        () => true,
      );
      if (undone) await alone(item);
      await progress(item);
    };
    const done = finish();
    // Both are awaited by the next item, if there is one.
    void settled(tried);
    void settled(done).then(decide);
    return { decided, tried, done };
  }

  return {
    add: async (item) => {
      const before = last;
      last = begin(item, before);
      await before?.done;
    },
    end: async () => {
      await last?.done;
    },
  };
}
