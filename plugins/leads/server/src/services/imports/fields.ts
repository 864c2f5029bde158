import { insertRow, many, updateRow } from '@leadsea/crm-core';
import type { Actor, CustomField, FieldEntity, Kit } from '@leadsea/crm-core';
import { slug } from '../../domain/files';
import { normaliseText } from '../../domain/identity';
import type { NewField } from './schema';

/** Makes the custom fields an import needs; those that are there meanwhile stay as they are. */
export async function createFields(
  kit: Kit,
  entity: FieldEntity,
  fields: readonly NewField[],
  actor: Actor,
  cause: { type: string; id: string },
  now: Date,
): Promise<void> {
  if (fields.length === 0) return;
  await kit.db.transaction(async (trx) => {
    await trx.raw(`SELECT pg_advisory_xact_lock(hashtext('crm_fields'))`);
    const known = new Set(await trx<{ entity: string; key: string }>('crm_fields').where({ entity }).pluck('key'));
    const last = await trx('crm_fields').where({ entity }).max<{ position: number | null }[]>({ position: 'position' });
    let position = last[0]?.position ?? 0;
    for (const { key, label, type, options } of fields) {
      if (known.has(key)) continue;
      position += 1;
      const values = {
        entity,
        key,
        type,
        label,
        options,
        required: false,
        section: 'custom',
        position,
        pii: type === 'email' || type === 'phone',
        indexed: false,
        retired: false,
      };
      const id = await insertRow(trx, 'crm_fields', values, now);
      await kit.events.append(trx, [{ subject: 'field', subjectId: id, type: 'field.created', after: values }], actor, cause, now);
    }
    await trx.raw(`SELECT pg_notify('crm_fields', '')`);
  });
  await kit.custom.refresh();
}

/** Keys of the custom fields this import made, before or after a restart. */
export async function fieldsMadeBy(kit: Kit, importId: number): Promise<ReadonlySet<string>> {
  const rows = await many<{ key: string }>(
    kit.db,
    `SELECT after->>'key' AS key FROM crm_events WHERE subject = 'field' AND cause_id = ? AND cause_type = 'import' AND type = 'field.created'`,
    [String(importId)],
  );
  return new Set(rows.map((row) => row.key));
}

/** Definitions as they will be, for a dry run. */
export const plannedFields = (entity: FieldEntity, fields: readonly NewField[]): CustomField[] =>
  fields.map((field, index) => ({
    id: -1 - index,
    entity,
    key: field.key,
    type: field.type,
    label: field.label,
    options: field.options,
    required: false,
    defaultValue: null,
    validation: {},
    section: 'custom',
    position: 0,
    visibleWhen: null,
    pii: false,
    indexed: false,
    retired: false,
  }));

const MAX_OPTIONS = 500;

/** Adds what a file says to the options of its select fields. Returns true when something was added. */
export async function addOptions(
  kit: Kit,
  entity: FieldEntity,
  wanted: readonly { readonly field: string; readonly text: string }[],
  now: Date,
): Promise<boolean> {
  const fields = new Set(wanted.map((one) => one.field));
  let added = false;
  await kit.db.transaction(async (trx) => {
    for (const key of fields) {
      const row = await trx<{ id: number; key: string; entity: string; type: string; options: CustomField['options'] | null }>('crm_fields')
        .where({ entity, key })
        .forUpdate()
        .first();
      if (!row) continue;
      const options = [...(row.options ?? [])];
      const known = new Set(options.map((option) => option.value));
      for (const { text } of wanted.filter((one) => one.field === key)) {
        const parts = row.type === 'multiselect' ? text.split(/[;,|、，；/]/) : [text];
        for (const label of parts.map(normaliseText)) {
          const value = slug(label);
          if (label === '' || known.has(value) || options.length >= MAX_OPTIONS) continue;
          known.add(value);
          options.push({ value, label: { zh: label, en: label } });
          added = true;
        }
      }
      await updateRow(trx, 'crm_fields', row.id, { options }, now);
    }
    if (added) await trx.raw(`SELECT pg_notify('crm_fields', '')`);
  });
  if (added) await kit.custom.refresh();
  return added;
}
