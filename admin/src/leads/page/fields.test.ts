import { changesOf } from './fields';

describe('the body of an edit', () => {
  test('nothing changed is no body', () => {
    expect(changesOf({ name: 'Ada', 'custom.tags': ['a'] }, { name: 'Ada', 'custom.tags': ['a'] })).toBeNull();
  });
  test('only changed fields travel, custom ones under custom', () => {
    expect(changesOf({ name: 'Ada', city: '', 'custom.plan': '' }, { name: 'Ada', city: 'Paris', 'custom.plan': 'pro' })).toEqual({
      city: 'Paris',
      custom: { plan: 'pro' },
    });
  });
  test('an emptied field becomes null', () => {
    expect(changesOf({ city: 'Paris' }, { city: '' })).toEqual({ city: null });
  });
  test('false and zero are values', () => {
    expect(changesOf({ employees: 5, 'custom.vip': true }, { employees: 0, 'custom.vip': false })).toEqual({
      employees: 0,
      custom: { vip: false },
    });
  });
});
