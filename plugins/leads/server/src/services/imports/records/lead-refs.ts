import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { LeadRow } from '../../../../../contracts';
import { ERASED_QUARANTINE } from '../../../domain/erasure/personal';
import { leadKeys, type LeadKey } from '../../../domain/identity';
import { written } from '../cells';
import { refusal, type Batch, type RowRefusal } from '../entity';
import { holdersOf } from '../known';
import type { ColumnMapping, ImportOptions } from '../schema';
import { idTarget, type RecordDraft, type RecordTargets } from './record-plan';

const seen = (field: string): { readonly resource: string; readonly field: string; readonly levels: readonly string[] } => ({
  resource: 'leads',
  field,
  levels: ['read', 'write'],
});

/** How a row says which lead it is about. Who does not read a lead's phone number cannot look for leads by it. */
export const LEAD_REF_TARGETS: RecordTargets = {
  lead: {
    ...idTarget(),
    label: { zh: '线索 ID', en: 'Lead id' },
    group: 'lead',
    words: ['lead', 'lead id', 'leadid', '线索', '线索id', '线索编号'],
  },
  leadEmail: {
    type: 'email',
    read: 'text',
    label: { zh: '线索邮箱', en: 'Lead e-mail' },
    group: 'lead',
    words: [
      'email',
      'e mail',
      'email address',
      'contact email',
      'lead email',
      'mail',
      '邮箱',
      '电子邮箱',
      '邮箱地址',
      '联系人邮箱',
      '客户邮箱',
    ],
    access: seen('email'),
  },
  leadPhone: {
    type: 'phone',
    read: 'text',
    label: { zh: '线索电话', en: 'Lead phone' },
    group: 'lead',
    words: [
      ...['phone', 'phone number', 'mobile', 'mobile phone', 'telephone', 'tel', 'contact phone', 'lead phone', 'cell'],
      ...['手机', '手机号', '手机号码', '电话', '电话号码', '联系电话', '客户手机', '客户电话', '联系人电话', '联系方式'],
    ],
    access: seen('phone'),
  },
  leadWechat: {
    type: 'text',
    label: { zh: '线索微信', en: 'Lead WeChat' },
    group: 'lead',
    words: ['wechat', 'wechat id', '微信', '微信号', '客户微信'],
    access: seen('wechat'),
  },
  leadExternalId: {
    type: 'text',
    label: { zh: '线索在外部系统的编号', en: 'Id of the lead in the other system' },
    group: 'lead',
    words: ['external lead id', 'lead external id', 'contact id', 'associated contact id', '外部线索编号'],
    free: true,
  },
};

/** A file of these needs a column that tells whose they are. */
export const lacksLead = (mapping: readonly ColumnMapping[], options: ImportOptions): { code: string; message: string }[] => {
  const targets = new Set(mapping.map(({ target }) => target ?? ''));
  if (!Object.keys(LEAD_REF_TARGETS).some((key) => targets.has(key)))
    return [{ code: 'LEAD_COLUMN', message: 'A column has to tell the lead: its id, phone number or e-mail address.' }];
  return targets.has('leadExternalId') && !options.externalSource && !options.source
    ? [{ code: 'EXTERNAL_SOURCE', message: 'Say whose ids the ids of the leads are: the source they were imported with.' }]
    : [];
};

export type FoundLead = { readonly ok: true; readonly lead: LeadRow } | { readonly ok: true; readonly erased: true } | RowRefusal;

const unknown = (value: string): RowRefusal =>
  refusal('LEAD_UNKNOWN', 'No lead that you may work on has this id, phone number or e-mail address.', value);
const UNTOLD = refusal('LEAD_MISSING', 'The row does not say which lead it is about.');

function keysOf({ values, externalSource }: RecordDraft, country: string | null): readonly LeadKey[] {
  const text = (key: string): string | undefined => (typeof values[key] === 'string' ? values[key] : undefined);
  const external = text('leadExternalId') ?? null;
  const { keys } = leadKeys(
    { email: text('leadEmail'), phone: text('leadPhone'), wechat: text('leadWechat') },
    { defaultCountry: country, externalId: external, externalSource: external === null ? null : externalSource },
  );
  const rank: Readonly<Record<string, number>> = { external: 0, email: 1, phone: 2, wechat: 3 };
  return [...keys].sort((a, b) => (rank[a.kind] ?? 9) - (rank[b.kind] ?? 9));
}

