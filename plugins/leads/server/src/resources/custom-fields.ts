import type { CustomField, CustomFieldType, FieldEntity, FieldType, Kit, ResourceField } from '@leadsea/crm-core';

const TYPES: Readonly<Record<CustomFieldType, FieldType>> = {
  text: 'text',
  textarea: 'text',
  email: 'text',
  phone: 'text',
  url: 'text',
  number: 'number',
  integer: 'number',
  money: 'money',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  select: 'select',
  multiselect: 'multiselect',
  reference: 'reference',
};

const toField = (field: CustomField): ResourceField => ({
  name: `custom.${field.key}`,
  type: TYPES[field.type],
  label: field.label,
  writable: true,
  ...(field.pii || field.mask
    ? { mask: field.mask ?? (field.type === 'phone' ? 'phone' : field.type === 'email' ? 'email' : 'text') }
    : {}),
  ...(field.options.length > 0 ? { options: field.options } : {}),
  ...(field.type === 'reference' ? { reference: 'members' } : {}),
});

/** Custom fields as resource fields, made anew only when the definitions have changed. */
export function customResourceFields(kit: Kit, entity: FieldEntity): () => readonly ResourceField[] {
  let from: readonly CustomField[] | null = null;
  let fields: readonly ResourceField[] = [];
  return () => {
    const current = kit.custom.fields(entity);
    if (current !== from) {
      from = current;
      fields = current.filter((field) => !field.retired).map(toField);
    }
    return fields;
  };
}
