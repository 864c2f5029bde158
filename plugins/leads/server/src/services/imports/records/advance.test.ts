import { STANDARD_LIFECYCLE } from '../../../../../contracts';
import { advancedStage } from './advance';

const of = (from: string, brought: readonly string[], open = 0): string | null => advancedStage(STANDARD_LIFECYCLE, from, brought, open);

describe('the stage a lead moves on to by the deals a file brought', () => {
  test.each([
    ['an open deal', 'lead', ['open'], 1, 'opportunity'],
    ['an open deal of a lead that stands there', 'opportunity', ['open'], 1, null],
    ['a won deal', 'mql', ['won'], 0, 'won'],
    ['a won and a lost one', 'mql', ['lost', 'won'], 0, 'won'],
    ['a won one beside one that is open already', 'mql', ['won'], 1, null],
    ['a won and an open one', 'mql', ['won', 'open'], 1, 'opportunity'],
    ['a lost one of long ago', 'mql', ['lost'], 0, null],
    ['a lost one that was the deal', 'opportunity', ['lost'], 0, 'lost'],
    ['a lost one beside one that is open', 'opportunity', ['lost'], 1, null],
    ['nothing that changed', 'mql', [], 0, null],
  ] as const)('%s: from %s', (_what, from, brought, open, to) => {
    expect(of(from, brought, open)).toBe(to);
  });

  test('never out of an end', () => {
    for (const stage of STANDARD_LIFECYCLE.stages.filter(({ type }) => type === 'won' || type === 'lost'))
      for (const state of ['open', 'won', 'lost']) expect(of(stage.key, [state], state === 'open' ? 1 : 0)).toBeNull();
  });

  test('a graph without a stage of deals keeps leads with open ones where they are', () => {
    const stages = STANDARD_LIFECYCLE.stages.filter(({ key }) => key !== 'opportunity').map((stage) => ({ ...stage, opportunity: false }));
    expect(advancedStage({ ...STANDARD_LIFECYCLE, stages }, 'lead', ['open'], 1)).toBeNull();
  });
});
