interface Waiting<Item, Result> {
  readonly item: Item;
  readonly since: number;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export interface BatcherOptions<Item> {
  /** Items in one batch. */
  readonly max: number;
  /** Batches written at the same time. */
  readonly lanes: number;
  /** A further lane opens only when those that are open have taken this long: one that waits for a lock does not hold up the rest. */
  readonly openAfterMs?: number;
  /** How long the first of a batch waits at most for those who came with him the last time. */
  readonly gatherMs?: number;
  /** Whether an item may be written together with those chosen before it; those it may not join come with the next batch. */
  readonly joins?: (together: readonly Item[], item: Item) => boolean;
}

/** After so long without a batch nobody is expected to come again. */
const LATELY_MS = 100;

/**
 * Commits together what arrives together: while one batch is being written, newcomers gather for the next. One alone never waits.
 * When a batch fails as a whole its items are tried one by one, so that one bad item fails alone.
 *
 * Under load the senders just answered are about to send again: the next batch waits up to `gatherMs` until as many are together as
 * before, instead of leaving with the few that came first and making the others wait for a whole batch.
 */
export function createBatcher<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  options: BatcherOptions<Item>,
): (item: Item) => Promise<Result> {
  const queue: Waiting<Item, Result>[] = [];
  let busy = 0;
  /** When a lane last took up work. */
  let began = -Infinity;
  let opening: NodeJS.Timeout | null = null;

  /** How many took part when a batch was last written, and when that ended. */
  let party = 0;
  let ended = -Infinity;
  /** Noted before anybody is answered: those who come because of the answer are the same people again and no more of them. */
  const note = (batch: readonly unknown[]): void => {
    party = Math.min(options.max, batch.length + queue.length);
    ended = performance.now();
  };

  const single = async (waiting: Waiting<Item, Result>): Promise<void> => {
    try {
      const [result] = await run([waiting.item]);
      note([waiting]);
      waiting.resolve(result as Result);
    } catch (error) {
      waiting.reject(error);
    }
  };

  const gather = async (): Promise<void> => {
    const [first] = queue;
    if (!first || performance.now() - ended > LATELY_MS) return;
    const until = Math.max(first.since, ended) + (options.gatherMs ?? 0);
    while (queue.length < party && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 1));
  };

  /** Takes the next batch out of the queue, those who come first before those who come later. */
  const take = (): Waiting<Item, Result>[] => {
    const { joins, max } = options;
    if (!joins) return queue.splice(0, max);
    const batch: Waiting<Item, Result>[] = [];
    const items: Item[] = [];
    const rest: Waiting<Item, Result>[] = [];
    for (const waiting of queue.splice(0)) {
      const fits = batch.length < max && (batch.length === 0 || joins(items, waiting.item));
      if (!fits) rest.push(waiting);
      else {
        batch.push(waiting);
        items.push(waiting.item);
      }
    }
    queue.push(...rest);
    return batch;
  };

  const write = async (batch: Waiting<Item, Result>[]): Promise<void> => {
    if (batch.length === 1) return single(batch[0]!);
    try {
      const results = await run(batch.map((waiting) => waiting.item));
      note(batch);
      batch.forEach((waiting, index) => waiting.resolve(results[index] as Result));
    } catch {
      for (const waiting of batch) await single(waiting);
    }
  };

  const next = async (): Promise<void> => {
    while (queue.length > 0) {
      await gather();
      const batch = take();
      // Another lane may have taken them meanwhile.
      if (batch.length === 0) return;
      began = performance.now();
      await write(batch);
    }
  };

  const openLater = (): void => {
    const { openAfterMs } = options;
    if (openAfterMs === undefined || opening) return;
    const wait = Math.max(1, began + openAfterMs - performance.now());
    opening = setTimeout(() => {
      opening = null;
      pump();
    }, wait);
    opening.unref();
  };

  const pump = (): void => {
    if (queue.length === 0 || busy >= options.lanes) return;
    if (busy > 0 && options.openAfterMs !== undefined && performance.now() - began < options.openAfterMs) return openLater();
    busy += 1;
    began = performance.now();
    void next().finally(() => {
      busy -= 1;
      pump();
    });
  };

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      queue.push({ item, since: performance.now(), resolve, reject });
      pump();
    });
}
