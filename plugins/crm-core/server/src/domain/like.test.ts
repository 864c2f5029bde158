import { likePattern, likeText, matchPattern } from './like';

test('wildcards of a text stand for themselves', () => {
  expect(likeText('50%_\\ off')).toBe('50\\%\\_\\\\ off');
  expect(likePattern('a_b')).toBe('%a\\_b%');
});

test.each([
  ['/pricing', '%/pricing%'],
  ['100%_\\', '%100\\%\\_\\\\%'],
  ['/blog/*', '/blog/%'],
])('the match %s becomes the pattern %s', (match, pattern) => {
  expect(matchPattern(match)).toBe(pattern);
});
