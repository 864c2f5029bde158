interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Commits together what arrives together: while one batch is being written, newcomers gather for the next. One alone never waits.
 * When a batch fails as a whole its items are tried one by one, so that one bad item fails alone.
 *
 * Under load the senders just answered are about to send again: the next batch waits up to `gatherMs` until as many are together as
 * before, instead of leaving with the few that came first and making the others wait for a whole batch.
 */
export function createBatcher<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  options: { max: number; lanes: number; gatherMs?: number },
): (item: Item) => Promise<Result> {
  const queue: Waiting<Item, Result>[] = [];
  let busy = 0;

  const single = async (waiting: Waiting<Item, Result>): Promise<void> => {
    try {
      const [result] = await run([waiting.item]);
      waiting.resolve(result as Result);
    } catch (error) {
      waiting.reject(error);
    }
  };

  /** How many took part when a batch was last written, and when that ended. */
  let party = 0;
  let ended = -Infinity;

  const gather = async (): Promise<void> => {
    const until = ended + (options.gatherMs ?? 0);
    while (queue.length < party && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 1));
  };

  const write = async (batch: Waiting<Item, Result>[]): Promise<void> => {
    if (batch.length === 1) return single(batch[0]!);
    try {
      const results = await run(batch.map((waiting) => waiting.item));
      batch.forEach((waiting, index) => waiting.resolve(results[index] as Result));
    } catch {
      for (const waiting of batch) await single(waiting);
    }
  };

  const next = async (): Promise<void> => {
    while (queue.length > 0) {
      await gather();
      const batch = queue.splice(0, options.max);
      await write(batch);
      party = Math.min(options.max, batch.length + queue.length);
      ended = performance.now();
    }
  };

  const pump = (): void => {
    if (busy >= options.lanes || queue.length === 0) return;
    busy += 1;
    void next().finally(() => {
      busy -= 1;
      pump();
    });
  };

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      queue.push({ item, resolve, reject });
      pump();
    });
}
