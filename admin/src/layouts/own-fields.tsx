import type { LayoutResource } from '@leadsea/crm-core/contracts/layout';
import { useAccess } from '../api/session-context';
import { ENTITY_OF } from './catalogue';
import { factsOf } from './facts-of';
import { RecordFields, type Draft } from './record-fields';
import { useCustomFields, useFormSections } from './use-sections';
import { conditionState } from './condition-state';

/** The custom part of a body: what was entered, without what does not apply or is empty. */
export const useOwnValues = (resource: LayoutResource): ((draft: Draft, known: Draft) => Record<string, unknown> | undefined) => {
  const custom = useCustomFields(resource);
  return (draft, known) => {
    const facts = factsOf(ENTITY_OF[resource], { ...known, ...draft }, {});
    const values = custom.flatMap((field): [string, unknown][] => {
      const value = draft[`custom.${field.key}`];
      const empty = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
      return empty || conditionState(field.visibleWhen, facts) === false ? [] : [[field.key, value]];
    });
    return values.length > 0 ? Object.fromEntries(values) : undefined;
  };
};

/**
 * The company's own fields of a record that is being made, as laid out. `known` are the values of the other inputs of the form, by field name, for
 * the conditions. Nothing where there are no such fields.
 */
export const OwnFields = (props: {
  resource: LayoutResource;
  draft: Draft;
  known: Draft;
  onChange: (draft: Record<string, unknown>) => void;
  /** Levels of access that may fill in a field. */
  levels?: readonly string[];
}) => {
  const { resource, draft, known, levels = ['write'] } = props;
  const access = useAccess();
  const sections = useFormSections(resource)
    .map((section) => ({ ...section, fields: section.fields.filter((field) => 'custom' in field) }))
    .filter((section) => section.fields.length > 0);
  if (sections.length === 0) return null;
  return (
    <div>
      <RecordFields
        resource={resource}
        sections={sections}
        draft={draft}
        onChange={props.onChange}
        writable={(name) => levels.includes(access.field(resource, name))}
        valueOf={{ now: factsOf(ENTITY_OF[resource], { ...known, ...draft }, {}), saved: null }}
      />
    </div>
  );
};
