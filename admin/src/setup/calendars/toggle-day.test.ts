import { toggled } from './toggle-day';

describe('a click on a day of the year', () => {
  test('closes a day that is open, and works one that is closed', () => {
    expect(toggled([], { date: '2026-03-04', seconds: 27_000 })).toEqual([{ from: '2026-03-04', kind: 'off' }]);
    expect(toggled([], { date: '2026-03-07', seconds: 0 })).toEqual([{ from: '2026-03-07', kind: 'work' }]);
  });
  test('gives a day of one’s own back', () =>
    expect(toggled([{ from: '2026-03-04', kind: 'off' }], { date: '2026-03-04', seconds: 0 })).toEqual([]));
  test('splits a period around the day', () => {
    expect(toggled([{ from: '2026-02-27', to: '2026-03-02', kind: 'off', label: 'x' }], { date: '2026-02-28', seconds: 0 })).toEqual([
      { from: '2026-02-27', kind: 'off', label: 'x' },
      { from: '2026-03-01', to: '2026-03-02', kind: 'off', label: 'x' },
    ]);
  });
});
