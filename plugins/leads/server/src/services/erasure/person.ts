import { many, type FieldEntity, type Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { namesIn, namingCustom, personalCustom } from '../../domain/erasure/personal';
import { searchable, tracesOf, type Traces } from '../../domain/erasure/scrub';

/** One person as the product knows him: his lead with those merged into it, and what he is found by. */
export interface Person {
  readonly leadId: number;
  readonly leads: readonly number[];
  readonly traces: Traces;
  /** Addresses and ends of numbers, lower case, for rows that name no lead. */
  readonly searchable: readonly string[];
  /** Names, lower case, where a row cannot be told to be hers but by her name. */
  readonly names: readonly string[];
  readonly customKeys: {
    readonly lead: ReadonlySet<string>;
    readonly activity: ReadonlySet<string>;
    readonly opportunity: ReadonlySet<string>;
  };
}

type Db = Knex | Knex.Transaction;

/** Records that said who he is: the rows, and what they were before by every edit and merge. */
async function recordsOf(db: Db, leads: readonly number[]): Promise<unknown[]> {
  const ids = [[...leads]];
  const rows = await many<{ record: unknown }>(db, 'SELECT to_jsonb(l) AS record FROM crm_leads l WHERE l.id = ANY(?::int[])', ids);
  const told = await many<{ before: unknown; after: unknown; row: unknown; taken: unknown; given: unknown }>(
    db,
    `SELECT before, after, data->'row' AS row, data->'survivor'->'before' AS taken, data->'survivor'->'after' AS given FROM crm_events
     WHERE subject = 'lead' AND subject_id = ANY(?::int[]) AND (before IS NOT NULL OR after IS NOT NULL OR data \\? 'row')`,
    ids,
  );
  const ips = await many<{ ip: string }>(db, 'SELECT DISTINCT ip FROM crm_consents WHERE lead_id = ANY(?::int[]) AND ip IS NOT NULL', ids);
  return [
    ...rows.map(({ record }) => record),
    ...told.flatMap(({ before, after, row, taken, given }) => [before, after, row, taken, given]),
    ...ips,
  ];
}

/** @param leadId a lead that is not merged into another */
export async function personOf(kit: Kit, db: Db, leadId: number): Promise<Person> {
  const merged = await many<{ id: number }>(db, 'SELECT id FROM crm_leads WHERE merged_into = ? ORDER BY id', [leadId]);
  const leads = [leadId, ...merged.map(({ id }) => id)];
  const naming = namingCustom(kit.custom.fields('lead'));
  const names = (await recordsOf(db, leads)).map((record) => namesIn(record, naming));
  const strong = names.flatMap((one) => one.strong);
  const weak = names.flatMap((one) => one.weak);
  const keysOf = (entity: FieldEntity): ReadonlySet<string> => personalCustom(kit.custom.fields(entity));
  return {
    leadId,
    leads,
    traces: tracesOf(strong, weak),
    names: [...new Set(weak.map((name) => name.trim().toLowerCase()).filter((name) => name.length > 1))],
    searchable: searchable(strong),
    customKeys: { lead: keysOf('lead'), activity: keysOf('activity'), opportunity: keysOf('opportunity') },
  };
}
