import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { AppError, badRequest, notFound } from '../../../contracts';
import type { Actor, Clock, EventService, LintFinding, PolicyKind, PolicyService, PolicyVersion } from '../../../contracts';
import { editOf, parsePolicy, toVersion, VERSION_COLUMNS, type PolicyRow, type VersionRow } from './policy-rows';
import { insertRow, many, one, updateRow } from './rows';

export interface FullPolicyService extends PolicyService {
  kind(kind: string): PolicyKind;
  kinds(): readonly PolicyKind[];
  saveDraft(
    kind: string,
    id: number | null,
    values: { key?: string; name?: string; draft?: unknown; position?: number },
    actor: Actor,
    now: Date,
  ): Promise<number>;
  /** What a policy is called, and its draft as stored; null when there is none. */
  keyOf(id: number): Promise<{ readonly kind: string; readonly key: string; readonly draft: unknown } | null>;
  lint(id: number): Promise<LintFinding[]>;
  preview(id: number, actor: Actor): Promise<Record<string, unknown>>;
  publish(id: number, note: string | null, actor: Actor, now: Date, options?: Readonly<Record<string, unknown>>): Promise<PolicyVersion>;
  revert(id: number, versionId: number, actor: Actor, now: Date): Promise<PolicyVersion>;
  history(id: number): Promise<Record<string, unknown>[]>;
  invalidate(): void;
}

