import { createBatcher } from './batcher';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A writer that notes what it was given together. */
function writer(work: (items: readonly string[]) => Promise<void> = () => pause(5)) {
  const batches: string[][] = [];
  return {
    batches,
    run: async (items: readonly string[]): Promise<readonly string[]> => {
      batches.push([...items]);
      await work(items);
      return items.map((item) => item.toUpperCase());
    },
  };
}

test('what arrives while a batch is written goes together, and each gets its own answer', async () => {
  const { batches, run } = writer();
  const submit = createBatcher(run, { max: 10, lanes: 1 });
  const first = submit('a');
  await pause(1);
  expect(await Promise.all([first, submit('b'), submit('c'), submit('d')])).toEqual(['A', 'B', 'C', 'D']);
  expect(batches).toEqual([['a'], ['b', 'c', 'd']]);
});

test('items that may not stand together come one batch after the other, in their order', async () => {
  const { batches, run } = writer();
  const submit = createBatcher(run, { max: 10, lanes: 1, joins: (batch, item) => batch.every((other) => other[0] !== item[0]) });
  const first = submit('z');
  await pause(1);
  await Promise.all([first, ...['a1', 'b1', 'a2', 'c1', 'b2', 'a3'].map((item) => submit(item))]);
  expect(batches).toEqual([['z'], ['a1', 'b1', 'c1'], ['a2', 'b2'], ['a3']]);
});

test('when a batch fails its items are tried alone, so that one bad item fails alone', async () => {
  const { batches, run } = writer(async (items) => {
    await pause(2);
    if (items.includes('bad')) throw new Error('no');
  });
  const submit = createBatcher(run, { max: 10, lanes: 1 });
  const first = submit('a');
  await pause(1);
  const settled = await Promise.allSettled([first, submit('b'), submit('bad'), submit('c')]);
  expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual(['A', 'B', 'failed', 'C']);
  expect(batches).toEqual([['a'], ['b', 'bad', 'c'], ['b'], ['bad'], ['c']]);
});

test('a batch that waits does not hold up the rest for longer than was said', async () => {
  let release: () => void = () => undefined;
  const stuck = new Promise<void>((resolve) => (release = resolve));
  const { batches, run } = writer((items) => (items.includes('stuck') ? stuck : pause(1)));
  const submit = createBatcher(run, { max: 10, lanes: 2, openAfterMs: 30 });
  const waiting = submit('stuck');
  await pause(1);
  const start = performance.now();
  expect(await Promise.all([submit('a'), submit('b')])).toEqual(['A', 'B']);
  expect(performance.now() - start).toBeGreaterThan(20);
  expect(batches).toEqual([['stuck'], ['a', 'b']]);
  release();
  expect(await waiting).toBe('STUCK');
});

test('one alone never waits for others', async () => {
  const { run } = writer(() => Promise.resolve());
  const submit = createBatcher(run, { max: 10, lanes: 1, gatherMs: 1000 });
  const start = performance.now();
  for (const item of ['a', 'b', 'c']) await submit(item);
  expect(performance.now() - start).toBeLessThan(500);
});
