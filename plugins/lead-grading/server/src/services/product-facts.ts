import { createHash } from 'node:crypto';
import { facts } from '@leadsea/crm-core';
import type { FactDefinition, Kit, LocalisedText, ResourceField } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { liveModels } from './models';

/** Builds the indexes by which lists are sorted by the score of one product. */
export const PRODUCT_INDEX_JOB = 'grading.product-indexes';

interface KnownProduct {
  readonly key: string;
  readonly label: LocalisedText;
}

const seen = new WeakMap<Kit, readonly KnownProduct[]>();

/** Products of the live models as last seen; of two models with the same product the first names it. */
export const knownProducts = (kit: Kit): readonly KnownProduct[] => seen.get(kit) ?? [];

async function readProducts(kit: Kit): Promise<void> {
  const all = (await liveModels(kit)).flatMap(({ body }) => body.products?.list ?? []);
  const byKey = new Map([...all].reverse().map(({ key, label }) => [key, { key, label }]));
  seen.set(kit, [...byKey.values()].reverse());
}

/** Reads the products now and whenever a policy is published; call it when the kit is ready. */
export async function watchProducts(kit: Kit): Promise<void> {
  kit.live.on('crm_policies', () => {
    readProducts(kit).catch((error: unknown) => kit.log.error('The products of the grading models could not be read.', error));
  });
  await readProducts(kit);
}

/** Keys hold letters, digits and a few signs only (`productSchema`): nothing that would end a literal or be taken for a placeholder. */
const scoreSql = (alias: string, key: string): string => `((${alias}.product_scores ->> '${key.replaceAll("'", "''")}')::int)`;

const named = ({ label }: KnownProduct): LocalisedText => ({ zh: `产品分 · ${label.zh}`, en: `Product score · ${label.en}` });

/** `product.<key>`: the score of one product, for conditions; 0 where there is none. */
export const productFacts = (kit: Kit): readonly FactDefinition[] =>
  knownProducts(kit).map((product) => ({
    subject: 'lead',
    key: `product.${product.key}`,
    label: named(product),
    type: 'number',
    operators: facts.operatorsOf('number'),
    accessField: 'productScores',
    sql: (alias) => ({ sql: `coalesce(${scoreSql(alias, product.key)}, 0)`, bindings: [] }),
  }));

/** `productScores.<key>`: the score of one product as a column of the lists, to sort and filter by. */
export const productFields = (kit: Kit): readonly ResourceField[] =>
  knownProducts(kit).map((product) => ({
    name: `productScores.${product.key}`,
    type: 'number',
    label: named(product),
    sql: (alias) => scoreSql(alias, product.key),
  }));

const indexName = (key: string): string => `crm_leads_product_${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;

async function buildIndex(db: Knex, key: string): Promise<void> {
  const name = indexName(key);
  const { rows } = await db.raw<{ rows: { valid: boolean }[] }>(
    'SELECT i.indisvalid AS valid FROM pg_index i WHERE i.indexrelid = to_regclass(?)',
    [name],
  );
  if (rows[0]?.valid) return;
  if (rows[0]) await db.raw(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
  const expression = scoreSql('crm_leads', key).replaceAll('crm_leads.', '');
  await db.raw(`CREATE INDEX CONCURRENTLY ${name} ON crm_leads (${expression} DESC NULLS LAST, id) WHERE merged_into IS NULL`);
}

/** Without locking writers out; products of models that were live once keep theirs, as they may come back. */
export function handleProductIndexes(kit: Kit): void {
  kit.jobs.handle(PRODUCT_INDEX_JOB, async () => {
    await readProducts(kit);
    for (const { key } of knownProducts(kit)) await buildIndex(kit.db, key);
  });
}
