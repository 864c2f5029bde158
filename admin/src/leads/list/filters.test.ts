import { plainFilters, sameFilters, valueOf, withFilter, type FilterDefinition } from './filters';

const stage: FilterDefinition = { field: 'stage', kind: 'choice', label: 'fields.stage' };
const owner: FilterDefinition = { field: 'owner', kind: 'owner', label: 'fields.owner' };
const score: FilterDefinition = { field: 'score', kind: 'number', label: 'fields.score' };

describe('filters of the lead list', () => {
  test('a filter that is not set has no value', () => {
    expect(valueOf(stage, { q: 'acme', score_gte: 5 })).toBeNull();
  });
  test('a range keeps both ends, and zero is a value', () => {
    expect(valueOf(score, { score_gte: 0, score_lte: 50 })).toEqual({ score_gte: 0, score_lte: 50 });
    expect(withFilter(score, {}, { score_gte: 0, score_lte: '' })).toEqual({ score_gte: 0 });
  });
  test('setting one filter leaves the others as they were', () => {
    expect(withFilter(stage, { q: 'acme', stage_in: ['new'] }, { stage_in: ['won'] })).toEqual({ q: 'acme', stage_in: ['won'] });
  });
  test('changing the owner to nobody removes the person', () => {
    expect(withFilter(owner, { owner: 5 }, { owner_null: true })).toEqual({ owner_null: true });
  });
  test('an emptied choice disappears', () => {
    expect(withFilter(stage, { stage_in: ['new'] }, { stage_in: [] })).toEqual({});
  });
  test('a filter cannot set a key that is not its own', () => {
    expect(withFilter(stage, {}, { owner: 1 })).toEqual({});
  });
  test('the order of keys does not make two filters different', () => {
    expect(sameFilters({ q: 'a', owner: 1 }, { owner: 1, q: 'a', stage_in: [] })).toBe(true);
    expect(sameFilters({ owner: 1 }, { owner: 2 })).toBe(false);
  });
});

describe('filters without a control of their own', () => {
  test('are named with field and operator, those with a control and empty ones are left out', () => {
    const values = { stage_in: ['new'], q: 'Ada', grade_in: ['A1'], account: 7, homePool_null: true, 'custom.x_gte': 2, city_like: '' };
    expect(plainFilters([stage, owner, score], values, ['q'])).toEqual([
      { key: 'grade_in', field: 'grade', operator: '_in', value: ['A1'] },
      { key: 'account', field: 'account', operator: '', value: 7 },
      { key: 'homePool_null', field: 'homePool', operator: '_null', value: true },
      { key: 'custom.x_gte', field: 'custom.x', operator: '_gte', value: 2 },
    ]);
  });
});
