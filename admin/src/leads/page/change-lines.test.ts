import { valuesOf, wordsOf } from './change-lines';

const entry = (type: string, data: Record<string, unknown> | null) => ({ type, data }) as Parameters<typeof wordsOf>[0];

test('what a person wrote is told: a note, or why he passed a limit, protected, left alone or brought back', () => {
  expect(wordsOf(entry('lead.activity', { note: 'Call again.' }))).toBe('Call again.');
  expect(wordsOf(entry('lead.limit_overridden', { code: 'HOLD_LIMIT', reason: 'Fair tomorrow' }))).toBe('Fair tomorrow');
  expect(wordsOf(entry('lead.moved', { revived: true, reason: 'New buyer' }))).toBe('New buyer');
});

test('the code of a reason is no words', () => {
  expect(wordsOf(entry('lead.released', { reason: 'no_time', note: null }))).toBe('');
  expect(wordsOf(entry('lead.recycled', { reason: 'sla-breach' }))).toBe('');
  expect(wordsOf(entry('lead.claimed', null))).toBe('');
});

test('own fields stand among the values of an event under their own names, columns under those of the console', () => {
  expect(valuesOf({ owner_id: 3, custom: { advisor: 7, renewal: '2027-03-06' } })).toEqual([
    ['owner', 3],
    ['custom.advisor', 7],
    ['custom.renewal', '2027-03-06'],
  ]);
  expect(valuesOf({ custom: null, stage: 'new' })).toEqual([['stage', 'new']]);
});
