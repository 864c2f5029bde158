import fc from 'fast-check';
import { decideClaims, decideTogether, type ClaimedLead, type ClaimsOfOne } from './claim';
import type { LimitUse } from './limits';

const NOW = new Date('2026-03-02T02:00:00Z');
const POOL = 7;

const lead = (id: number, more: Partial<ClaimedLead> = {}): ClaimedLead => ({
  id,
  ownerId: null,
  heldSince: null,
  poolId: POOL,
  poolEnteredAt: null,
  doNotContactUntil: null,
  closed: false,
  coolingUntil: null,
  allowed: true,
  ...more,
});
const dayLimit = (max: number, used = 0): LimitUse => ({
  limit: { kind: 'claims', per: 'day', scope: 'pool', max, level: 'default', ref: null },
  used,
  resetsAt: null,
  lastAt: null,
});
const request = (
  memberId: number,
  leads: readonly ClaimedLead[],
  limits: readonly LimitUse[] = [],
  more: Partial<ClaimsOfOne> = {},
): ClaimsOfOne => ({
  memberId,
  leads,
  rules: { poolId: POOL, embargoSeconds: 0, limits, override: false },
  dryRun: false,
  ...more,
});
const shown = (requests: readonly ClaimsOfOne[]): string[][] =>
  decideTogether(requests, NOW).map((verdicts) => verdicts.map((verdict) => (verdict.ok ? 'ok' : verdict.code)));

test('of two who ask for one lead the first has it, and the other is told that somebody has it', () => {
  expect(shown([request(1, [lead(1)]), request(2, [lead(1), lead(2)])])).toEqual([['ok'], ['ALREADY_CLAIMED', 'ok']]);
});

test('what the first may not take is free for the next', () => {
  expect(shown([request(1, [lead(1)], [dayLimit(3, 3)]), request(2, [lead(1)])])).toEqual([['CLAIM_LIMIT_DAY'], ['ok']]);
  expect(shown([request(1, [lead(1, { allowed: false })]), request(2, [lead(1)])])).toEqual([['NOT_A_MEMBER'], ['ok']]);
});

test('who only asks takes nothing away', () => {
  expect(shown([request(1, [lead(1)], [], { dryRun: true }), request(2, [lead(1)])])).toEqual([['ok'], ['ok']]);
});

test('§5.4: all or none: one that is refused, or is not there, keeps the others; they are free for the next', () => {
  const [refused, missing] = [{ all: { missing: false } }, { all: { missing: true } }];
  expect(shown([request(1, [lead(1), lead(2)], [dayLimit(1)], refused), request(2, [lead(1)])])).toEqual([
    ['ALL_OR_NONE', 'CLAIM_LIMIT_DAY'],
    ['ok'],
  ]);
  expect(shown([request(1, [lead(1)], [], missing)])).toEqual([['ALL_OR_NONE']]);
  expect(shown([request(1, [lead(1), lead(2)], [dayLimit(2)], refused)])).toEqual([['ok', 'ok']]);
});

test('§5.3: who comes too late is told since when it is taken', () => {
  const since = new Date('2026-03-01T02:00:00Z');
  expect(decideTogether([request(1, [lead(1, { ownerId: 9, heldSince: since })])], NOW)[0]![0]).toMatchObject({
    code: 'ALREADY_CLAIMED',
    details: { at: since },
  });
  expect(decideTogether([request(1, [lead(1)]), request(2, [lead(1)])], NOW)[1]![0]).toMatchObject({ details: { at: NOW } });
});

test('no lead gets two owners, nobody passes his own limit, and one alone is decided as ever', () => {
  const asked = fc.array(
    fc.record({ ids: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 5 }), max: fc.integer({ min: 0, max: 3 }) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(asked, (people) => {
      const requests = people.map(({ ids, max }, index) =>
        request(
          index + 1,
          ids.map((id) => lead(id)),
          [dayLimit(max)],
        ),
      );
      const decided = decideTogether(requests, NOW);
      const taken = decided.flatMap((verdicts) => verdicts.filter((verdict) => verdict.ok).map((verdict) => verdict.id));
      expect(new Set(taken).size).toBe(taken.length);
      decided.forEach((verdicts, index) => {
        expect(verdicts.filter((verdict) => verdict.ok).length).toBeLessThanOrEqual(people[index]!.max);
        expect(verdicts.map((verdict) => verdict.id)).toEqual(people[index]!.ids);
      });
      expect(decided[0]).toEqual(decideClaims(requests[0]!.leads, requests[0]!.rules, NOW));
    }),
  );
});
