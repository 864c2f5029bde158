import { many, one, type Kit } from '@leadsea/crm-core';
import { fieldsOf } from './lead-row';
import { personOf } from './person';

/** What erasing a lead would take away and what would stay. */
export interface ErasurePreview {
  readonly lead: number;
  /** Personal fields that have a value; custom ones as `custom.<key>`. */
  readonly fields: readonly string[];
  readonly gone: {
    readonly merged: number;
    readonly activities: number;
    readonly engagements: number;
    readonly captures: number;
    readonly events: number;
    readonly notices: number;
    readonly files: number;
  };
  readonly stays: { readonly clocks: number; readonly deals: number; readonly openDeals: number };
  /** Other leads that may be the same person: each is erased by itself. */
  readonly alike: readonly number[];
}

interface Counted {
  activities: number;
  engagements: number;
  captures: number;
  events: number;
  notices: number;
  files: number;
  deals: number;
  openDeals: number;
}

/** @param leadId a lead the actor may erase */
export async function previewErasure(kit: Kit, leadId: number): Promise<ErasurePreview> {
  const person = await personOf(kit, kit.db, leadId);
  const ids = [...person.leads];
  const counted = await one<Counted>(
    kit.db,
    `SELECT
       (SELECT count(*)::int FROM crm_activities t WHERE t.lead_id = ANY(w.ids)) AS activities,
       (SELECT count(*)::int FROM crm_engagements t WHERE t.lead_id = ANY(w.ids)) AS engagements,
       (SELECT count(*)::int FROM crm_captures t WHERE t.lead_id = ANY(w.ids)) AS captures,
       (SELECT count(*)::int FROM crm_events t WHERE t.subject = 'lead' AND t.subject_id = ANY(w.ids)) AS events,
       (SELECT count(*)::int FROM crm_notifications t WHERE t.subject = 'lead' AND t.subject_id = ANY(w.ids)) AS notices,
       (SELECT count(DISTINCT i.import_id)::int FROM crm_leads i WHERE i.id = ANY(w.ids)) AS files,
       (SELECT count(*)::int FROM crm_opportunities t WHERE t.lead_id = ANY(w.ids)) AS deals,
       (SELECT count(*)::int FROM crm_opportunities t WHERE t.lead_id = ANY(w.ids) AND t.stage = 'open') AS "openDeals"
     FROM (SELECT ?::int[] AS ids) w`,
    [ids],
  );
  const clocks = await one<{ there: string | null }>(kit.db, `SELECT to_regclass('crm_sla_clocks')::text AS there`);
  const kept = clocks?.there
    ? await one<{ n: number }>(kit.db, 'SELECT count(*)::int AS n FROM crm_sla_clocks WHERE lead_id = ANY(?::int[])', [ids])
    : null;
  const alike = await many<{ id: number }>(
    kit.db,
    `SELECT o.id FROM crm_leads l JOIN crm_leads o ON o.id <> l.id AND o.merged_into IS NULL
       AND (o.email_key = l.email_key OR o.phone_key = l.phone_key OR o.duplicate_of = l.id OR o.id = l.duplicate_of)
     WHERE l.id = ? ORDER BY o.id LIMIT 20`,
    [leadId],
  );
  const { deals = 0, openDeals = 0, ...gone } = counted ?? ({} as Counted);
  return {
    lead: leadId,
    fields: await fieldsOf(kit.db, person),
    gone: { ...gone, merged: ids.length - 1 },
    stays: { clocks: kept?.n ?? 0, deals, openDeals },
    alike: alike.map(({ id }) => id),
  };
}
