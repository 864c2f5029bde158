import type { LocalisedText } from './condition';

/** Resources whose forms and lists can be laid out. */
export const LAYOUT_RESOURCES = ['leads', 'accounts', 'opportunities', 'activities'] as const;
export type LayoutResource = (typeof LAYOUT_RESOURCES)[number];

/** The kind of record whose own fields a resource carries. */
export const ENTITY_OF_LAYOUT = { leads: 'lead', accounts: 'account', opportunities: 'opportunity', activities: 'activity' } as const;

export const LAYOUT_VIEWS = ['form', 'list'] as const;
export type LayoutView = (typeof LAYOUT_VIEWS)[number];

/** A part of a form. Fields are named as the resource names them: `name`, `custom.budget`. */
export interface FormSection {
  readonly key: string;
  readonly label: LocalisedText;
  /** Fields beside each other on a wide screen; 2 when absent. */
  readonly columns?: 1 | 2 | 3;
  /** Closed until somebody opens it. */
  readonly collapsed?: boolean;
  readonly fields: readonly string[];
}
export interface FormLayout {
  readonly sections: readonly FormSection[];
}

export interface ListColumn {
  readonly field: string;
  /** Pixels; as wide as its content when absent. */
  readonly width?: number;
}
export interface ListLayout {
  readonly columns: readonly ListColumn[];
  readonly sort?: readonly [string, 'ASC' | 'DESC'];
}

/**
 * A stored layout: a row of the console resource `layouts` (`GET POST PUT DELETE /api/console/layouts`, verb rights of roles as for any
 * resource). One per resource, view and role; `role` null is for everybody whose roles have none of their own. A member with several roles
 * gets the layout of the first of his roles that has one. A body that names an unknown, retired or twice placed field is refused
 * (LAYOUT_INVALID with `issues: [{ path, message }]`).
 */
export interface Layout<Body extends FormLayout | ListLayout = FormLayout | ListLayout> {
  readonly id: number;
  readonly resource: LayoutResource;
  readonly view: LayoutView;
  readonly role: string | null;
  readonly body: Body;
}

/**
 * `layouts` of `GET /api/console/meta`: what this member's pages look like, already without fields he may not see; a view nobody has laid
 * out is absent, and the page falls back to the order of the fields. A layout never gives a right: fields that are not on it stay readable
 * where the role reads them, fields on it stay closed where the role does not.
 */
export type EffectiveLayouts = Partial<Record<LayoutResource, { readonly form?: FormLayout; readonly list?: ListLayout }>>;