/** Drafts are edited freely; publishing writes an immutable version and makes it live on every node (NOTIFY crm_policies). */
export function createPolicyService({ db, events, clock }: { db: Knex; events: EventService; clock: Clock }): FullPolicyService {
  const kinds = new Map<string, PolicyKind>();
  const versions = new Map<number, PolicyVersion>();
  let cache: Promise<Map<string, PolicyVersion[]>> | null = null;

  const loadLive = async (): Promise<Map<string, PolicyVersion[]>> => {
    const rows = await many<VersionRow>(
      db,
      `SELECT ${VERSION_COLUMNS} FROM crm_policies p JOIN crm_policy_versions v ON v.id = p.published_version_id WHERE p.state = 'live' ORDER BY p.kind, p.position, p.id`,
    );
    const byKind = new Map<string, PolicyVersion[]>();
    for (const row of rows) byKind.set(row.kind, [...(byKind.get(row.kind) ?? []), toVersion(row)]);
    return byKind;
  };

  const liveMap = (): Promise<Map<string, PolicyVersion[]>> => {
    cache ??= loadLive().catch((error: unknown) => {
      cache = null;
      throw error;
    });
    return cache;
  };

  const getRow = async (trx: Knex | Knex.Transaction, id: number, lock = false): Promise<PolicyRow> => {
    const row = await one<PolicyRow>(trx, `SELECT * FROM crm_policies WHERE id = ?${lock ? ' FOR UPDATE' : ''}`, [id]);
    if (!row) throw notFound('Policy');
    return row;
  };

  const getKind = (kind: string): PolicyKind => {
    const found = kinds.get(kind);
    if (!found) throw new AppError('POLICY_KIND_UNKNOWN', 400, `There is no policy kind "${kind}".`);
    return found;
  };

  const writeVersion = async (
    trx: Knex.Transaction,
    row: PolicyRow,
    body: unknown,
    note: string | null,
    actor: Actor,
    now: Date,
    options?: Readonly<Record<string, unknown>>,
  ): Promise<PolicyVersion> => {
    const text = JSON.stringify(body);
    const version = await one<{ id: number; number: number }>(
      trx,
      `INSERT INTO crm_policy_versions (policy_id, number, body, hash, note, published_by, published_at)
       SELECT ?, coalesce(max(number), 0) + 1, ?::jsonb, ?, ?, ?, ? FROM crm_policy_versions WHERE policy_id = ? RETURNING id, number`,
      [row.id, text, createHash('sha256').update(text).digest('hex'), note, actor.memberId, now, row.id],
    );
    if (!version) throw new Error('The version was not written.');
    const { number } = version;
    await updateRow(trx, 'crm_policies', row.id, { state: 'live', published_version_id: version.id, published_number: number }, now);
    const result: PolicyVersion = {
      policyId: row.id,
      versionId: version.id,
      number,
      kind: row.kind,
      key: row.key,
      name: row.name,
      body,
      publishedAt: now,
    };
    await events.append(
      trx,
      [
        {
          subject: 'policy',
          subjectId: row.id,
          type: 'policy.published',
          policyVersionId: version.id,
          data: { kind: row.kind, key: row.key, number, note },
        },
      ],
      actor,
      { type: 'publish', id: String(row.id) },
      now,
    );
    await getKind(row.kind).onPublish?.(trx, result, actor, now, options);
    await trx.raw(`SELECT pg_notify('crm_policies', ?)`, [row.kind]);
    return result;
  };

  /** @throws AppError POLICY_INVALID, POLICY_LINT */
  const soundBody = async (row: PolicyRow, draft: unknown): Promise<unknown> => {
    const kind = getKind(row.kind);
    const body = parsePolicy(kind, draft);
    const findings = ((await kind.lint?.(body, { key: row.key })) ?? []).filter((finding) => finding.level === 'error');
    if (findings.length > 0) throw badRequest('POLICY_LINT', findings[0]!.message, { findings });
    return body;
  };

  const service: FullPolicyService = {
    define: (kind) => {
      if (kinds.has(kind.kind)) throw new Error(`Policy kind ${kind.kind} is defined twice.`);
      kinds.set(kind.kind, kind);
    },
    kind: getKind,
    kinds: () => [...kinds.values()],
    invalidate: () => {
      cache = null;
    },
    live: async <Body>(kind: string) => ((await liveMap()).get(kind) ?? []) as readonly PolicyVersion<Body>[],
    liveByKey: async <Body>(kind: string, key: string) =>
      (((await liveMap()).get(kind) ?? []).find((version) => version.key === key) ?? null) as PolicyVersion<Body> | null,
    liveById: async <Body>(policyId: number) =>
      ([...(await liveMap()).values()].flat().find((version) => version.policyId === policyId) ?? null) as PolicyVersion<Body> | null,
    version: async <Body>(versionId: number) => {
      const known = versions.get(versionId);
      if (known) return known as PolicyVersion<Body>;
      const row = await one<VersionRow>(
        db,
        `SELECT ${VERSION_COLUMNS} FROM crm_policy_versions v JOIN crm_policies p ON p.id = v.policy_id WHERE v.id = ?`,
        [versionId],
      );
      if (!row) throw notFound('Policy version');
      const version = toVersion(row);
      versions.set(versionId, version);
      return version as PolicyVersion<Body>;
    },

    saveDraft: async (kindName, id, values, actor, now) => {
      const kind = getKind(kindName);
      const draft = values.draft === undefined ? undefined : parsePolicy(kind, values.draft);
      return db.transaction(async (trx) => {
        if (id === null) {
          if (!values.key || !/^[a-z0-9][a-z0-9-]*$/.test(values.key))
            throw badRequest('KEY_INVALID', 'A key is needed: lower-case letters, digits and hyphens.', { field: 'key' });
          if (draft === undefined) throw badRequest('POLICY_INVALID', 'A draft is needed.', { field: 'draft' });
          const created = await insertRow(
            trx,
            'crm_policies',
            {
              kind: kindName,
              key: values.key,
              name: values.name ?? values.key,
              draft,
              state: 'draft',
              position: values.position ?? 0,
              draft_changed_at: now,
            },
            now,
          );
          await events.append(
            trx,
            [
              {
                subject: 'policy',
                subjectId: created,
                type: 'policy.drafted',
                after: { draft },
                data: { kind: kindName, key: values.key },
              },
            ],
            actor,
            { type: 'edit' },
            now,
          );
          return created;
        }
        const row = await getRow(trx, id, true);
        if (row.kind !== kindName) throw notFound('Policy');
        const { patch, changes } = editOf(row, { ...values, draft }, now);
        if (Object.keys(patch).length === 0) return id;
        await updateRow(trx, 'crm_policies', id, patch, now);
        if (changes.length > 0) await events.append(trx, changes, actor, { type: 'edit' }, now);
        await trx.raw(`SELECT pg_notify('crm_policies', ?)`, [kindName]);
        return id;
      });
    },

    keyOf: async (id) => one<PolicyRow>(db, 'SELECT kind, key, draft FROM crm_policies WHERE id = ?', [id]),

    lint: async (id) => {
      const row = await getRow(db, id);
      const kind = getKind(row.kind);
      return (await kind.lint?.(parsePolicy(kind, row.draft), { key: row.key })) ?? [];
    },
    preview: async (id, actor) => {
      const row = await getRow(db, id);
      const kind = getKind(row.kind);
      return (await kind.preview?.(parsePolicy(kind, row.draft), { id: row.id, key: row.key }, actor)) ?? {};
    },

    publish: async (id, note, actor, now, options) => {
      const version = await db.transaction(async (trx) => {
        // What is checked is what is published: the row is locked before the draft is read.
        const row = await getRow(trx, id, true);
        return writeVersion(trx, row, await soundBody(row, row.draft), note, actor, now, options);
      });
      service.invalidate();
      return version;
    },

    revert: async (id, versionId, actor, now) => {
      const old = await service.version(versionId);
      if (old.policyId !== id) throw notFound('Policy version');
      const version = await db.transaction(async (trx) => {
        const row = await getRow(trx, id, true);
        const body = await soundBody(row, old.body);
        await updateRow(trx, 'crm_policies', id, { draft: body, draft_changed_at: now }, now);
        return writeVersion(trx, row, body, `Reverted to version ${old.number}`, actor, now);
      });
      service.invalidate();
      return version;
    },

    retire: async (id, actor, now, plan = {}) => {
      await db.transaction(async (trx) => {
        const row = await getRow(trx, id, true);
        await getKind(row.kind).onRetire?.(trx, { id, key: row.key, plan }, actor, now);
        await updateRow(trx, 'crm_policies', id, { state: 'retired' }, now);
        await events.append(
          trx,
          [{ subject: 'policy', subjectId: id, type: 'policy.retired', data: { kind: row.kind, key: row.key } }],
          actor,
          { type: 'edit' },
          now,
        );
        await trx.raw(`SELECT pg_notify('crm_policies', ?)`, [row.kind]);
      });
      service.invalidate();
    },

    history: (id) =>
      many(
        db,
        `SELECT v.id, v.number, v.body, v.note, v.hash, v.published_at AS "publishedAt", m.name AS "publishedBy"
         FROM crm_policy_versions v LEFT JOIN crm_members m ON m.id = v.published_by WHERE v.policy_id = ? ORDER BY v.number DESC`,
        [id],
      ),

    upsert: async (input, actor, now) => {
      const existing = await one<{ id: number }>(db, 'SELECT id FROM crm_policies WHERE kind = ? AND key = ?', [input.kind, input.key]);
      const policyId = await service.saveDraft(
        input.kind,
        existing?.id ?? null,
        { key: input.key, name: input.name, draft: input.body, position: input.position },
        actor,
        now,
      );
      if (!input.publish) return { policyId, versionId: null };
      const version = await service.publish(policyId, null, actor, now ?? clock.now());
      return { policyId, versionId: version.versionId };
    },
  };
  return service;
}