/** Leads by id; one that was merged stands for the one it became part of. */
async function readLeads(db: Knex | Knex.Transaction, ids: readonly number[], lock: boolean): Promise<ReadonlyMap<number, LeadRow>> {
  const read = (wanted: readonly number[]): Promise<LeadRow[]> =>
    wanted.length === 0
      ? Promise.resolve([])
      : many<LeadRow>(db, `SELECT * FROM crm_leads WHERE id = ANY(?::int[]) ORDER BY id${lock ? ' FOR NO KEY UPDATE' : ''}`, [
          [...new Set(wanted)].sort((a, b) => a - b),
        ]);
  const rows = new Map((await read(ids)).map((row) => [row.id, row]));
  const winners = [...rows.values()].flatMap(({ merged_into: into }) => (into === null || rows.has(into) ? [] : [into]));
  for (const row of await read(winners)) rows.set(row.id, row);
  return new Map([...rows].map(([id, row]) => [id, row.merged_into === null ? row : (rows.get(row.merged_into) ?? row)] as const));
}

/**
 * The leads that rows are about, by id, else by their strongest key. Leads out of the person's reach are as if they were not there.
 * @param verb what the person must be allowed to do with the lead
 */
export async function findLeads(
  { kit, leads, record, actor }: Batch,
  db: Knex | Knex.Transaction,
  drafts: readonly RecordDraft[],
  { verb, lock }: { readonly verb: string; readonly lock: boolean },
): Promise<readonly FoundLead[]> {
  const keys = drafts.map((draft) => keysOf(draft, record.options.country ?? leads.country()));
  const holders = await holdersOf(db, keys);
  const ids = drafts.map(({ values }, index) => (typeof values['lead'] === 'number' ? values['lead'] : (holders[index]?.leadId ?? null)));
  const rows = await readLeads(
    db,
    ids.filter((id) => id !== null),
    lock,
  );
  const scope = kit.access.scope(actor, 'leads', verb, 't');
  const within =
    scope.sql === 'TRUE' || rows.size === 0
      ? null
      : new Set(
          (
            await many<{ id: number }>(db, `SELECT t.id FROM crm_leads t WHERE t.id = ANY(?::int[]) AND (${scope.sql})`, [
              [...new Set([...rows.values()].map(({ id }) => id))],
              ...scope.bindings,
            ])
          ).map(({ id }) => id),
        );
  const strangers = keys.map((own, index) => (ids[index] === null ? own : []));
  const gone = strangers.some((own) => own.length > 0) ? await leads.suppressed(db, strangers) : [];
  return drafts.map(({ values }, index): FoundLead => {
    const id = ids[index] ?? null;
    const lead = id === null ? undefined : rows.get(id);
    if (gone[index] || lead?.quarantine === ERASED_QUARANTINE) return { ok: true, erased: true };
    if (lead && lead.merged_into === null && (within === null || within.has(lead.id))) return { ok: true, lead };
    const told = Object.keys(LEAD_REF_TARGETS).find((key) => values[key] !== undefined);
    return told === undefined ? UNTOLD : unknown(written(values[told]));
  });
}

/** Rows that name a record that is here and no lead are about the lead of that record. */
export async function withLeads(
  db: Knex | Knex.Transaction,
  table: 'crm_opportunities' | 'crm_activities',
  drafts: readonly RecordDraft[],
): Promise<readonly RecordDraft[]> {
  const bare = ({ values }: RecordDraft): number | null =>
    typeof values['id'] === 'number' && !Object.keys(LEAD_REF_TARGETS).some((key) => key in values) ? values['id'] : null;
  const ids = drafts.flatMap((draft) => bare(draft) ?? []);
  if (ids.length === 0) return drafts;
  const rows = await many<{ id: number; lead_id: number | null }>(db, `SELECT id, lead_id FROM ${table} WHERE id = ANY(?::int[])`, [ids]);
  const leadOf = new Map(rows.map((row) => [row.id, row.lead_id]));
  return drafts.map((draft) => {
    const id = bare(draft);
    const lead = id === null ? null : leadOf.get(id);
    return lead ? { ...draft, values: { ...draft.values, lead } } : draft;
  });
}
