import { candidateRows, ranksText } from './decision';

const free = [
  { member: 7, rank: 88.5 },
  { member: 8, rank: null },
  { member: 9, rank: -2 },
];
const out = [{ member: 4, codes: [{ code: 'OFFLINE_TOGGLE' as const }] }];
const rows = [
  { rule: 'desk', member: 7, eligible: true, rank: 88.5 },
  { rule: 'desk', member: 8, eligible: true },
  { rule: 'desk', member: 9, eligible: true, rank: -2, chosen: true },
  { rule: 'desk', member: 4, eligible: false, codes: [{ code: 'OFFLINE_TOGGLE' }] },
];

test('the table of a large batch gives the same rows from its text as from the pairs of decisions made before', () => {
  const pairs = free.map(({ member, rank }) => [member, rank] as const);
  expect(candidateRows([{ rule: 'desk', free: ranksText(free), out, chosen: 9 }])).toEqual(rows);
  expect(candidateRows([{ rule: 'desk', free: pairs, out, chosen: 9 }])).toEqual(rows);
});

test('a table nobody is in, or nobody is kept out of, has no rows of that kind', () => {
  expect(candidateRows([{ rule: 'desk', free: '', out, chosen: null }])).toEqual(rows.slice(3));
  expect(candidateRows([{ rule: 'desk', free: '7:1', chosen: 7 }])).toEqual([
    { rule: 'desk', member: 7, eligible: true, rank: 1, chosen: true },
  ]);
  expect(candidateRows(null)).toEqual([]);
});
