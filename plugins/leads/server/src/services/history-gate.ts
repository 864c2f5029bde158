import { many } from '@leadsea/crm-core';
import type { Actor, FieldCover, Kit, ResourceDefinition, ResourceField, Sql } from '@leadsea/crm-core';
import { namesOf, withoutFields } from '../domain/history';
import { withheldValues, withoutValues } from '../domain/quoted';
import { LEAD_FIELDS } from '../resources/lead-fields';

/** Fields that history may hold though no list shows them. */
const UNLISTED: readonly ResourceField[] = [{ name: 'ip', type: 'text', mask: 'text' }];

/** Masks phone and mail of pool leads nobody owns, for everybody whose role does not reveal them. */
export const leadRowMask = (kit: Kit, actor: Actor, alias: string): Sql | null =>
  kit.access.can(actor, 'leads', 'revealPool')
    ? null
    : { sql: `(${alias}.pool_id IS NOT NULL AND ${alias}.owner_id IS NULL)`, bindings: [] };

/** Fields a pool hides or masks on the leads lying in it, for this person. */
export const leadCovers = (actor: Actor, alias: string): readonly FieldCover[] =>
  (actor.poolFields ?? []).map(({ field, access, pools }) => ({
    when: { sql: `(${alias}.owner_id IS NULL AND ${alias}.pool_id = ANY(?))`, bindings: [[...pools]] },
    fields: [field],
    access,
  }));

const customFields = (kit: Kit): readonly ResourceField[] =>
  kit.custom
    .fields('lead')
    .map((field) => ({ name: `custom.${field.key}`, type: 'text', ...(field.pii ? { mask: 'text' as const } : {}) }));

export interface HistoryGate {
  /** Names of what this actor may not read in the history of this lead. */
  withheld(leadId: number): ReadonlySet<string>;
  /** Fields of a lead that before and after may show. */
  readonly known: ReadonlySet<string>;
}

/** What one actor may not read in the stored history of leads: the same field access and row mask as for the leads themselves. */
export async function openHistory(kit: Kit, actor: Actor, leadIds: readonly number[]): Promise<HistoryGate> {
  const fields = [...LEAD_FIELDS, ...UNLISTED, ...customFields(kit)];
  const closed = fields.filter(({ name }) => name !== 'id' && !['read', 'write'].includes(kit.access.field(actor, 'leads', name)));
  // The score at which a lead was recycled is a score.
  const closedNames = closed.flatMap(({ name }) => (name === 'score' ? [name, 'scoreBase'] : [name]));
  const always = namesOf(closedNames);
  const known = new Set(LEAD_FIELDS.map(({ name }) => name));
  const mask = actor.kind === 'system' ? null : leadRowMask(kit, actor, 'l');
  const contact = fields.filter((field) => field.mask !== undefined).map(({ name }) => name);
  const covers = [...(mask === null ? [] : [{ when: mask, fields: contact }]), ...(actor.kind === 'system' ? [] : leadCovers(actor, 'l'))];
  if (covers.length === 0 || leadIds.length === 0) return { known, withheld: () => always };
  const rows = await many<{ id: number; covered: boolean[] }>(
    kit.db,
    `SELECT l.id, ARRAY[${covers.map(({ when }) => `coalesce(${when.sql}, TRUE)`).join(', ')}]::boolean[] AS covered FROM crm_leads l WHERE l.id = ANY(?::int[])`,
    [...covers.flatMap(({ when }) => [...when.bindings]), [...new Set(leadIds)]],
  );
  const namesWith = (covered: readonly boolean[]): ReadonlySet<string> =>
    namesOf([...closedNames, ...covers.flatMap((cover, index) => (covered[index] === false ? [] : cover.fields))]);
  const byLead = new Map(rows.map((row) => [row.id, row.covered.includes(true) ? namesWith(row.covered) : always]));
  const everything = namesWith([]);
  return { known, withheld: (leadId) => byLead.get(leadId) ?? everything };
}

/**
 * An explanation without the facts the actor may not read of this lead, and without their values in its sentences. Its own words (label,
 * score, name of a rule) stay: only dotted keys name facts.
 */
export async function redactExplanation(kit: Kit, actor: Actor, leadId: number, told: unknown): Promise<unknown> {
  const gate = await openHistory(kit, actor, [leadId]);
  const facts = new Set([...gate.withheld(leadId)].filter((name) => name.startsWith('lead.')));
  return withoutValues(withoutFields(told, facts), withheldValues(told, facts));
}

/** For resources whose rows tell of leads in JSON (`events`, `decisions`): takes out of `columns` what the actor may not read of each lead. */
export function redactHistory(kit: Kit, columns: readonly string[]): NonNullable<ResourceDefinition['redact']> {
  return async ({ actor }, rows) => {
    const ofLeads = rows.filter((row) => row['subject'] === 'lead' || row['subject'] === undefined);
    if (ofLeads.length === 0) return;
    const gate = await openHistory(kit, actor, ofLeads.map((row) => Number(row['subjectId'])).filter(Number.isInteger));
    for (const row of ofLeads) {
      const withheld = gate.withheld(Number(row['subjectId']));
      const values = columns.flatMap((column) => withheldValues(row[column], withheld));
      for (const column of columns)
        if (row[column] !== undefined) row[column] = withoutValues(withoutFields(row[column], withheld), values);
    }
  };
}
