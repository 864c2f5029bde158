import { lookupOf } from './value';

test.each([
  ['wang@example.com', { email: 'wang@example.com' }],
  [' 138 0013 8000 ', { phone: '138 0013 8000' }],
  ['+86 (10) 6552-9988', { phone: '+86 (10) 6552-9988' }],
  ['上海华信科技', { company: '上海华信科技' }],
  ['360', { company: '360' }],
  ['58同城 100', { company: '58同城 100' }],
])('%s is looked up as what it is', (typed, expected) => {
  expect(lookupOf(typed)).toEqual(expected);
});

test('a single letter is not looked up', () => {
  expect(lookupOf(' a ')).toBeNull();
});
