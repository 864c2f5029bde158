import type { CustomField, LintFinding, LintItem } from '../../../../contracts';

export interface FieldFacts {
  readonly fields: readonly CustomField[];
  /** What is wrong with a condition over this kind of record. */
  check(condition: unknown, entity: string): readonly LintFinding[];
  /** Per kind of record how many forms are laid out for it, and the fields that stand on one of them. */
  readonly forms?: ReadonlyMap<string, { readonly count: number; readonly fields: ReadonlySet<string> }>;
}

const CONDITIONS = ['visibleWhen', 'requiredWhen', 'readOnlyWhen'] as const;
const MASKED_BY_TYPE = ['email', 'phone'];

/** Fields as they stand: conditions over what is gone, lists without a choice, personal data that no mask covers. Pure. */
export function lintFields({ fields, check, forms }: FieldFacts): readonly LintItem[] {
  return fields
    .filter(({ retired }) => !retired)
    .flatMap((field) => {
      const about = {
        resource: 'fields',
        id: field.id,
        key: `${field.entity}.${field.key}`,
        name: field.label.en || field.key,
        label: field.label,
      } as const;
      const items: LintItem[] = [];
      for (const path of CONDITIONS)
        for (const finding of field[path] ? check(field[path], field.entity) : []) items.push({ ...about, ...finding, path });
      const offered = field.options.filter(({ retired }) => !retired);
      const isList = field.type === 'select' || field.type === 'multiselect';
      if (isList && offered.length === 0)
        items.push({
          ...about,
          level: field.required ? 'error' : 'warning',
          code: 'FIELD_WITHOUT_OPTIONS',
          message: 'A list without a choice.',
          path: 'options',
        });
      const parent = field.parentField ? fields.find(({ entity, key }) => entity === field.entity && key === field.parentField) : undefined;
      if (field.parentField && (!parent || parent.retired))
        items.push({
          ...about,
          level: 'error',
          code: 'FIELD_PARENT_GONE',
          message: 'Depends on a list that is gone or retired.',
          path: 'parentField',
        });
      const lost = parent
        ? offered.flatMap(({ when = [] }) => when).filter((value) => !parent.options.some((option) => option.value === value))
        : [];
      if (lost.length > 0)
        items.push({
          ...about,
          level: 'warning',
          code: 'FIELD_OPTION_UNREACHABLE',
          message: `Choices wait for options that are gone: ${lost.join(', ')}.`,
          path: 'options',
          values: { options: lost.join(', ') },
        });
      if (field.pii && !field.mask && !MASKED_BY_TYPE.includes(field.type))
        items.push({
          ...about,
          level: 'warning',
          code: 'FIELD_PII_UNMASKED',
          message: 'Personal data without a mask: who reads it masked sees nothing of it.',
          path: 'mask',
        });
      const laidOut = forms?.get(field.entity);
      if (laidOut && laidOut.count > 0 && !laidOut.fields.has(`custom.${field.key}`))
        items.push({
          ...about,
          level: 'warning',
          code: 'FIELD_ON_NO_FORM',
          message: 'It stands on none of the forms that are laid out: nobody can fill it in by hand.',
          path: 'section',
        });
      return items;
    });
}
