import type { Actor, Kit, VerbContext } from '@leadsea/crm-core';
import { z } from 'zod';
import type { LeadChange, LeadRow, Lifecycle, Outcome, StageGuard, Transition } from '../../../contracts';
import { findMove, movesFrom } from '../domain/lifecycle/transitions';
import { liveLifecycle } from '../services/stages';
import { missingFields } from './required';

export const stageInput = z.object({ to: z.string(), reason: z.string().max(60).nullish(), note: z.string().max(2000).nullish() });
export type StageInput = z.infer<typeof stageInput>;

/** Which leads pass the guards of the graph's manual moves: one statement for all guards. */
async function guardsOf(
  kit: Kit,
  actor: Actor,
  now: Date,
  graph: Lifecycle,
  ids: readonly number[],
): Promise<(move: Transition, id: number) => boolean> {
  const guarded = graph.transitions.filter((move) => move.manual && move.guard);
  if (guarded.length === 0) return () => true;
  const tests = guarded.map((move) => kit.conditions.compile(move.guard!, 'lead', 'l', { actor, now }));
  const { rows } = await kit.db.raw<{ rows: { id: number; passed: boolean[] }[] }>(
    `SELECT l.id, ARRAY[${tests.map(({ sql }) => `(${sql})`).join(', ')}] AS passed FROM crm_leads l WHERE l.id = ANY(?::int[])`,
    [...tests.flatMap(({ bindings }) => [...bindings]), [...ids]],
  );
  const passed = new Map(rows.map((row) => [row.id, row.passed]));
  return (move, id) => !move.guard || passed.get(id)?.[guarded.indexOf(move)] === true;
}

/** Refuses a move the graph does not have, or whose terms are not met, before anything is written. `inputOf` null = nowhere to go. */
export async function stageChanges(
  kit: Kit,
  { actor, now }: VerbContext,
  ids: readonly number[],
  inputOf: (row: LeadRow, graph: Lifecycle) => StageInput | null,
  guards: readonly StageGuard[],
): Promise<{ changes: LeadChange[]; refused: Map<number, Outcome> }> {
  const { graph } = await liveLifecycle(kit);
  const rows = await kit.db<LeadRow>('crm_leads').whereIn('id', [...ids]);
  const refused = new Map<number, Outcome>();
  const changes: LeadChange[] = [];
  const targetOf = (row: LeadRow): string | null => inputOf(row, graph)?.to ?? null;
  const barred = new Map((await Promise.all(guards.map((guard) => guard(rows, targetOf, now)))).flatMap((one) => [...one]));
  const passes = await guardsOf(kit, actor, now, graph, ids);
  for (const row of rows) {
    const fail = (code: string, message: string, details: Record<string, unknown>): void =>
      void refused.set(row.id, { ok: false, id: row.id, code, message, details });
    const input = inputOf(row, graph);
    if (input === null) {
      fail('MOVE_NOT_ALLOWED', 'There is no next stage from here.', { from: row.stage });
      continue;
    }
    const move = findMove(graph, row.stage, input.to);
    if (!move?.manual) {
      fail('MOVE_NOT_ALLOWED', `A lead cannot go from ${row.stage} to ${input.to}.`, {
        from: row.stage,
        to: input.to,
        allowed: movesFrom(graph, row.stage).map((one) => one.to),
      });
      continue;
    }
    if (move.roles && move.roles.length > 0 && actor.kind === 'member' && !move.roles.some((role) => actor.roles.includes(role))) {
      fail('MOVE_NOT_YOURS', 'This move is made by other roles.', { from: row.stage, to: input.to, roles: move.roles });
      continue;
    }
    if (!passes(move, row.id)) {
      fail('GUARD_NOT_MET', 'The lead does not meet the condition of this move.', { from: row.stage, to: input.to });
      continue;
    }
    if (move.reasons.length > 0 && !move.reasons.some((reason) => reason.value === input.reason)) {
      fail('REASON_REQUIRED', 'Choose a reason.', { field: 'reason', reasons: move.reasons });
      continue;
    }
    const bar = barred.get(row.id);
    const missing = missingFields(move.requires, row);
    if (bar) fail(bar.code, bar.message, { ...bar.details });
    else if (missing.length > 0) fail('FIELDS_REQUIRED', `Fill in first: ${missing.join(', ')}.`, { fields: missing });
    else
      changes.push({
        op: 'stage',
        id: row.id,
        to: input.to,
        reason: input.reason ?? null,
        note: input.note ?? null,
        expect: { stage: row.stage },
      });
  }
  return { changes, refused };
}
