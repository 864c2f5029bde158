import { restorationOf } from './restoration';

const now = (values: Record<string, unknown>) => (field: string) => values[field] ?? null;

test('a field goes back to what it was before the first of several changes', () => {
  const told = [
    { before: { industry: 'Steel' }, after: { industry: 'Glass' } },
    { before: { industry: 'Glass' }, after: { industry: 'Paper' } },
  ];
  expect(restorationOf(told, now({ industry: 'Paper' }))).toMatchObject({ values: { industry: 'Steel' }, conflicts: [] });
});

test('a field somebody changed since is left alone and named', () => {
  const told = [{ before: { industry: 'Steel', city: null }, after: { industry: 'Glass', city: 'Wuxi' } }];
  expect(restorationOf(told, now({ industry: 'Wood', city: 'Wuxi' }))).toEqual({
    values: { city: null },
    conflicts: ['industry'],
    holding: null,
    stage: null,
  });
});

test('custom fields go back key by key, whatever the order of their keys', () => {
  const told = [{ before: { custom: { a: 1, c: [1] } }, after: { custom: { c: [1], a: 2, b: 'x' } } }];
  expect(restorationOf(told, now({ custom: { b: 'x', a: 2, c: [1], d: 4 } })).values).toEqual({ custom: { a: 1, b: null } });
  expect(restorationOf(told, now({ custom: { a: 3, b: 'x' } }))).toMatchObject({
    values: { custom: { b: null } },
    conflicts: ['custom.a'],
  });
});

test('owner and pool stand or fall together', () => {
  const told = [{ before: { owner: 7, pool: null, team: 2 }, after: { owner: null, pool: 3 } }];
  expect(restorationOf(told, now({ owner: null, pool: 3 })).holding).toEqual({ ownerId: 7, poolId: null });
  expect(restorationOf(told, now({ owner: 9, pool: null }))).toMatchObject({ holding: null, conflicts: ['owner'] });
});

test('a stage goes back with the time it was entered and its outcome', () => {
  const entered = '2026-01-05T01:00:00.000Z';
  const told = [
    {
      before: { stage: 'mql', stageEnteredAt: entered, disposition: null },
      after: { stage: 'disqualified', disposition: 'spam' },
    },
  ];
  expect(restorationOf(told, now({ stage: 'disqualified' })).stage).toEqual({ key: 'mql', enteredAt: entered, disposition: null });
  expect(restorationOf(told, now({ stage: 'lead' }))).toMatchObject({ stage: null, conflicts: ['stage'] });
});

test('dates are compared as instants', () => {
  const told = [{ before: { nextActionAt: null }, after: { nextActionAt: '2026-01-05T01:00:00.000Z' } }];
  expect(restorationOf(told, now({ nextActionAt: new Date('2026-01-05T01:00:00Z') }))).toMatchObject({ values: { nextActionAt: null } });
});
