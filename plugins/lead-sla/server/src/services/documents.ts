import { createHash } from 'node:crypto';
import { notFound, one, type Kit } from '@leadsea/crm-core';
import { ACTIVITY_KINDS, STANDARD_LIFECYCLE, type Lifecycle } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { Contract } from '../../../contracts';
import { documentOf, type DocumentContext } from '../domain/document';

/** A contract's text as it was when the version was published, and what signatures sign. */
export interface StoredDocument {
  readonly zh: string;
  readonly en: string;
  readonly hash: string;
}

export const hashOf = (zh: string, en: string): string => createHash('sha256').update(`${zh}\n\u001e\n${en}`).digest('hex');

const ACTIVITIES = new Map(ACTIVITY_KINDS.map(({ key, label }) => [key, label]));
const OUTCOMES = new Map(ACTIVITY_KINDS.flatMap(({ outcomes }) => outcomes.map(({ value, label }) => [value, label] as const)));

async function contextOf(kit: Kit): Promise<DocumentContext> {
  const facts = new Map(kit.conditions.describe('lead').map((fact) => [fact.key, fact]));
  const [graph] = await kit.policies.live<Lifecycle>('lifecycle');
  const stages = new Map((graph?.body ?? STANDARD_LIFECYCLE).stages.map((stage) => [stage.key, stage.label]));
  const calendars = new Map((await kit.policies.live('calendar')).map((calendar) => [calendar.key, calendar.name]));
  const pools = new Map((await kit.policies.live('pool')).map((pool) => [pool.key, pool.name]));
  return {
    facts: (key) => facts.get(key),
    name: (kind, key) => {
      if (kind === 'stage') return stages.get(key) ?? { zh: key, en: key };
      if (kind === 'field') return facts.get(`lead.${key}`)?.label ?? { zh: key, en: key };
      if (kind === 'activity') return ACTIVITIES.get(key) ?? { zh: key, en: key };
      if (kind === 'outcome') return OUTCOMES.get(key) ?? { zh: key, en: key };
      const name = (kind === 'pool' ? pools : calendars).get(key) ?? key;
      return { zh: name, en: name };
    },
  };
}

/** The text a body would have if it were published now. */
export async function renderDocument(kit: Kit, body: Contract): Promise<StoredDocument> {
  const context = await contextOf(kit);
  const [zh, en] = [documentOf(body, context, 'zh'), documentOf(body, context, 'en')];
  return { zh, en, hash: hashOf(zh, en) };
}

/** Keeps the text of a version, once; labels that change later do not change what was signed. */
export async function keepDocument(kit: Kit, trx: Knex | Knex.Transaction, versionId: number, body: Contract): Promise<StoredDocument> {
  const { zh, en, hash } = await renderDocument(kit, body);
  await trx('crm_sla_documents').insert({ version_id: versionId, zh, en, hash }).onConflict('version_id').ignore();
  const row = await one<StoredDocument>(trx, 'SELECT zh, en, hash FROM crm_sla_documents WHERE version_id = ?', [versionId]);
  if (!row) throw notFound('Document');
  return row;
}

export async function documentOfVersion(kit: Kit, versionId: number): Promise<StoredDocument> {
  const row = await one<StoredDocument>(kit.db, 'SELECT zh, en, hash FROM crm_sla_documents WHERE version_id = ?', [versionId]);
  return row ?? keepDocument(kit, kit.db, versionId, (await kit.policies.version<Contract>(versionId)).body);
}
