import { createLanes, type LaneWork } from './lanes';

interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}
function gate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
const soon = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 5));

/** Work that notes what happens; `failing` fails at these moments, `gates` hold it there. */
function work(failing: readonly string[] = [], gates: Readonly<Record<string, Gate>> = {}) {
  const story: string[] = [];
  const step = async (moment: string): Promise<void> => {
    await gates[moment]?.opened;
    story.push(moment);
    if (failing.includes(moment)) throw new Error(moment);
  };
  const lanes: LaneWork<string> = {
    attempt: async (item, turn) => {
      try {
        await step(`${item} decides`);
        await turn();
        await step(`${item} writes`);
      } catch (error) {
        story.push(`${item} undone`);
        throw error;
      }
    },
    alone: (item) => step(`${item} alone`),
    mayOverlap: (item) => !item.startsWith('single'),
    progress: (item) => step(`${item} done`),
  };
  return { story, lanes: createLanes(lanes) };
}

describe('steps side by side', () => {
  it('are decided while the one before is written, and written one after the other', async () => {
    const writing = gate();
    const { story, lanes } = work([], { 'a writes': writing });
    await lanes.add('a');
    const added = lanes.add('b');
    await soon();
    expect(story).toEqual(['a decides', 'b decides']);
    writing.open();
    await added;
    await lanes.add('c');
    await lanes.end();
    expect(story.filter((moment) => moment.endsWith('writes'))).toEqual(['a writes', 'b writes', 'c writes']);
    expect(story.filter((moment) => moment.endsWith('done'))).toEqual(['a done', 'b done', 'c done']);
  });

  it('do not begin before the one before has decided, nor before it is done where it matters', async () => {
    const deciding = gate();
    const writing = gate();
    const { story, lanes } = work([], { 'a decides': deciding, 'b writes': writing });
    await lanes.add('a');
    void lanes.add('b');
    await soon();
    expect(story).toEqual([]);
    deciding.open();
    await soon();
    const added = lanes.add('single c');
    await soon();
    expect(story).toEqual(['a decides', 'b decides', 'a writes', 'a done']);
    writing.open();
    await added;
    await lanes.end();
    expect(story.slice(4)).toEqual(['b writes', 'b done', 'single c decides', 'single c writes', 'single c done']);
  });

  it('undo the one beside when the first is undone, and are done again in order', async () => {
    const writing = gate();
    const { story, lanes } = work(['a writes'], { 'a writes': writing });
    await lanes.add('a');
    const added = lanes.add('b');
    await soon();
    writing.open();
    await added;
    await lanes.end();
    const moments = ['a decides', 'b decides', 'a writes', 'a undone', 'b undone', 'a alone', 'a done', 'b alone', 'b done'];
    expect([...story].sort()).toEqual([...moments].sort());
    expect(story.indexOf('a alone')).toBeLessThan(story.indexOf('b alone'));
    expect(story).not.toContain('b writes');
  });

  it('end with what cannot be done, and with nothing under way', async () => {
    const { story, lanes } = work(['a writes', 'a alone']);
    await lanes.add('a');
    await expect(lanes.add('b')).rejects.toThrow('a alone');
    await expect(lanes.end()).rejects.toThrow('a alone');
    const length = story.length;
    await soon();
    expect(story).toHaveLength(length);
    expect(story).not.toContain('b writes');
    expect(story).not.toContain('b alone');
  });

  it('end at once when there was nothing', async () => {
    const { lanes } = work();
    await expect(lanes.end()).resolves.toBeUndefined();
  });
});
