import { createBatcher } from './batcher';

/** A writer that notes what it was given together; each batch waits until it is let go. */
function writer(fails: (item: string) => boolean = () => false) {
  const batches: string[][] = [];
  const waiting: (() => void)[] = [];
  const run = async (items: readonly string[]): Promise<readonly string[]> => {
    batches.push([...items]);
    await new Promise<void>((resolve) => waiting.push(resolve));
    if (items.some(fails)) throw new Error('no');
    return items.map((item) => item.toUpperCase());
  };
  const begun = async (count: number): Promise<void> => {
    while (batches.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  /** Lets one batch after the other go, from the one begun first, until so many have gone. */
  const letGo = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      await begun(index + 1);
      waiting[index]?.();
    }
  };
  return { batches, run, begun, letGo };
}

test('what arrives while a batch is written goes together, and each gets its own answer', async () => {
  const { batches, run, begun, letGo } = writer();
  const submit = createBatcher(run, { max: 10, lanes: 1 });
  const first = submit('a');
  await begun(1);
  const answers = Promise.all([first, submit('b'), submit('c'), submit('d')]);
  await letGo(2);
  expect(await answers).toEqual(['A', 'B', 'C', 'D']);
  expect(batches).toEqual([['a'], ['b', 'c', 'd']]);
});

test('items that may not stand together come one batch after the other, in their order', async () => {
  const { batches, run, begun, letGo } = writer();
  const submit = createBatcher(run, { max: 10, lanes: 1, joins: (batch, item) => batch.every((other) => other[0] !== item[0]) });
  const first = submit('z');
  await begun(1);
  const answers = Promise.all([first, ...['a1', 'b1', 'a2', 'c1', 'b2', 'a3'].map((item) => submit(item))]);
  await letGo(4);
  await answers;
  expect(batches).toEqual([['z'], ['a1', 'b1', 'c1'], ['a2', 'b2'], ['a3']]);
});

test('when a batch fails its items are tried alone, so that one bad item fails alone', async () => {
  const { batches, run, begun, letGo } = writer((item) => item === 'bad');
  const submit = createBatcher(run, { max: 10, lanes: 1 });
  const first = submit('a');
  await begun(1);
  const answers = Promise.allSettled([first, submit('b'), submit('bad'), submit('c')]);
  await letGo(5);
  const settled = await answers;
  expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual(['A', 'B', 'failed', 'C']);
  expect(batches).toEqual([['a'], ['b', 'bad', 'c'], ['b'], ['bad'], ['c']]);
});

test('a batch that waits does not hold up the rest for longer than was said', async () => {
  const batches: string[][] = [];
  let release: () => void = () => undefined;
  const stuck = new Promise<void>((resolve) => (release = resolve));
  const submit = createBatcher(
    async (items: readonly string[]) => {
      batches.push([...items]);
      if (items.includes('stuck')) await stuck;
      return items.map((item) => item.toUpperCase());
    },
    { max: 10, lanes: 2, openAfterMs: 50 },
  );
  const waiting = submit('stuck');
  while (batches.length === 0) await Promise.resolve();
  const later = Promise.all([submit('a'), submit('b')]);
  expect(batches).toEqual([['stuck']]);
  expect(await later).toEqual(['A', 'B']);
  expect(batches).toEqual([['stuck'], ['a', 'b']]);
  release();
  expect(await waiting).toBe('STUCK');
});

test('one alone never waits for others, however long the rest might gather', async () => {
  const submit = createBatcher((items: readonly string[]) => Promise.resolve(items), { max: 10, lanes: 1, gatherMs: 600_000 });
  for (const item of ['a', 'b', 'c']) expect(await submit(item)).toBe(item);
});
