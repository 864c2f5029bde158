import type { LocalisedText } from '@leadsea/crm-core';
import type { ImportRow, TargetType } from '../../../domain/files';
import { convertOptionsOf, customReader, fold, isBlank, readCells, reader, UNREADABLE, written, type Reader } from '../cells';
import { refusal, type PlanInput, type RowRefusal, type RowResult, type Target } from '../entity';
import type { ColumnMapping } from '../schema';

/** What a row says of a record: values by target, blanks left out. */
export interface RecordDraft {
  readonly values: Readonly<Record<string, unknown>>;
  readonly custom: Readonly<Record<string, unknown>>;
  /** Namespace of the ids of leads the file carries. */
  readonly externalSource: string;
}

export interface RecordChoice {
  readonly value: string;
  readonly label: LocalisedText;
  readonly words?: readonly string[];
}

export interface RecordTarget extends Target {
  /** Options of a field that has them. */
  readonly choices?: readonly RecordChoice[];
  /** How the cell is read, where it is not as the values look. */
  readonly read?: TargetType;
  readonly maxLength?: number;
  /** Turns what was read into the value; a refusal says why it is none. */
  parse?(value: unknown): { readonly ok: true; readonly value: unknown } | RowRefusal;
}
export type RecordTargets = Readonly<Record<string, RecordTarget>>;

type Draft = { readonly values: Record<string, unknown>; readonly custom: Record<string, unknown> };

/** An option by its value, its name in either language, or another word for it. */
export const choiceOf = (choices: readonly RecordChoice[], text: string): string | undefined => {
  const wanted = fold(text);
  return choices.find(({ value, label, words = [] }) => [value, label.zh, label.en, ...words].some((name) => fold(name) === wanted))?.value;
};

function chosen(choices: readonly RecordChoice[], own: ColumnMapping['options'], text: string): string | null | undefined {
  const mapped = Object.entries(own?.optionMap ?? {}).find(([key]) => fold(key) === fold(text));
  if (mapped) return mapped[1] === null ? null : choiceOf(choices, mapped[1]);
  return choiceOf(choices, text) ?? (own?.otherwise === undefined ? undefined : choiceOf(choices, own.otherwise));
}

function readerOf({ column, target, options: own }: ColumnMapping, targets: RecordTargets, input: PlanInput): Reader<Draft> | null {
  if (target === null) return null;
  const convert = convertOptionsOf(own, input.options);
  if (target.startsWith('custom.')) {
    const field = input.fields.find((one) => one.key === target.slice(7));
    return field ? customReader(column, field, convert) : null;
  }
  const spec = targets[target];
  if (!spec) return null;
  const { choices, parse, maxLength } = spec;
  const { optionMap: _map, ...plain } = convert;
  return reader(column, spec.read ?? spec.type, { ...plain, maxLength: maxLength ?? 1000 }, (draft, value) => {
    if (value === null) return null;
    const found = choices && typeof value === 'string' ? chosen(choices, own, value) : value;
    if (found === undefined)
      return refusal('OPTION_UNKNOWN', `"${written(value)}" is not one of: ${choices!.map((one) => one.label.en).join(', ')}.`);
    const parsed = parse && found !== null ? parse(found) : ({ ok: true, value: found } as const);
    if (!parsed.ok) return parsed;
    draft.values[target] = parsed.value;
    return null;
  });
}

const filled = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !isBlank(value)));

/** Compiles mapping and options once; the result turns a row into a draft of the record, or says by cell why it cannot. */
export function compileRecords(targets: RecordTargets): (input: PlanInput) => (row: ImportRow) => RowResult<RecordDraft> {
  return (input) => {
    const readers = input.mapping.flatMap((column) => readerOf(column, targets, input) ?? []);
    const defaults = Object.entries(input.options.defaults ?? {});
    return (row) => {
      if (row.problem && UNREADABLE.has(row.problem.code)) return { ok: false, ...row.problem };
      const draft: Draft = { values: {}, custom: {} };
      const problem = readCells(readers, row.cells, draft);
      if (problem) return problem;
      for (const [key, value] of defaults) {
        const [into, name] = key.startsWith('custom.') ? [draft.custom, key.slice(7)] : [draft.values, key];
        if (isBlank(into[name])) into[name] = value;
      }
      return { ok: true, change: { values: filled(draft.values), custom: filled(draft.custom), externalSource: input.externalSource } };
    };
  };
}

/** A field of the record: how its cells are read, what it is called, and other words headers use for it. */
export const target = (
  type: RecordTarget['type'],
  zh: string,
  en: string,
  words: readonly string[],
  more: Partial<RecordTarget> = {},
): RecordTarget => ({
  type,
  label: { zh, en },
  group: 'record',
  words,
  ...more,
});

/** A target for the id of a record that is here. */
export const idTarget = (words: readonly string[] = []): RecordTarget => ({
  type: 'integer',
  label: { zh: 'ID', en: 'ID' },
  group: 'record',
  free: true,
  words: ['id', ...words],
  parse: (value) =>
    Number.isInteger(value) && Number(value) > 0 && Number(value) <= 2_147_483_647
      ? { ok: true, value }
      : refusal('ID_INVALID', `"${String(value)}" is no id of a record.`),
});
