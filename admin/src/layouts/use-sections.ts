import type { LayoutResource } from '@leadsea/crm-core/contracts/layout';
import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { useAccess, useMeta } from '../api/session-context';
import type { CustomField } from '../api/types';
import { useText } from '../common/text';
import { ENTITY_OF, FORM_FIELDS } from './catalogue';
import { formSections, type FormField, type FormSectionView } from './sections';

/** The company's own fields of a kind of record, in their order. */
export const useCustomFields = (resource: LayoutResource): CustomField[] => {
  const { customFields } = useMeta();
  return useMemo(
    () =>
      customFields
        .filter((field) => field.entity === ENTITY_OF[resource] && !field.retired)
        .sort((a, b) => a.position - b.position || a.id - b.id),
    [customFields, resource],
  );
};

/** Sections of the form of a kind of record, as laid out for this member, with the fields he may see. */
export const useFormSections = (resource: LayoutResource): FormSectionView[] => {
  const access = useAccess();
  const { layouts } = useMeta();
  const custom = useCustomFields(resource);
  return useMemo(
    () => formSections(layouts?.[resource]?.form, FORM_FIELDS[resource], custom, (name) => access.field(resource, name) !== 'hidden'),
    [layouts, resource, custom, access],
  );
};

/** Whether somebody laid this form out. */
export const useIsLaidOut = (resource: LayoutResource): boolean => Boolean(useMeta().layouts?.[resource]?.form);

/** Name of a field and of a section, in the language of the console. */
export const useFieldWords = (): { label: (field: FormField) => string; heading: (section: FormSectionView) => string } => {
  const translate = useTranslate();
  const text = useText();
  return useMemo(
    () => ({
      label: (field) => ('custom' in field ? text(field.custom.label) || field.custom.key : translate(field.builtIn.words)),
      heading: (section) => (section.label ? text(section.label) : translate(`sections.${section.key}`, { _: section.key })),
    }),
    [translate, text],
  );
};
