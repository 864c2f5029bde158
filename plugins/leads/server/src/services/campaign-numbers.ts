import { many, one } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import { readsField } from './reports/scope';
import { progressStages } from './stages';

export interface CampaignNumbers {
  readonly leads: number;
  /** Stand at the first gate of the stage graph or beyond it, or are won. */
  readonly qualified: number;
  readonly won: number;
  /** Sum of their won opportunities, in the campaign's currency. */
  readonly revenue: number;
  /** Cost per one of each; null while there is none, or no cost. */
  readonly perLead: number | null;
  readonly perQualified: number | null;
  readonly perWon: number | null;
  /** The key as leads spell it, and the stages counted: with these a list shows the very leads that were counted. */
  readonly spellings: readonly string[];
  readonly qualifiedStages: readonly string[];
  readonly wonStages: readonly string[];
}

interface Row {
  readonly id: number;
  readonly cost: string | null;
  readonly leads: number;
  readonly qualified: number;
  readonly won: number;
  readonly revenue: string;
  readonly spellings: string[] | null;
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;
/** What one of them cost. */
export const costPer = (cost: number | null, count: number): number | null => (cost === null || count === 0 ? null : cents(cost / count));

/** What campaigns brought, over the leads this actor may read; one statement for all of them. Leads belong to the campaign whose key they carry. */
export async function campaignNumbers(kit: Kit, actor: Actor, ids: readonly number[]): Promise<ReadonlyMap<number, CampaignNumbers>> {
  if (ids.length === 0 || !kit.access.can(actor, 'leads', 'read') || !readsField(kit, actor, 'campaign')) return new Map();
  const scope = kit.access.scope(actor, 'leads', 'read', 'l');
  const { qualified, won } = progressStages(kit);
  const rows = await many<Row>(
    kit.db,
    `SELECT c.id, c.cost, count(l.id)::int AS leads, count(l.id) FILTER (WHERE l.stage = ANY(?::text[]))::int AS qualified,
       count(l.id) FILTER (WHERE l.stage = ANY(?::text[]))::int AS won, array_agg(DISTINCT l.campaign) FILTER (WHERE l.id IS NOT NULL) AS spellings,
       coalesce(sum((SELECT sum(o.amount) FROM crm_opportunities o WHERE o.lead_id = l.id AND o.stage = 'won' AND (c.currency IS NULL OR o.currency IS NULL OR o.currency = c.currency))), 0) AS revenue
     FROM crm_campaigns c LEFT JOIN crm_leads l ON lower(l.campaign) = lower(c.key) AND l.campaign IS NOT NULL AND l.merged_into IS NULL AND NOT coalesce(l.is_test, false) AND ${scope.sql}
     WHERE c.id = ANY(?::int[]) GROUP BY c.id`,
    [[...qualified, ...won], won, ...scope.bindings, [...ids]],
  );
  return new Map(
    rows.map((row): [number, CampaignNumbers] => {
      const cost = row.cost === null ? null : Number(row.cost);
      const { leads, qualified: good } = row;
      return [
        row.id,
        {
          leads,
          qualified: good,
          won: row.won,
          revenue: Number(row.revenue),
          perLead: costPer(cost, leads),
          perQualified: costPer(cost, good),
          perWon: costPer(cost, row.won),
          spellings: row.spellings ?? [],
          qualifiedStages: [...qualified, ...won],
          wonStages: won,
        },
      ];
    }),
  );
}

export const NO_NUMBERS: CampaignNumbers = {
  leads: 0,
  qualified: 0,
  won: 0,
  revenue: 0,
  perLead: null,
  perQualified: null,
  perWon: null,
  spellings: [],
  qualifiedStages: [],
  wonStages: [],
};

/** Leads that name no campaign, or one that is not known here: they are shown, not forgotten. */
export async function withoutCampaign(
  kit: Kit,
  actor: Actor,
): Promise<{ readonly none: number; readonly unknown: readonly { readonly key: string; readonly leads: number }[] }> {
  if (!kit.access.can(actor, 'leads', 'read') || !readsField(kit, actor, 'campaign')) return { none: 0, unknown: [] };
  const scope = kit.access.scope(actor, 'leads', 'read', 'l');
  const none = await one<{ n: number }>(
    kit.db,
    `SELECT count(*)::int AS n FROM crm_leads l WHERE l.campaign IS NULL AND l.merged_into IS NULL AND ${scope.sql}`,
    scope.bindings,
  );
  const unknown = await many<{ key: string; leads: number }>(
    kit.db,
    `SELECT min(l.campaign) AS key, count(*)::int AS leads FROM crm_leads l
     WHERE l.campaign IS NOT NULL AND l.merged_into IS NULL AND ${scope.sql} AND NOT EXISTS (SELECT 1 FROM crm_campaigns c WHERE lower(c.key) = lower(l.campaign))
     GROUP BY lower(l.campaign) ORDER BY leads DESC, 1 LIMIT 50`,
    scope.bindings,
  );
  return { none: none?.n ?? 0, unknown };
}
