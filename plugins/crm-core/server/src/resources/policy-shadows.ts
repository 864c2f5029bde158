import { z } from 'zod';
import { canRunSilently, notFound } from '../../../contracts';
import type { Kit, PolicyKind, ResourceVerb } from '../../../contracts';
import { MOST_SHADOW_DAYS } from '../services/policy-shadows';
import { many, one } from '../services/rows';

/** Where the subjects of cases are read, each under the rights of who asks. */
const ROWS: Readonly<Record<string, { readonly resource: string; readonly table: string }>> = {
  lead: { resource: 'leads', table: 'crm_leads' },
};
const SHOWN = 200;

interface Run {
  readonly id: number;
  readonly state: 'running' | 'ended';
  readonly startedAt: Date;
  readonly startedBy: string | null;
  readonly endsAt: Date;
  readonly endedAt: Date | null;
  readonly lookedAt: Date | null;
  readonly failures: number;
  readonly stale: boolean;
}

const LATEST = `SELECT s.id, s.state, s.started_at AS "startedAt", m.name AS "startedBy", s.ends_at AS "endsAt", s.ended_at AS "endedAt",
    s.looked_at AS "lookedAt", s.failures, s.body <> p.draft AS stale
  FROM crm_policy_shadows s JOIN crm_policies p ON p.id = s.policy_id LEFT JOIN crm_members m ON m.id = s.started_by
  WHERE s.policy_id = ? ORDER BY s.id DESC LIMIT 1`;

const COUNTS = `SELECT outcome, count(*)::int AS count FROM crm_shadow_cases WHERE shadow_id = ? GROUP BY outcome`;

const verb = <Input>(definition: Omit<ResourceVerb<Input>, 'target'>): ResourceVerb => ({ ...definition, target: 'record' });

/** `shadow-start`, `shadow-stop`, `shadow` (the run that is on or was last, counted) and `shadow-cases` (those the actor may read). */
export function shadowVerbs(kind: PolicyKind, kit: Kit): readonly ResourceVerb[] {
  const { shadow } = kind;
  const summary = async (policyId: number): Promise<Record<string, unknown>> => {
    if (!canRunSilently(shadow))
      return { possible: false, reason: shadow?.reason ?? null, instead: shadow?.instead ?? 'preview', run: null };
    const run = await one<Run>(kit.db, LATEST, [policyId]);
    const counts = new Map(
      (run ? await many<{ outcome: string; count: number }>(kit.db, COUNTS, [run.id]) : []).map(({ outcome, count }) => [outcome, count]),
    );
    const outcomes = shadow.outcomes.map((one) => ({ ...one, count: counts.get(one.key) ?? 0 }));
    return { possible: true, terms: shadow.terms, run, outcomes };
  };
  return [
    verb({
      name: 'shadow',
      method: 'GET',
      input: z.object({}),
      summary:
        'Whether a draft of this policy can run silently, the run that is on or was last, and how often it would have done something else.',
      access: 'read',
      run: (_context, ids) => summary(ids[0]!),
    }),
    verb({
      name: 'shadow-start',
      input: z.object({ days: z.int().min(1).max(MOST_SHADOW_DAYS).default(14) }),
      summary: 'Let the draft decide silently for some days beside what is live.',
      access: 'publish',
      run: async ({ actor, now }, ids, { days }) => {
        await kit.shadows.start(ids[0]!, days, actor, now);
        return summary(ids[0]!);
      },
    }),
    verb({
      name: 'shadow-stop',
      input: z.object({}),
      summary: 'End the silent run; what it found stays.',
      access: 'publish',
      run: async ({ actor, now }, ids) => {
        await kit.shadows.stop(ids[0]!, actor, now);
        return summary(ids[0]!);
      },
    }),
    verb({
      name: 'shadow-cases',
      input: z.object({ outcome: z.string().max(40).optional() }),
      summary: 'What both decided, newest first, of the records one may read.',
      access: 'read',
      run: async ({ actor }, ids, { outcome }) => {
        const run = await one<{ id: number }>(kit.db, 'SELECT max(id) AS id FROM crm_policy_shadows WHERE policy_id = ?', [ids[0]]);
        if (!run?.id) throw notFound('Silent run');
        const readable = Object.entries(ROWS).map(([subject, { resource, table }]) => {
          const scope = kit.access.scope(actor, resource, 'read', 'l');
          return {
            sql: `c.subject = ? AND EXISTS (SELECT 1 FROM ${table} l WHERE l.id = c.subject_id AND (${scope.sql}))`,
            bindings: [subject, ...scope.bindings],
          };
        });
        const cases = await many(
          kit.db,
          `SELECT c.key, c.subject, c.subject_id AS "subjectId", c.at, c.outcome, c.live, c.silent FROM crm_shadow_cases c
           WHERE c.shadow_id = ? ${outcome ? 'AND c.outcome = ?' : ''} AND (${readable.map(({ sql }) => `(${sql})`).join(' OR ')})
           ORDER BY c.at DESC, c.key LIMIT ${SHOWN}`,
          [run.id, ...(outcome ? [outcome] : []), ...readable.flatMap(({ bindings }) => bindings)],
        );
        return { cases, limited: cases.length === SHOWN };
      },
    }),
  ];
}
