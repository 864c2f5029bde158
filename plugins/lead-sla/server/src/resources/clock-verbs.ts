import { type Kit, type ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import type { Clock } from '../domain/clock';
import { pauseRulesOf, allowanceOf } from '../domain/pause';
import { pauseClock, resumeClock, unwaiveClock, waiveClock } from '../services/by-hand';
import { findClocks } from '../services/clock-store';
import { openDispute } from '../services/disputes';
import { loadShelf } from '../services/shelf';
import { verbOfOne } from './verb-of-one';

const brief = ({ id, state, dueAt }: Clock): Record<string, unknown> => ({ id, state, dueAt });

const verb = verbOfOne('deadline');

const none = z.object({});

/** What people may do with a clock by hand: pause and resume, waive, dispute. */
export const handVerbs = (kit: Kit): ResourceVerb[] => [
  verb({
    name: 'pauses',
    method: 'GET',
    input: none,
    summary: 'Why this deadline may be paused, and how much of it is left.',
    access: 'read',
    run: async (_context, id) => {
      const [clock] = await findClocks(kit.db, 'WHERE c.id = ?', [id]);
      const rules = clock ? pauseRulesOf((await loadShelf(kit, [clock])).metric(clock.versionId, clock.metric)) : null;
      return clock && rules
        ? { reasons: rules.reasons, ...allowanceOf(clock, rules), spent: clock.pauseSpent }
        : { reasons: [], seconds: 0, count: 0, spent: true };
    },
  }),
  verb({
    name: 'pause',
    input: z.object({
      reason: z.string().min(1).max(60),
      note: z.string().max(1000).nullish(),
      until: z.iso.datetime({ offset: true }).nullish(),
    }),
    summary: 'Pause a deadline, with a reason of the contract.',
    run: async (context, id, input) =>
      brief(await pauseClock(kit, context, id, { ...input, until: input.until ? new Date(input.until) : null })),
  }),
  verb({
    name: 'resume',
    input: none,
    summary: 'End a pause that somebody made by hand.',
    access: 'pause',
    run: async (context, id) => brief(await resumeClock(kit, context, id)),
  }),
  verb({
    name: 'waive',
    input: z.object({ reason: z.string().trim().min(1).max(1000) }),
    summary: 'Waive a miss: it stays measured, but does not count.',
    run: async (context, id, { reason }) => brief(await waiveClock(kit, context, id, reason)),
  }),
  verb({
    name: 'unwaive',
    input: none,
    summary: 'Take a waiver back.',
    access: 'waive',
    run: async (context, id) => brief(await unwaiveClock(kit, context, id)),
  }),
  verb({
    name: 'dispute',
    input: z.object({ reason: z.string().trim().min(1).max(200), note: z.string().max(2000).nullish() }),
    summary: 'Say that a miss is none.',
    run: async (context, id, input) => ({ id: await openDispute(kit, context, id, input) }),
  }),
];
