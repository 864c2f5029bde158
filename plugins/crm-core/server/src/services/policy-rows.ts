import { badRequest } from '../../../contracts';
import type { EventInput, PolicyKind, PolicyVersion } from '../../../contracts';

export interface PolicyRow {
  id: number;
  kind: string;
  key: string;
  name: string;
  draft: unknown;
  state: string;
  position: number;
  published_version_id: number | null;
  published_number: number | null;
}

export interface VersionRow {
  policy_id: number;
  id: number;
  number: number;
  kind: string;
  key: string;
  name: string;
  body: unknown;
  published_at: Date;
}

export const VERSION_COLUMNS = 'v.policy_id, v.id, v.number, p.kind, p.key, p.name, v.body, v.published_at';

export const toVersion = (row: VersionRow): PolicyVersion => ({
  policyId: row.policy_id,
  versionId: row.id,
  number: row.number,
  kind: row.kind,
  key: row.key,
  name: row.name,
  body: row.body,
  publishedAt: row.published_at,
});

/** @throws AppError POLICY_INVALID with the path of every issue. */
export const parsePolicy = (kind: PolicyKind, body: unknown): unknown => {
  const parsed = kind.schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw badRequest('POLICY_INVALID', `${kind.label.en} is not valid: ${parsed.error.issues[0]?.message ?? 'see details'}`, {
    issues: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
  });
};

/** What an edit of a policy changes and what history says of it: a draft, a name and a place are three different things. */
export function editOf(
  row: PolicyRow,
  values: { readonly name?: string; readonly draft?: unknown; readonly position?: number },
  now: Date,
): { readonly patch: Record<string, unknown>; readonly changes: readonly EventInput[] } {
  const patch: Record<string, unknown> = {};
  const changes: EventInput[] = [];
  const data = { kind: row.kind, key: row.key };
  const note = (type: string, before: Record<string, unknown>, after: Record<string, unknown>): void =>
    void changes.push({ subject: 'policy', subjectId: row.id, type, before, after, data });
  if (values.draft !== undefined) {
    patch['draft'] = values.draft;
    patch['draft_changed_at'] = now;
    note('policy.drafted', { draft: row.draft }, { draft: values.draft });
  }
  if (values.name !== undefined && values.name !== row.name) {
    patch['name'] = values.name;
    note('policy.renamed', { name: row.name }, { name: values.name });
  }
  if (values.position !== undefined && values.position !== row.position) {
    patch['position'] = values.position;
    note('policy.moved', { position: row.position }, { position: values.position });
  }
  return { patch, changes };
}
