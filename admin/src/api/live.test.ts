import { QueryClient } from '@tanstack/react-query';
import { createInvalidator, readBlocks } from './live';

describe('reading the live stream', () => {
  test('whole blocks become events and the unfinished rest is kept', () => {
    const { events, rest } = readBlocks('data: {"resource":"leads","ids":[1],"type":"changed"}\n\ndata: {"resource":"ta');
    expect(events).toEqual([{ resource: 'leads', ids: [1], type: 'changed' }]);
    expect(rest).toBe('data: {"resource":"ta');
  });
  test('comments, the greeting and what is not JSON are no events', () => {
    expect(readBlocks(': beat\n\nretry: 3000\nevent: ready\ndata: {}\n\ndata: hello\n\n').events).toEqual([]);
  });
  test('Windows line ends and data over several lines are read', () => {
    expect(readBlocks('data: {"resource":\r\ndata: "leads"}\r\n\r\n').events).toEqual([{ resource: 'leads' }]);
  });
});

describe('asking again for what changed', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('a burst of events makes one refetch of each resource and of what shows it', () => {
    const client = new QueryClient();
    const asked: unknown[] = [];
    jest.spyOn(client, 'invalidateQueries').mockImplementation((filters) => {
      asked.push(filters?.queryKey?.[0]);
      return Promise.resolve();
    });
    const invalidate = createInvalidator(client, 1500);
    for (let index = 0; index < 50; index += 1) invalidate([{ resource: 'leads', ids: [index] }]);
    expect(asked).toEqual([]);
    jest.advanceTimersByTime(1500);
    expect([...asked].sort()).toEqual(['explain', 'leads', 'pool-requests', 'pools-board', 'sla-clocks', 'tasks', 'timeline', 'work']);
  });

  test('the next round waits until the pause is over', () => {
    const client = new QueryClient();
    const spy = jest.spyOn(client, 'invalidateQueries').mockResolvedValue(undefined);
    const invalidate = createInvalidator(client, 1500);
    invalidate([{ resource: 'imports' }]);
    jest.advanceTimersByTime(200);
    expect(spy).toHaveBeenCalledTimes(1);
    invalidate([{ resource: 'imports' }]);
    jest.advanceTimersByTime(1000);
    expect(spy).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(500);
    expect(spy).toHaveBeenCalledTimes(2);
  });
});
