import { CUSTOM_FIELD_TYPES } from '@leadsea/crm-core';
import { z } from 'zod';

/** What a file may hold. */
export const IMPORT_KINDS = ['leads', 'accounts', 'opportunities', 'activities'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];
export const importKind = z.enum(IMPORT_KINDS);

const words = z.array(z.string().max(200)).max(200);
const localised = z.object({ zh: z.string().max(200), en: z.string().max(200) });

/** How the cells of one column are read. */
export const columnOptions = z.object({
  emptyValues: words.optional(),
  dateFormat: z.string().max(60).optional(),
  timeZone: z.string().max(60).optional(),
  decimalComma: z.boolean().optional(),
  /** Text in the file → option value (or stage); null = empty. */
  optionMap: z.record(z.string(), z.string().nullable()).optional(),
  /** Of an outcome written as yes or no: "no" is lost and not still open. */
  noIsLost: z.boolean().optional(),
  /** Option value for text that is none of the options (the stages of another system are all open deals). */
  otherwise: z.string().max(100).optional(),
});

/** A custom field that the import makes of a column. */
export const newField = z.object({
  key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'must start with a small letter and have up to 40 letters, digits or underscores'),
  label: localised,
  type: z.enum(CUSTOM_FIELD_TYPES),
  options: z
    .array(z.object({ value: z.string().max(100), label: localised }))
    .max(500)
    .default([]),
});

export const columnMapping = z.object({
  column: z.string().max(220),
  /** A field of the kind of record, `custom.<key>`, or what else the kind takes (`externalId`, `stage`, `leadPhone` …); null = not imported. */
  target: z.string().max(80).nullable().default(null),
  part: z.enum(['given', 'family']).nullish(),
  create: newField.nullish(),
  options: columnOptions.nullish(),
  /** How sure the proposal is, 0 … 1; below 0.6 a person should look. */
  confidence: z.number().optional(),
});

/** A list as the record holds it, or the short form of a mapping file: `{ Column: target }`. */
export const mappingInput = z.union([
  z.array(columnMapping).max(500),
  z
    .record(z.string(), z.union([z.string(), z.null(), columnMapping.omit({ column: true })]))
    .transform((record) =>
      Object.entries(record).map(([column, value]) =>
        columnMapping.parse(typeof value === 'string' || value === null ? { column, target: value } : { ...value, column }),
      ),
    ),
]);

const id = z.number().int().positive();
export const importOptions = z.object({
  mode: z.enum(['create', 'update', 'upsert']).optional(),
  onDuplicate: z.enum(['merge', 'overwrite', 'skip', 'link']).optional(),
  /** Whose ids the external ids are: files of one source share it, so that the second updates what the first brought. */
  externalSource: z.string().min(1).max(100).optional(),
  /** The column that identifies a row; the same as mapping it to `externalId`. */
  externalId: z.string().max(220).optional(),
  source: z.string().max(200).optional(),
  emptyValues: words.optional(),
  timeZone: z.string().max(60).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable()
    .optional(),
  sheet: z.string().max(200).optional(),
  createFields: z.boolean().optional(),
  destination: z.union([z.literal('route'), z.object({ pool: id }), z.object({ owner: id })]).optional(),
  clocks: z.enum(['none', 'now', 'captured']).optional(),
  /** Follow-ups: `history` (the default) is kept with its own time and answers no deadline; `live` counts the last seven days as logged now. */
  followUps: z.enum(['history', 'live']).optional(),
  /** Deals: whether their leads move on to the stage the deal stands for (the default), or stay where they are. */
  leadStage: z.enum(['advance', 'keep']).optional(),
  /** Owners and authors who are no members: refuse the row (the default), or leave the field blank. */
  unknownPeople: z.enum(['refuse', 'blank']).optional(),
  /** Values for records whose row says nothing, by target: fields, `custom.<key>`, `stage`, `owner`, `kind` … */
  defaults: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

export type ColumnMapping = z.infer<typeof columnMapping>;
export type NewField = z.infer<typeof newField>;
export type ImportOptions = z.infer<typeof importOptions>;
