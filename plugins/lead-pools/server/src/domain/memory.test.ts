import { callTimes, holdingsOf, isExhausted, triedOf, type HandEvent, type Try } from './memory';

const at = (text: string): Date => new Date(`${text}+08:00`);
const hand = (time: string, type: string, from: number | null, to: number | null, reason: string | null = null): HandEvent => ({
  at: at(time),
  type,
  from,
  to,
  reason,
});
const call = (time: string, outcome: string): Try => ({ at: at(time), kind: 'call', outcome, inbound: false });

const EVENTS = [
  hand('2026-03-02T09:00', 'lead.claimed', null, 1),
  hand('2026-03-05T09:00', 'lead.released', 1, null, 'no_answer'),
  hand('2026-03-06T09:00', 'lead.claimed', null, 2),
];
const TRIES = [
  call('2026-03-02T09:30', 'no_answer'),
  call('2026-03-03T09:40', 'no_answer'),
  call('2026-03-07T14:10', 'connected'),
  call('2026-03-14T15:10', 'connected'),
];

test('the next owner sees who held the lead, how that ended and what was tried meanwhile', () => {
  expect(holdingsOf(EVENTS, TRIES)).toMatchObject([
    { member: 1, ended: 'lead.released', reason: 'no_answer', attempts: 2, contacts: 0 },
    { member: 2, ended: null, to: null, attempts: 2, contacts: 2 },
  ]);
  expect(triedOf(TRIES)).toMatchObject([
    { outcome: 'connected', count: 2 },
    { outcome: 'no_answer', count: 2 },
  ]);
});

test('he is told to call when the lead was reached before, and not when it never answered', () => {
  expect(callTimes(TRIES, [at('2026-03-10T20:30')], 'Asia/Shanghai')).toEqual({
    zone: 'Asia/Shanghai',
    hours: [
      { weekday: 6, from: 14, to: 16, score: 6, why: 'contact' },
      { weekday: null, from: 20, to: 22, score: 1, why: 'engagement' },
    ],
    avoid: [8],
  });
});

test('a lead is exhausted by owners or by attempts, whichever comes first, and never without a rule', () => {
  expect(isExhausted({ owners: 3, attempts: 0 }, { owners: 3 })).toBe(true);
  expect(isExhausted({ owners: 2, attempts: 9 }, { owners: 3, attempts: 10 })).toBe(false);
  expect(isExhausted({ owners: 0, attempts: 10 }, { attempts: 10 })).toBe(true);
  expect(isExhausted({ owners: 99, attempts: 99 }, {})).toBe(false);
});
