import { EMPTY_DRAFT, planOf, type Draft } from './plan';

const utc = (local: string): string => `${local}:00Z`;
const leave: Draft = { ...EMPTY_DRAFT, member: 7, from: '2026-11-23', to: '2026-11-27', split: [{ when: null, to: { type: 'home' } }] };

test('leave reaches from the beginning of its first day to the first moment after its last', () => {
  expect(planOf(leave, utc)).toMatchObject({ member: 7, from: '2026-11-23T00:00:00Z', to: '2026-11-28T00:00:00Z' });
});

test('leave without a first day begins now and still needs a last one', () => {
  expect(planOf({ ...leave, from: '' }, utc)).not.toHaveProperty('from');
  expect(planOf({ ...leave, to: '' }, utc)).toBeNull();
});

test('leave that ends before it begins is no plan', () => {
  expect(planOf({ ...leave, to: '2026-11-22' }, utc)).toBeNull();
});

test('a leaver does not come back', () => {
  expect(planOf({ ...leave, kind: 'leaver', to: '' }, utc)).not.toHaveProperty('to');
});

test('every rule needs somebody to give to', () => {
  const open = { when: null, to: null };
  expect(planOf({ ...leave, split: [open, ...leave.split] }, utc)).toBeNull();
  expect(planOf({ ...leave, split: [{ when: null, to: { type: 'shares', shares: [{ member: 2, weight: 0 }] } }] }, utc)).toBeNull();
});
