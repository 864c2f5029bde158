import { silentOutcome } from './silent';

const day = (at: Date): string => at.toISOString().slice(0, 10);
const at = (text: string): Date => new Date(`${text}Z`);
const NOW = at('2026-03-10T12:00');

describe('a draft of a pool beside the live one', () => {
  it.each([
    ['nothing has come yet', null, at('2026-03-11T00:00'), 'pending'],
    ['neither takes it back', null, null, 'pending'],
    ['exactly now counts as come', null, NOW, 'only-draft'],
    ['the live one keeps it longer', at('2026-03-12T00:00'), at('2026-03-09T00:00'), 'only-draft'],
    ['the draft keeps it', at('2026-03-09T00:00'), null, 'only-live'],
    ['both on one day, hours apart', at('2026-03-09T08:00'), at('2026-03-09T20:00'), 'same'],
    ['the draft a day before', at('2026-03-09T00:00'), at('2026-03-08T23:59'), 'earlier'],
    ['the draft a day after', at('2026-03-08T23:59'), at('2026-03-09T00:00'), 'later'],
  ] as const)('%s', (_name, live, silent, outcome) => {
    expect(silentOutcome({ live, silent }, NOW, day)).toBe(outcome);
  });
});
