import { couldBeClaimed, onlyLimits } from './together';

const refused = (id: number, code: string) => ({ id, ok: false, code });

test('leads asked for together can still be had by passing limits when only limits stood against them', () => {
  expect(onlyLimits([refused(1, 'ALL_OR_NONE'), refused(2, 'CLAIM_LIMIT_DAY')])).toBe(true);
  expect(onlyLimits([refused(1, 'ALL_OR_NONE'), refused(2, 'CLAIM_LIMIT_DAY'), refused(3, 'COOLING')])).toBe(false);
});

test('the others of a claim of all or none are those that nothing of their own stood against', () => {
  expect(couldBeClaimed([refused(1, 'ALL_OR_NONE'), refused(2, 'COOLING'), refused(3, 'ALL_OR_NONE')])).toEqual([1, 3]);
  expect(couldBeClaimed([refused(2, 'COOLING')])).toEqual([]);
});
