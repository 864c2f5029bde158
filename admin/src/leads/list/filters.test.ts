import { sameFilters, valueOf, withFilter, type FilterDefinition } from './filters';

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
