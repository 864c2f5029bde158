import { unusualFrom } from './reveal-watch';

test.each([
  ['nobody is told of a handful, whatever is usual', 0, 30],
  ['six a day make thirty unusual', 180, 30],
  ['ten a day make fifty unusual', 300, 50],
  ['it is rounded up', 301, 51],
])('%s', (_name, before, mark) => expect(unusualFrom(before)).toBe(mark));
