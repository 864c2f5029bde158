import { many } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { candidateRows, type CandidateCode } from '../../../contracts';

/** How many people something keeps from a lead. */
export interface Blocked {
  readonly code: CandidateCode;
  readonly people: number;
}

/** Who was looked at by the rule a lead came to last, by the first thing that kept each of them from it; most people first. */
export function blockedOf(candidates: unknown, rule: string | null): readonly Blocked[] {
  const rows = candidateRows(candidates);
  const last = rule !== null && rows.some((row) => row.rule === rule) ? rule : rows.at(-1)?.rule;
  const counts = new Map<CandidateCode, number>();
  for (const { rule: by, codes: [first] = [] } of rows) if (by === last && first) counts.set(first.code, (counts.get(first.code) ?? 0) + 1);
  return [...counts].map(([code, people]) => ({ code, people })).sort((a, b) => b.people - a.people || a.code.localeCompare(b.code));
}

/** What kept people from these leads when they were last routed; in one statement. */
export async function loadBlocked(kit: Kit, leads: readonly number[]): Promise<ReadonlyMap<number, readonly Blocked[]>> {
  const rows = await many<{ lead: number; rule: string | null; candidates: unknown }>(
    kit.db,
    `SELECT l.id AS lead, d.result->>'rule' AS rule, d.candidates FROM unnest(?::int[]) AS l(id) CROSS JOIN LATERAL (
       SELECT x.result, x.candidates FROM crm_decisions x WHERE x.subject = 'lead' AND x.subject_id = l.id AND x.kind = 'route' ORDER BY x.id DESC LIMIT 1) d`,
    [[...leads]],
  );
  return new Map(rows.map(({ lead, rule, candidates }) => [lead, blockedOf(candidates, rule)]));
}
