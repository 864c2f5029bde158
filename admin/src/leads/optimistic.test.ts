import type { Lead } from '../api/types';
import { patchedAnswer } from './optimistic';

const lead = (id: number, owner: number | null): Lead => ({ id, owner, stage: 'lead' }) as Lead;
const patch = (): Partial<Lead> => ({ owner: 9 });

describe('a change shown before the answer', () => {
  test('reaches the lead in a page, a list and alone, and no other lead', () => {
    const ids = new Set([1]);
    expect(patchedAnswer({ data: [lead(1, 2), lead(2, 2)], total: 2 }, ids, patch)).toEqual({ data: [lead(1, 9), lead(2, 2)], total: 2 });
    expect(patchedAnswer([lead(1, 2)], ids, patch)).toEqual([lead(1, 9)]);
    expect(patchedAnswer(lead(2, 2), ids, patch)).toEqual(lead(2, 2));
  });

  test('leaves answers of another shape alone', () => {
    for (const answer of [undefined, null, 5, { total: 3 }, ['a']]) expect(patchedAnswer(answer, new Set([1]), patch)).toEqual(answer);
  });
});
