import type { Knex } from 'knex';
import { isPendingReview, type ConfigSection, type ConfigValue, type PolicyKind } from '../../../../contracts';
import { canonical } from '../../domain/config/diff';
import { parsePolicy } from '../policy-rows';
import type { FullPolicyService } from '../policies';
import { many } from '../rows';
import type { Names } from './names';
import { schemaOf } from './schema';

const ORDERS: Readonly<Record<string, number>> = {
  calendar: 50,
  lifecycle: 55,
  pool: 60,
  'grading-model': 70,
  'sla-contract': 80,
  'routing-policy': 90,
};
const OTHER = 75;

interface Row {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly position: number;
  readonly state: string;
  readonly draft: unknown;
  readonly body: unknown;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Policies of one kind: the live version as `body`, an unpublished draft beside it as `draft`. Retired ones are no configuration. */
export function policySection(db: Knex, policies: FullPolicyService, names: () => Promise<Names>, kind: PolicyKind): ConfigSection {
  /** Through the schema of the kind, so that defaults that were not written are no difference. */
  const settled = (json: unknown, known: Names): unknown => {
    if (json === null || json === undefined) return undefined;
    const missing: string[] = [];
    const resolved = known.fromText(json, missing);
    return missing.length > 0 ? json : known.toText(parsePolicy(kind, resolved));
  };
  const shape = (value: ConfigValue, known: Names): ConfigValue => {
    const body = settled(value['body'], known);
    const draft = settled(value['draft'], known);
    return {
      key: value['key'],
      name: text(value['name']) ?? value['key'],
      position: typeof value['position'] === 'number' ? value['position'] : 0,
      ...(body === undefined ? {} : { body }),
      ...(draft === undefined || same(draft, body) ? {} : { draft }),
    };
  };
  return {
    key: kind.resource,
    order: ORDERS[kind.kind] ?? OTHER,
    resource: kind.resource,
    schema: () => {
      const body = schemaOf(kind.schema);
      return {
        type: 'object',
        properties: { key: { type: 'string' }, name: { type: 'string' }, position: { type: 'number' }, body, draft: body },
        required: ['key'],
        additionalProperties: false,
      };
    },
    keyOf: (value) => text(value['key']),
    normalise: async (value) => shape(value, await names()),
    read: async () => {
      const known = await names();
      const rows = await many<Row>(
        db,
        `SELECT p.id, p.key, p.name, p.position, p.state, p.draft, v.body FROM crm_policies p
         LEFT JOIN crm_policy_versions v ON v.id = p.published_version_id WHERE p.kind = ? AND p.state <> 'retired' ORDER BY p.position, p.key`,
        [kind.kind],
      );
      return rows.map((row) => {
        const raw = { key: row.key, name: row.name, position: row.position, body: known.toText(row.body), draft: known.toText(row.draft) };
        try {
          return { key: row.key, id: row.id, value: shape(raw, known) };
        } catch {
          // A draft from before today's rules is shown as it is.
          return { key: row.key, id: row.id, value: same(raw.body, raw.draft) ? { ...raw, draft: undefined } : raw };
        }
      });
    },
    write: async ({ actor, now }, value, current) => {
      const known = await names();
      const body = known.fromText(value['body'] ?? null);
      const draft = known.fromText(value['draft'] ?? value['body'] ?? null);
      const common = { name: String(value['name']), position: Number(value['position'] ?? 0) };
      const publishes = body !== null && !same(current?.value['body'], value['body']);
      const first = publishes ? body : draft;
      const { id, ...moved } = await policies.saveDraft(
        kind.kind,
        current?.id ?? (await retired(db, kind.kind, value)),
        { ...common, key: String(value['key']), draft: first },
        actor,
        now,
      );
      const published = publishes ? await policies.publish(id, 'From configuration text', actor, now) : moved;
      if (publishes && !same(body, draft)) await policies.saveDraft(kind.kind, id, { draft }, actor, now);
      return [published, moved].find(isPendingReview);
    },
    remove: async ({ actor, now }, item) => {
      if (item.id !== null) return (await policies.retire(item.id, actor, now)) ?? undefined;
    },
  };
}

/** A retired policy of the same key comes back as itself, with its history. */
async function retired(db: Knex, kind: string, value: ConfigValue): Promise<number | null> {
  const [row] = await many<{ id: number }>(db, 'SELECT id FROM crm_policies WHERE kind = ? AND key = ?', [kind, value['key']]);
  return row?.id ?? null;
}
