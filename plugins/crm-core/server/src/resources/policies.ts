import { z } from 'zod';
import { isPendingReview } from '../../../contracts';
import type { PendingReview, PolicyKind, PolicyVersion, ResourceDefinition, ResourceVerb } from '../../../contracts';
import type { FullPolicyService } from '../services/policies';

/** A version that went live, or the request that waits for a second person. */
const outcome = (id: number, answer: PolicyVersion | PendingReview): Record<string, unknown> =>
  isPendingReview(answer) ? { id, ...answer } : { id, version: answer.number, versionId: answer.versionId };

/** One look for all policies: draft, lint, preview, publish, history, revert. The kind brings schema, lint and preview. */
export function policyResource(
  kind: PolicyKind,
  policies: FullPolicyService,
  now: () => Date,
  more: readonly ResourceVerb[] = [],
): ResourceDefinition {
  const record = <Input>(definition: Omit<ResourceVerb<Input>, 'target'>): ResourceVerb => ({ ...definition, target: 'record' });
  return {
    name: kind.resource,
    table: 'crm_policies',
    rows: { owner: null, team: null, pool: null },
    base: (alias) => ({ sql: `${alias}.kind = ?`, bindings: [kind.kind] }),
    fields: [
      { name: 'id', type: 'id' },
      { name: 'key', type: 'text', writable: true },
      { name: 'name', type: 'text', writable: true },
      { name: 'state', type: 'select' },
      { name: 'position', type: 'number', writable: true },
      { name: 'draft', type: 'json', writable: true },
      { name: 'version', type: 'number', column: 'published_number' },
      {
        name: 'published',
        type: 'json',
        sql: (alias) => `(SELECT v.body FROM crm_policy_versions v WHERE v.id = ${alias}.published_version_id)`,
      },
      {
        name: 'publishedAt',
        type: 'datetime',
        sql: (alias) => `(SELECT v.published_at FROM crm_policy_versions v WHERE v.id = ${alias}.published_version_id)`,
      },
      {
        name: 'changed',
        type: 'boolean',
        sql: (alias) =>
          `(${alias}.published_version_id IS NULL OR ${alias}.draft <> (SELECT v.body FROM crm_policy_versions v WHERE v.id = ${alias}.published_version_id))`,
      },
      { name: 'draftChangedAt', type: 'datetime' },
      {
        name: 'pendingReview',
        type: 'json',
        sql: (
          alias,
        ) => `(SELECT jsonb_build_object('id', r.id, 'action', r.action, 'by', r.requested_by, 'at', r.requested_at) FROM crm_reviews r
          WHERE r.subject = 'policy' AND r.subject_id = ${alias}.id AND r.state = 'open' ORDER BY r.id LIMIT 1)`,
      },
    ],
    search: ['name', 'key'],
    defaultSort: ['position', 'ASC'],
    create: async ({ actor, now: at }, values) => {
      const { id } = await policies.saveDraft(
        kind.kind,
        null,
        {
          key: values['key'] as string | undefined,
          name: values['name'] as string | undefined,
          draft: values['draft'] ?? {},
          position: values['position'] as number | undefined,
        },
        actor,
        at,
      );
      return id;
    },
    update: async ({ actor, now: at }, id, values) => {
      const saved = await policies.saveDraft(
        kind.kind,
        id,
        { name: values['name'] as string | undefined, draft: values['draft'], position: values['position'] as number | undefined },
        actor,
        at,
      );
      return isPendingReview(saved) ? saved : undefined;
    },
    remove: async ({ actor, now: at }, id) => (await policies.retire(id, actor, at)) ?? undefined,
    verbs: [
      record({
        name: 'lint',
        input: z.object({}),
        summary: 'Problems of the draft.',
        access: 'read',
        run: (_context, ids) => policies.lint(ids[0]!),
      }),
      record({
        name: 'preview',
        input: z.object({}),
        summary: 'Who is affected if the draft is published.',
        access: 'read',
        run: ({ actor }, ids) => policies.preview(ids[0]!, actor),
      }),
      record({
        name: 'publish',
        input: z.object({ note: z.string().max(1000).nullish(), options: (kind.publishOptions ?? z.undefined()).optional() }),
        summary: 'Make the draft the live version.',
        run: async ({ actor }, ids, input) => {
          const options = input.options as Record<string, unknown> | undefined;
          return outcome(ids[0]!, await policies.publish(ids[0]!, input.note ?? null, actor, now(), options));
        },
      }),
      record({
        name: 'revert',
        input: z.object({ version: z.number().int() }),
        summary: 'Publish an earlier version again.',
        access: 'publish',
        run: async ({ actor }, ids, input) => outcome(ids[0]!, await policies.revert(ids[0]!, input.version, actor, now())),
      }),
      record({
        name: 'history',
        method: 'GET',
        input: z.object({}),
        summary: 'Published versions, newest first.',
        access: 'read',
        run: (_context, ids) => policies.history(ids[0]!),
      }),
      ...more,
    ],
  };
}
