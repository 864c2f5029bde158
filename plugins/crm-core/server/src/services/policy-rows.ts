import { badRequest } from '../../../contracts';
import type { PolicyKind, PolicyVersion } from '../../../contracts';

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
