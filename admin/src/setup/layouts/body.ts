import type { FormLayout, FormSection, ListLayout } from '@leadsea/crm-core/contracts/layout';

export const OFF = 'off';
/** Where a field stands in the editor: off the page, or at a place of a section (of the list: section 0). */
export interface Place {
  readonly list: typeof OFF | number;
  readonly index: number;
}

const without = <Item>(items: readonly Item[], index: number): Item[] => items.filter((_item, at) => at !== index);
const withAt = <Item>(items: readonly Item[], index: number, item: Item): Item[] => [...items.slice(0, index), item, ...items.slice(index)];

/** A form with one field moved; `off` are the fields that are not on it, in the order they are offered. */
export function moveField(body: FormLayout, off: readonly string[], from: Place, to: Place): FormLayout {
  const name = from.list === OFF ? off[from.index] : body.sections[from.list]?.fields[from.index];
  if (name === undefined) return body;
  const taken = body.sections.map((section, at) =>
    at === from.list ? { ...section, fields: without(section.fields, from.index) } : section,
  );
  if (to.list === OFF) return { sections: taken };
  return {
    sections: taken.map((section, at) => (at === to.list ? { ...section, fields: withAt(section.fields, to.index, name) } : section)),
  };
}

/** A list with one column moved, as `moveField`. A column that comes back has no width of its own. */
export function moveColumn(body: ListLayout, off: readonly string[], from: Place, to: Place): ListLayout {
  const column = from.list === OFF ? off[from.index] && { field: off[from.index] ?? '' } : body.columns[from.index];
  if (!column) return body;
  const taken = from.list === OFF ? [...body.columns] : without(body.columns, from.index);
  return { ...body, columns: to.list === OFF ? taken : withAt(taken, to.index, column) };
}

export const changeSection = (body: FormLayout, at: number, part: Partial<FormSection>): FormLayout => ({
  sections: body.sections.map((section, index) => (index === at ? { ...section, ...part } : section)),
});

/** A key no other section has. */
export function sectionKey(body: FormLayout): string {
  const taken = new Set(body.sections.map(({ key }) => key));
  let number = body.sections.length + 1;
  while (taken.has(`part${number}`)) number += 1;
  return `part${number}`;
}

export const placedFields = (body: FormLayout | ListLayout): string[] =>
  'sections' in body ? body.sections.flatMap(({ fields }) => [...fields]) : body.columns.map(({ field }) => field);

/** What hello-pangea calls a place: `section:2`, `off`, `columns`. */
export const placeOf = (droppable: string, index: number): Place =>
  droppable === OFF ? { list: OFF, index } : { list: droppable === 'columns' ? 0 : Number(droppable.slice('section:'.length)), index };
