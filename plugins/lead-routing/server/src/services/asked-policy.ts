import { badRequest, notFound, one } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { routingPolicySchema } from '../../../contracts';
import type { LivePolicy } from './plans';

/** The draft of a policy as if it were live, or the live version. @throws AppError NOT_LIVE */
export async function policyOf(kit: Kit, id: number, version: 'draft' | 'live', now: Date): Promise<LivePolicy> {
  const row = await one<{
    id: number;
    key: string;
    name: string;
    draft: unknown;
    published_number: number | null;
    published_version_id: number | null;
  }>(kit.db, 'SELECT id, key, name, draft, published_number, published_version_id FROM crm_policies WHERE id = ?', [id]);
  if (!row) throw notFound('Policy');
  if (version === 'live') {
    const live = await kit.policies.liveById<LivePolicy['body']>(row.id);
    if (!live) throw badRequest('NOT_LIVE', 'This policy is not live. Simulate its draft.');
    return live;
  }
  return {
    policyId: row.id,
    versionId: row.published_version_id ?? 0,
    number: row.published_number ?? 0,
    kind: 'routing-policy',
    key: row.key,
    name: row.name,
    body: routingPolicySchema.parse(row.draft),
    publishedAt: now,
  };
}
