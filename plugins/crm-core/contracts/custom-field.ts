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
export interface CustomField {
  readonly id: number;
  readonly entity: string;
  readonly key: string;
  readonly type: CustomFieldType;
  readonly label: LocalisedText;
  readonly options: readonly { readonly value: string; readonly label: LocalisedText }[];
  readonly required: boolean;
  readonly defaultValue: unknown;
  readonly validation: Readonly<{ min?: number; max?: number; pattern?: string; maxLength?: number }>;
  readonly section: string;
  readonly position: number;
  readonly visibleWhen: Condition | null;
  readonly pii: boolean;
  readonly indexed: boolean;
  readonly retired: boolean;
}
