import type { Knex } from 'knex';
import { AppError, badRequest, isPendingReview, notFound } from '../../../contracts';
import type {
  Actor,
  Clock,
  EventService,
  LintFinding,
  PendingReview,
  PolicyKind,
  PolicyService,
  PolicyVersion,
  ReviewService,
} from '../../../contracts';
import { editOf, parsePolicy, toVersion, VERSION_COLUMNS, type PolicyRow, type VersionRow } from './policy-rows';
import { createVersionWriter } from './policy-versions';
import { askInstead, handleAgreed } from './policy-reviews';
import { endShadows } from './policy-shadows';
import { insertRow, many, one, updateRow } from './rows';

/** Everything was saved, but for the place in the order where the request for it waits. */
export interface SavedDraft extends Partial<PendingReview> {
  readonly id: number;
}

export interface FullPolicyService extends PolicyService {
  kind(kind: string): PolicyKind;
  kinds(): readonly PolicyKind[];
  saveDraft(
    kind: string,
    id: number | null,
    values: { key?: string; name?: string; draft?: unknown; position?: number },
    actor: Actor,
    now: Date,
  ): Promise<SavedDraft>;
  /** What a policy is called, and its draft as stored; null when there is none. */
  keyOf(id: number): Promise<{ readonly kind: string; readonly key: string; readonly draft: unknown } | null>;
  lint(id: number): Promise<LintFinding[]>;
  /** A body as it may be published. @throws AppError POLICY_INVALID, POLICY_LINT */
  sound(kind: string, key: string, body: unknown): Promise<unknown>;
  /** Problems of any body of a kind. @throws AppError POLICY_INVALID */
  lintBody(kind: string, key: string, body: unknown): Promise<LintFinding[]>;
  preview(id: number, actor: Actor): Promise<Record<string, unknown>>;
  /** Makes the draft live; where its kind is under four eyes, asks for it instead. @throws AppError POLICY_INVALID, POLICY_LINT */
  publish(
    id: number,
    note: string | null,
    actor: Actor,
    now: Date,
    options?: Readonly<Record<string, unknown>>,
  ): Promise<PolicyVersion | PendingReview>;
  revert(id: number, versionId: number, actor: Actor, now: Date): Promise<PolicyVersion | PendingReview>;
  history(id: number): Promise<Record<string, unknown>[]>;
  invalidate(): void;
}

export interface PolicyDeps {
  readonly db: Knex;
  readonly events: EventService;
  readonly clock: Clock;
  readonly reviews: ReviewService;
}

