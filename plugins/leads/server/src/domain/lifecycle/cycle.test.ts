import { STANDARD_LIFECYCLE, type Lifecycle, type Transition } from '../../../../contracts';
import { LIFECYCLE_TEMPLATES } from '../../../../contracts/lifecycle-templates';
import { isOncePerCycle, isRecycling, stageColumns } from './cycle';

const AT = new Date('2026-03-05T08:00:00Z');
const statuses = LIFECYCLE_TEMPLATES.find(({ key }) => key === 'chinese-status')!.body;
const withMove = (from: string, to: string, more: Partial<Transition>): Lifecycle => ({
  ...STANDARD_LIFECYCLE,
  transitions: STANDARD_LIFECYCLE.transitions.map((move) => (move.from === from && move.to === to ? { ...move, ...more } : move)),
});

describe('a move that recycles', () => {
  test.each([
    ['mql', 'recycled', true, 'from work to marketing'],
    ['lost', 'recycled', true, 'from the end to marketing'],
    ['lead', 'recycled', false, 'nobody had worked it yet'],
    ['recycled', 'mql', false, 'taken up again'],
    ['disqualified', 'lead', false, 'a restoration is no new cycle'],
    ['mql', 'srl', false, 'forward'],
    ['gone', 'recycled', true, 'a stage an older graph had'],
  ])('%s → %s: %s, %s', (from, to, expected) => {
    expect(isRecycling(STANDARD_LIFECYCLE, from, to)).toBe(expected);
  });

  test('what the move says goes before the kinds of its stages', () => {
    expect(isRecycling(withMove('disqualified', 'lead', { recycles: true }), 'disqualified', 'lead')).toBe(true);
    expect(isRecycling(withMove('*', 'recycled', { recycles: false }), 'mql', 'recycled')).toBe(false);
  });

  test('giving a lead back to those who assign is no new cycle in the status model', () => {
    expect(isRecycling(statuses, 'in_progress', 'unassigned')).toBe(false);
  });
});

describe('what entering a stage changes', () => {
  const row = { stage: 'mql', cycle: 2, score: 64, score_base: null };
  test('a recycled lead begins its next cycle and remembers its score', () => {
    expect(stageColumns(STANDARD_LIFECYCLE, row, 'recycled', AT)).toEqual({
      stage: 'recycled',
      stage_entered_at: AT,
      cycle: 3,
      score_epoch: AT,
      score_base: 64,
    });
  });
  test('a lead without a score is remembered as having none to surpass', () => {
    expect(stageColumns(STANDARD_LIFECYCLE, { ...row, score: null }, 'recycled', AT)).toMatchObject({ score_base: 0 });
  });
  test('taken up again the score is forgotten and the cycle stays', () => {
    const columns = stageColumns(STANDARD_LIFECYCLE, { stage: 'recycled', cycle: 3, score: 70, score_base: 64 }, 'mql', AT);
    expect(columns).toEqual({ stage: 'mql', stage_entered_at: AT, score_base: null });
  });
  test('any other move changes the stage and nothing else', () => {
    expect(stageColumns(STANDARD_LIFECYCLE, row, 'srl', AT)).toEqual({ stage: 'srl', stage_entered_at: AT });
  });
});

describe('a move the product makes once in a cycle', () => {
  const find = (graph: Lifecycle, from: string, to: string): Transition =>
    graph.transitions.find((move) => move.from === from && move.to === to)!;
  test('is one that asks for a grade; following the owner is repeated as often as he changes', () => {
    expect(isOncePerCycle(find(STANDARD_LIFECYCLE, 'lead', 'mql'))).toBe(true);
    expect(isOncePerCycle(find(statuses, 'unassigned', 'pending'))).toBe(false);
    expect(isOncePerCycle(find(STANDARD_LIFECYCLE, 'mql', 'srl'))).toBe(false);
  });
  test('is found in a nested condition, and the move itself can say otherwise', () => {
    const nested = {
      combinator: 'and' as const,
      rules: [{ combinator: 'or' as const, rules: [{ field: 'lead.score', operator: '>=', value: 60 }] }],
    };
    const move = { ...find(STANDARD_LIFECYCLE, 'lead', 'mql'), auto: nested };
    expect(isOncePerCycle(move)).toBe(true);
    expect(isOncePerCycle({ ...move, once: false })).toBe(false);
    expect(isOncePerCycle({ ...find(statuses, 'unassigned', 'pending'), once: true })).toBe(true);
  });
});
