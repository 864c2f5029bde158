import { matchShortcut, type Shortcut } from './shortcuts';

const shortcut = (key: string): Shortcut => ({ key, label: '', run: () => undefined });
const all = [shortcut('l'), shortcut('g l'), shortcut('Enter')];

describe('the shortcut a key press means', () => {
  test.each([
    ['l', null, 'l'],
    ['l', 'g', 'g l'],
    ['l', 'x', 'l'],
    ['Enter', 'g', 'Enter'],
    ['q', 'g', undefined],
    ['g', null, undefined],
  ])('%s after %s is %s', (key, before, wanted) => {
    expect(matchShortcut(all, key, before)?.key).toBe(wanted);
  });
});
