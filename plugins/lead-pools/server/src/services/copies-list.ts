import { many } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import { undoableUntil, type CopyEnd, type CopyGround, type CopyState } from '../domain/copies';
import { managedPools } from './copies';
import type { PoolDirectory } from './pools';

export interface CopiesFilter {
  readonly state?: CopyState | undefined;
  readonly pool?: number | undefined;
  readonly offset: number;
  readonly limit: number;
}

interface Side {
  readonly id: number;
  readonly name: string | null;
  readonly title: string | null;
  readonly company: string | null;
  readonly city: string | null;
  readonly ownerName: string | null;
  readonly poolName: string | null;
  readonly stage: string | null;
  readonly createdAt: Date | null;
}
interface Row {
  readonly id: number;
  readonly state: CopyState;
  readonly pool: number;
  readonly poolName: string;
  readonly member: number;
  readonly memberName: string | null;
  readonly likeness: number;
  readonly grounds: readonly CopyGround[];
  readonly at: Date;
  readonly how: CopyEnd | null;
  readonly reason: string | null;
  readonly decidedAt: Date | null;
  readonly decidedByName: string | null;
  readonly counted: boolean;
  readonly lead: Side;
  readonly original: Side;
  readonly followUps: number;
  readonly meetings: number;
  readonly opportunities: number;
}

/** Fields of a lead that are compared side by side, as far as the person may read them. */
const COMPARED = ['name', 'title', 'company', 'city'] as const;

const side = (alias: string, readable: readonly string[]): string => `jsonb_build_object('id', ${alias}.id, 'stage', ${alias}.stage,
  ${COMPARED.map((field) => `'${field}', ${readable.includes(field) ? `${alias}.${field}` : 'NULL'}`).join(', ')},
  'ownerName', (SELECT m.name FROM crm_members m WHERE m.id = ${alias}.owner_id), 'createdAt', (${alias}.created_at AT TIME ZONE 'UTC'),
  'poolName', (SELECT p.name FROM crm_policies p WHERE p.id = ${alias}.pool_id))`;

/**
 * Leads typed in that look like leads of a pool, for those who manage it: open ones first, the latest first, both leads side by side without
 * contact data, and what would be lost by a wrong decision. Two statements for any page.
 */
export async function listCopies(
  kit: Kit,
  pools: PoolDirectory,
  actor: Actor,
  filter: CopiesFilter,
): Promise<{ readonly copies: readonly Record<string, unknown>[]; readonly total: number }> {
  const managed = (await managedPools(kit, pools, actor, filter.pool)).map((pool) => pool.policyId);
  const where = `c.pool_id = ANY(?::int[]) ${filter.state ? 'AND c.state = ?' : `AND c.state <> 'lapsed'`}`;
  const asked = [managed, ...(filter.state ? [filter.state] : [])];
  const readable = COMPARED.filter((field) => ['read', 'write'].includes(kit.access.field(actor, 'leads', field)));
  const [rows, [count]] = await Promise.all([
    many<Row>(
      kit.db,
      `SELECT c.id, c.state, c.pool_id AS pool, p.name AS "poolName", c.member_id AS member, m.name AS "memberName", c.likeness, c.grounds, c.at, c.how, c.reason,
              c.decided_at AS "decidedAt", d.name AS "decidedByName", c.ledger_id IS NOT NULL AS counted, ${side('l', readable)} AS lead, ${side('o', readable)} AS original,
              (SELECT count(*)::int FROM crm_activities a WHERE a.lead_id = l.id AND NOT coalesce(a.automatic, false)) AS "followUps",
              (SELECT count(*)::int FROM crm_tasks t WHERE t.lead_id = l.id AND t.kind = 'meeting' AND t.state = 'open') AS meetings,
              (SELECT count(*)::int FROM crm_opportunities q WHERE q.lead_id = l.id AND q.stage = 'open') AS opportunities
       FROM crm_pool_copies c JOIN crm_leads l ON l.id = c.lead_id JOIN crm_leads o ON o.id = c.original_id LEFT JOIN crm_policies p ON p.id = c.pool_id
         LEFT JOIN crm_members m ON m.id = c.member_id LEFT JOIN crm_members d ON d.id = c.decided_by
       WHERE ${where} ORDER BY c.state = 'suspected' DESC, c.id DESC LIMIT ? OFFSET ?`,
      [...asked, filter.limit, filter.offset],
    ),
    many<{ n: number }>(kit.db, `SELECT count(*)::int AS n FROM crm_pool_copies c WHERE ${where}`, asked),
  ]);
  return {
    copies: rows.map((row) => ({
      ...row,
      undoableUntil: row.decidedAt === null ? null : undoableUntil(row.decidedAt),
    })),
    total: count?.n ?? 0,
  };
}

/** What a person is told of his own lead: that it is looked at, and what was decided; nothing of the other one. */
export const copyOfLead = (kit: Kit, leadId: number): Promise<Record<string, unknown>[]> =>
  many(
    kit.db,
    `SELECT c.state, p.name AS "poolName", c.grounds, c.at, c.reason, c.decided_at AS "decidedAt" FROM crm_pool_copies c LEFT JOIN crm_policies p ON p.id = c.pool_id
     WHERE c.lead_id = ? AND c.state <> 'lapsed' ORDER BY c.id DESC LIMIT 3`,
    [leadId],
  );
