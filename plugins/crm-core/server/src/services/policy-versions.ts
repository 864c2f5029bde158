import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { badRequest } from '../../../contracts';
import type { Actor, EventService, PolicyKind, PolicyVersion } from '../../../contracts';
import { parsePolicy, type PolicyRow } from './policy-rows';
import { endShadows } from './policy-shadows';
import { one, updateRow } from './rows';

export interface NewVersion {
  readonly body: unknown;
  readonly note: string | null;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Who asked for it, where a second person made it live. */
  readonly requestedBy?: number;
}

export interface VersionWriter {
  /** Writes the next version, makes it live and tells every node, in the caller's transaction. */
  write(trx: Knex.Transaction, row: PolicyRow, version: NewVersion, actor: Actor, now: Date): Promise<PolicyVersion>;
  /** The body as it may be published. @throws AppError POLICY_INVALID, POLICY_LINT */
  soundBody(row: Pick<PolicyRow, 'kind' | 'key'>, draft: unknown): Promise<unknown>;
}

export function createVersionWriter({ events, kindOf }: { events: EventService; kindOf(kind: string): PolicyKind }): VersionWriter {
  const insert = async (
    trx: Knex.Transaction,
    row: PolicyRow,
    { body, note, requestedBy }: NewVersion,
    actor: Actor,
    now: Date,
  ): Promise<{ id: number; number: number }> => {
    const text = JSON.stringify(body);
    const version = await one<{ id: number; number: number }>(
      trx,
      `INSERT INTO crm_policy_versions (policy_id, number, body, hash, note, published_by, requested_by, published_at)
       SELECT ?, coalesce(max(number), 0) + 1, ?::jsonb, ?, ?, ?, ?, ? FROM crm_policy_versions WHERE policy_id = ? RETURNING id, number`,
      [row.id, text, createHash('sha256').update(text).digest('hex'), note, actor.memberId, requestedBy ?? null, now, row.id],
    );
    if (!version) throw new Error('The version was not written.');
    return version;
  };

  return {
    write: async (trx, row, given, actor, now) => {
      const { id: versionId, number } = await insert(trx, row, given, actor, now);
      const { id, kind, key, name } = row;
      await updateRow(trx, 'crm_policies', id, { state: 'live', published_version_id: versionId, published_number: number }, now);
      const result: PolicyVersion = { policyId: id, versionId, number, kind, key, name, body: given.body, publishedAt: now };
      const data = { kind, key, number, note: given.note, ...(given.requestedBy ? { requestedBy: given.requestedBy } : {}) };
      await events.append(
        trx,
        [{ subject: 'policy', subjectId: id, type: 'policy.published', policyVersionId: versionId, data }],
        actor,
        { type: 'publish', id: String(id) },
        now,
      );
      await endShadows(trx, id, now);
      await kindOf(kind).onPublish?.(trx, result, actor, now, given.options);
      await trx.raw(`SELECT pg_notify('crm_policies', ?)`, [kind]);
      return result;
    },
    soundBody: async (row, draft) => {
      const kind = kindOf(row.kind);
      const body = parsePolicy(kind, draft);
      const findings = ((await kind.lint?.(body, { key: row.key })) ?? []).filter((finding) => finding.level === 'error');
      if (findings.length > 0) throw badRequest('POLICY_LINT', findings[0]!.message, { findings });
      return body;
    },
  };
}
