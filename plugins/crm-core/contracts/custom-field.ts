import type { Condition, LocalisedText } from './condition';

export const CUSTOM_FIELD_TYPES = [
  'text',
  'textarea',
  'number',
  'integer',
  'money',
  'boolean',
  'date',
  'datetime',
  'select',
  'multiselect',
  'email',
  'phone',
  'url',
  'reference',
] as const;
export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number];
/** Records that can have fields of their own, and the console resource of each. */
export const FIELD_ENTITIES = ['lead', 'account', 'opportunity', 'activity'] as const;
export type FieldEntity = (typeof FIELD_ENTITIES)[number];

/** What kind of personal data a field holds. */
export const PII_KINDS = ['contact', 'identity', 'financial', 'location', 'health', 'other'] as const;
export type PiiKind = (typeof PII_KINDS)[number];

/** How a masked value is shown: as phone, mail or not at all, or with so many characters left at both ends. */
export type MaskPattern = 'phone' | 'email' | 'text' | { readonly keepStart: number; readonly keepEnd: number };

export interface CustomFieldOption {
  /** Stable key: what records store. The label may change at any time. */
  readonly value: string;
  readonly label: LocalisedText;
  /** Offered only while the parent field has one of these values; absent or empty = always. */
  readonly when?: readonly string[];
  /** Kept by records that have it, no longer offered. */
  readonly retired?: boolean;
}

export interface CustomField {
  readonly id: number;
  readonly entity: string;
  readonly key: string;
  readonly type: CustomFieldType;
  readonly label: LocalisedText;
  readonly options: readonly CustomFieldOption[];
  readonly required: boolean;
  readonly defaultValue: unknown;
  readonly validation: Readonly<{ min?: number; max?: number; pattern?: string; maxLength?: number }>;
  readonly section: string;
  readonly position: number;
  /** Asked of the record as it would be: without it the field takes no value and is never required. */
  readonly visibleWhen: Condition | null;
  /** Asked of the record as it would be. */
  readonly requiredWhen?: Condition | null;
  /** Asked of the record as it was. */
  readonly readOnlyWhen?: Condition | null;
  /** Key of the select field on which the options of this one depend. */
  readonly parentField?: string | null;
  readonly pii: boolean;
  readonly piiKind?: PiiKind | null;
  /** How the field looks where a role reads it masked; by its type when absent. */
  readonly mask?: MaskPattern | null;
  readonly indexed: boolean;
  readonly retired: boolean;
}

/** An option that became another one: `merge-option` of a field. */
export interface MergedOption {
  readonly field: number;
  readonly entity: FieldEntity;
  readonly key: string;
  readonly from: string;
  readonly to: string;
  /** Policies that name it are published with the other one, not only drafted. */
  readonly publish: boolean;
}

/** What became of a policy that named the option; `live` = also the version that decides. */
export interface PolicyAfterMerge {
  readonly kind: string;
  readonly key: string;
  readonly name: string;
  readonly state: 'drafted' | 'published' | 'asked' | 'failed';
  readonly live: boolean;
  readonly code?: string;
}

export interface OptionMergeResult {
  readonly fields: number;
  readonly views: number;
  readonly policies: readonly PolicyAfterMerge[];
}