/** Drafts are edited freely; publishing writes an immutable version and makes it live on every node (NOTIFY crm_policies). */
export function createPolicyService({ db, events, clock, reviews }: PolicyDeps): FullPolicyService {
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

  const { write, soundBody } = createVersionWriter({ events, kindOf: getKind });

  const retireRow = async (
    trx: Knex.Transaction,
    row: PolicyRow,
    plan: Readonly<Record<string, unknown>>,
    actor: Actor,
    now: Date,
  ): Promise<void> => {
    const { id, kind, key } = row;
    await getKind(kind).onRetire?.(trx, { id, key, plan }, actor, now);
    await updateRow(trx, 'crm_policies', id, { state: 'retired' }, now);
    await endShadows(trx, id, now);
    await events.append(
      trx,
      [{ subject: 'policy', subjectId: id, type: 'policy.retired', data: { kind, key } }],
      actor,
      { type: 'edit' },
      now,
    );
    await trx.raw(`SELECT pg_notify('crm_policies', ?)`, [kind]);
  };

  const service: FullPolicyService = {
    define: (kind) => {
      if (kinds.has(kind.kind)) throw new Error(`Policy kind ${kind.kind} is defined twice.`);
      kinds.set(kind.kind, kind);
      reviews.addArea({ area: kind.kind, label: kind.label, resource: kind.resource, verb: 'publish' });
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
          return { id: created };
        }
        const row = await getRow(trx, id, true);
        if (row.kind !== kindName) throw notFound('Policy');
        const moves = row.state === 'live' && values.position !== undefined && values.position !== row.position;
        const asked = moves ? await askInstead(reviews, trx, row, 'move', { position: values.position }, null, actor, now) : null;
        const { patch, changes } = editOf(row, { ...values, draft, position: asked ? undefined : values.position }, now);
        const saved = { id, ...asked };
        if (Object.keys(patch).length === 0) return saved;
        await updateRow(trx, 'crm_policies', id, patch, now);
        if (changes.length > 0) await events.append(trx, changes, actor, { type: 'edit' }, now);
        await trx.raw(`SELECT pg_notify('crm_policies', ?)`, [kindName]);
        return saved;
      });
    },

    keyOf: async (id) => one<PolicyRow>(db, 'SELECT kind, key, draft FROM crm_policies WHERE id = ?', [id]),

    lint: async (id) => {
      const row = await getRow(db, id);
      return service.lintBody(row.kind, row.key, row.draft);
    },
    lintBody: async (kindName, key, body) => {
      const kind = getKind(kindName);
      return (await kind.lint?.(parsePolicy(kind, body), { key })) ?? [];
    },
    sound: async (kindName, key, body) => soundBody({ kind: kindName, key }, body),
    preview: async (id, actor) => {
      const row = await getRow(db, id);
      const kind = getKind(row.kind);
      return (await kind.preview?.(parsePolicy(kind, row.draft), { id: row.id, key: row.key }, actor)) ?? {};
    },

    publish: async (id, note, actor, now, options) => {
      const answer = await db.transaction(async (trx) => {
        // What is checked is what is published: the row is locked before the draft is read.
        const row = await getRow(trx, id, true);
        const body = await soundBody(row, row.draft);
        const payload = { body, options: options ?? null };
        return (
          (await askInstead(reviews, trx, row, 'publish', payload, note, actor, now)) ??
          write(trx, row, { body, note, options }, actor, now)
        );
      });
      service.invalidate();
      return answer;
    },

    revert: async (id, versionId, actor, now) => {
      const old = await service.version(versionId);
      if (old.policyId !== id) throw notFound('Policy version');
      const note = `Reverted to version ${old.number}`;
      const answer = await db.transaction(async (trx) => {
        const row = await getRow(trx, id, true);
        const body = await soundBody(row, old.body);
        const pending = await askInstead(reviews, trx, row, 'publish', { body, draft: true }, note, actor, now);
        if (pending) return pending;
        await updateRow(trx, 'crm_policies', id, { draft: body, draft_changed_at: now }, now);
        return write(trx, row, { body, note }, actor, now);
      });
      service.invalidate();
      return answer;
    },

    retire: async (id, actor, now, plan = {}) => {
      const answer = await db.transaction(async (trx) => {
        const row = await getRow(trx, id, true);
        const pending = row.state === 'live' ? await askInstead(reviews, trx, row, 'retire', { plan }, null, actor, now) : null;
        if (!pending) await retireRow(trx, row, plan, actor, now);
        return pending;
      });
      service.invalidate();
      return answer;
    },

    history: (id) =>
      many(
        db,
        `SELECT v.id, v.number, v.body, v.note, v.hash, v.published_at AS "publishedAt", m.name AS "publishedBy", a.name AS "requestedBy"
         FROM crm_policy_versions v LEFT JOIN crm_members m ON m.id = v.published_by LEFT JOIN crm_members a ON a.id = v.requested_by WHERE v.policy_id = ? ORDER BY v.number DESC`,
        [id],
      ),

    upsert: async (input, actor, now) => {
      const existing = await one<{ id: number }>(db, 'SELECT id FROM crm_policies WHERE kind = ? AND key = ?', [input.kind, input.key]);
      const { id: policyId } = await service.saveDraft(
        input.kind,
        existing?.id ?? null,
        { key: input.key, name: input.name, draft: input.body, position: input.position },
        actor,
        now,
      );
      if (!input.publish) return { policyId, versionId: null };
      const answer = await service.publish(policyId, null, actor, now ?? clock.now());
      return { policyId, versionId: isPendingReview(answer) ? null : answer.versionId };
    },
  };
  handleAgreed({ reviews, events, versions: { write, soundBody }, getRow, retireRow, invalidate: () => service.invalidate() });
  return service;
}
