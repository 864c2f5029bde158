import { z } from 'zod';
import {
  LAYOUT_RESOURCES,
  LAYOUT_VIEWS,
  type EffectiveLayouts,
  type FormLayout,
  type Layout,
  type LayoutResource,
  type ListLayout,
} from '../../../contracts';

const MOST_FIELDS = 200;
const field = z.string().min(1).max(80);
const label = z.object({ zh: z.string().trim().min(1).max(100), en: z.string().trim().min(1).max(100) });

export const formLayoutSchema = z.object({
  sections: z
    .array(
      z.object({
        key: z.string().regex(/^[a-z][a-zA-Z0-9_-]{0,39}$/),
        label,
        columns: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
        collapsed: z.boolean().optional(),
        fields: z.array(field).max(MOST_FIELDS),
      }),
    )
    .min(1)
    .max(40),
});

export const listLayoutSchema = z.object({
  columns: z
    .array(z.object({ field, width: z.number().int().min(40).max(800).optional() }))
    .min(1)
    .max(60),
  sort: z.tuple([field, z.enum(['ASC', 'DESC'])]).optional(),
});

export const layoutSchema = z.discriminatedUnion('view', [
  z.object({
    resource: z.enum(LAYOUT_RESOURCES),
    view: z.literal('form'),
    role: z
      .string()
      .max(80)
      .nullish()
      .transform((role) => role || null),
    body: formLayoutSchema,
  }),
  z.object({
    resource: z.enum(LAYOUT_RESOURCES),
    view: z.literal('list'),
    role: z
      .string()
      .max(80)
      .nullish()
      .transform((role) => role || null),
    body: listLayoutSchema,
  }),
]);

export interface LayoutIssue {
  readonly path: string;
  readonly message: string;
}

const isForm = (body: FormLayout | ListLayout): body is FormLayout => 'sections' in body;

/** Fields of a layout with the path at which each stands. */
const placed = (body: FormLayout | ListLayout): readonly (readonly [string, string])[] =>
  isForm(body)
    ? body.sections.flatMap((section, at) => section.fields.map((name, index) => [name, `body.sections.${at}.fields.${index}`] as const))
    : body.columns.map(({ field: name }, index) => [name, `body.columns.${index}.field`] as const);

/**
 * Fields that do not exist (or no longer), stand twice, or are required and left out of a form.
 * @param required names of fields without which nothing can be saved
 */
export function layoutIssues(body: FormLayout | ListLayout, known: ReadonlySet<string>, required: readonly string[]): LayoutIssue[] {
  const seen = new Set<string>();
  const issues: LayoutIssue[] = [];
  for (const [name, path] of placed(body)) {
    if (!known.has(name)) issues.push({ path, message: `There is no field "${name}".` });
    else if (seen.has(name)) issues.push({ path, message: `"${name}" stands twice.` });
    seen.add(name);
  }
  if (isForm(body)) {
    const twice = body.sections.map(({ key }) => key).find((key, index, keys) => keys.indexOf(key) !== index);
    if (twice !== undefined) issues.push({ path: 'body.sections', message: `Two sections have the key "${twice}".` });
    for (const name of required)
      if (!seen.has(name)) issues.push({ path: 'body.sections', message: `"${name}" is required and must be on the form.` });
  } else if (body.sort && !known.has(body.sort[0])) issues.push({ path: 'body.sort', message: `There is no field "${body.sort[0]}".` });
  return issues;
}

function without(body: FormLayout | ListLayout, may: (name: string) => boolean): FormLayout | ListLayout | null {
  if (isForm(body)) {
    const sections = body.sections
      .map((section) => ({ ...section, fields: section.fields.filter(may) }))
      .filter(({ fields }) => fields.length > 0);
    return sections.length > 0 ? { sections } : null;
  }
  const columns = body.columns.filter((column) => may(column.field));
  const { sort, ...rest } = body;
  return columns.length > 0 ? { ...rest, columns, ...(sort && may(sort[0]) ? { sort } : {}) } : null;
}

/**
 * What one member's pages look like: for each resource and view the layout of the first of his roles that has one, else the one for everybody,
 * without the fields he may not see or that are gone.
 */
export function effectiveLayouts(
  layouts: readonly Layout[],
  roles: readonly string[],
  may: (resource: LayoutResource, field: string) => boolean,
): EffectiveLayouts {
  const result: Record<string, Record<string, FormLayout | ListLayout>> = {};
  for (const resource of LAYOUT_RESOURCES)
    for (const view of LAYOUT_VIEWS) {
      const here = layouts.filter((layout) => layout.resource === resource && layout.view === view);
      const own = roles.flatMap((role) => here.filter((layout) => layout.role === role));
      const chosen = own[0] ?? here.find((layout) => layout.role === null);
      const body = chosen ? without(chosen.body, (name) => may(resource, name)) : null;
      if (body) (result[resource] ??= {})[view] = body;
    }
  return result;
}

/** A layout with one more field: in the section that is named, else in the last one; a list gets it as its last column. Where it stands already nothing changes. */
export function withField(body: FormLayout | ListLayout, name: string, sectionKey?: string): FormLayout | ListLayout {
  if (placed(body).some(([there]) => there === name)) return body;
  if (!isForm(body)) return { ...body, columns: [...body.columns, { field: name }] };
  const at = body.sections.findIndex(({ key }) => key === sectionKey);
  const target = at === -1 ? body.sections.length - 1 : at;
  return {
    sections: body.sections.map((section, index) => (index === target ? { ...section, fields: [...section.fields, name] } : section)),
  };
}
