interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Commits together what arrives together: while one batch is being written, newcomers gather for the next. One alone never waits.
 * When a batch fails as a whole its items are tried one by one, so that one bad item fails alone.
 */
export function createBatcher<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  options: { max: number; lanes: number },
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

  const next = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue.splice(0, options.max);
      if (batch.length === 1) {
        await single(batch[0]!);
        continue;
      }
      try {
        const results = await run(batch.map((waiting) => waiting.item));
        batch.forEach((waiting, index) => waiting.resolve(results[index] as Result));
      } catch {
        for (const waiting of batch) await single(waiting);
      }
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
