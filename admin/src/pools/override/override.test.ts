import { LIMIT_CODES } from '../../../../plugins/lead-pools/contracts/limit-codes';
import { isLimit, merged } from './override';

const refused = (id: number, code: string) => ({ id, ok: false, code });

test('only limits can be passed; every other guard stands', () => {
  expect(LIMIT_CODES.every((code) => isLimit({ code }))).toBe(true);
  expect(['COOLING', 'DO_NOT_CONTACT', 'EMBARGO', 'ALREADY_CLAIMED', 'NOT_A_MEMBER', undefined].some((code) => isLimit({ code }))).toBe(
    false,
  );
});

test('after an override the leads a limit had refused have the answer of the second try, the others keep theirs', () => {
  const first = { done: [1], refused: [refused(2, 'CLAIM_LIMIT_DAY'), refused(3, 'COOLING'), refused(4, 'HOLD_LIMIT')] };
  const second = { done: [2], refused: [refused(4, 'ALREADY_CLAIMED')] };
  expect(merged(first, second)).toEqual({ done: [1, 2], refused: [refused(3, 'COOLING'), refused(4, 'ALREADY_CLAIMED')] });
});

test('leads that were to be claimed together have the answer of the second try as well, though no limit of their own had refused them', () => {
  const first = { done: [], refused: [refused(1, 'ALL_OR_NONE'), refused(2, 'ALL_OR_NONE'), refused(3, 'CLAIM_LIMIT_DAY')] };
  expect(merged(first, { done: [1, 2, 3], refused: [] })).toEqual({ done: [1, 2, 3], refused: [] });
});
