import { createHash } from 'node:crypto';
import type { LeadChange, Lifecycle } from '../../../../contracts';
import { booleanOf, convertCell, joinName, type ConvertOptions, type ImportRow, type TargetType } from '../../domain/files';
import { normaliseText } from '../../domain/identity';
import {
  convertOptionsOf,
  customReader,
  fold,
  isBlank,
  readCells,
  reader as readerFor,
  UNREADABLE,
  type Reader as ReaderOf,
} from './cells';
import { refusal, type PlanInput, type RowResult } from './entity';
import type { ColumnMapping, ImportOptions } from './schema';
import { LEAD_TARGETS } from './lead-targets';

export type Create = Extract<LeadChange, { op: 'create' }>;
type Setter = ReaderOf<Draft>['set'];
type Reader = ReaderOf<Draft>;
interface Draft {
  values: Record<string, unknown>;
  custom: Record<string, unknown>;
  given: string;
  family: string;
  external: string | null;
  stage: string | null;
  enteredAt: string | null;
  contactedAt: string | null;
}

/** A stage by its key or its name in either language. */
function stageOf(graph: Lifecycle, text: string): string | null {
  const wanted = fold(text);
  return graph.stages.find(({ key, label }) => [key, label.zh, label.en].some((name) => fold(name) === wanted))?.key ?? null;
}

const stageOfType = (graph: Lifecycle, type: 'won' | 'lost'): string | null =>
  graph.stages.find((stage) => stage.type === type && stage.key !== 'disqualified')?.key ?? null;
const WON = new Set(['won', 'closed won', '赢单', '成交']);
const LOST = new Set(['lost', 'closed lost', '输单', '丢单', '失败']);

/** Won or lost; a yes-or-no column says won or nothing yet, or won and lost when the leads are history. */
function outcomeOf(graph: Lifecycle, text: string, noIsLost = false): string | null | undefined {
  const word = fold(text);
  const flag = booleanOf(word);
  if (WON.has(word) || flag === true) return stageOfType(graph, 'won');
  if (LOST.has(word) || (noIsLost && flag === false)) return stageOfType(graph, 'lost');
  return flag === false ? null : undefined;
}

function readerOf({ column, target, part, options: own }: ColumnMapping, input: PlanInput): Reader | null {
  if (target === null) return null;
  const { options, graph } = input;
  const convert = convertOptionsOf(own, options);
  const reader = (type: TargetType, set: Setter, more: ConvertOptions = {}): Reader =>
    readerFor(column, type, { ...convert, ...more }, set);
  if (target === 'externalId') return reader('text', (draft, value) => ((draft.external = value as string | null), null));
  if (target === 'stageEnteredAt') return reader('datetime', (draft, value) => ((draft.enteredAt = value as string | null), null));
  if (target === 'firstContactAt') return reader('datetime', (draft, value) => ((draft.contactedAt = value as string | null), null));
  if (target === 'stage' || target === 'outcome') {
    return reader('text', (draft, value) => {
      if (typeof value !== 'string') return null;
      const text = value;
      const mapped = own?.optionMap && Object.entries(own.optionMap).find(([key]) => fold(key) === fold(text));
      const stage = mapped
        ? mapped[1] === null
          ? null
          : stageOf(graph, mapped[1])
        : target === 'stage'
          ? (stageOf(graph, text) ?? undefined)
          : outcomeOf(graph, text, own?.noIsLost);
      if (stage === undefined || (mapped && mapped[1] !== null && stage === null))
        return refusal('STAGE_UNKNOWN', `"${text}" is not a stage.`);
      draft.stage = stage ?? draft.stage;
      return null;
    });
  }
  if (target.startsWith('custom.')) {
    const field = input.fields.find((one) => one.key === target.slice(7));
    return field ? customReader(column, field, convert) : null;
  }
  if (target === 'name' && part) return reader('text', (draft, value) => ((draft[part] = (value as string | null) ?? ''), null));
  const type = LEAD_TARGETS[target];
  if (!type) return null;
  // Without a country of its own the file's numbers are read once, by the door, in the country of their row.
  const plain = reader(type === 'phone' && !options.country ? 'text' : type, (draft, value) => ((draft.values[target] = value), null), {
    maxLength: type === 'textarea' ? 20_000 : 1000,
  });
  if (type === 'country') {
    // Not every place in a file is a country; the text is kept.
    return {
      ...plain,
      read: (raw) => {
        const found = convertCell(raw, 'country', convert);
        return found.ok ? found : convertCell(raw, 'text', { ...convert, maxLength: 100 });
      },
    };
  }
  return plain;
}

/** The id of a row that has none: its own cells, so that the same row in a later file is the same lead. */
const rowId = (raw: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify(raw.map((cell) => cell.trim())))
    .digest('base64url')
    .slice(0, 22);

const IDENTIFYING = ['email', 'phone', 'wechat'] as const;

/** How a file tells that sales has met the lead: from then on its fields may know what became of it. */
const firstContact = (occurredAt: Date): NonNullable<Create['activity']> => ({
  kind: 'call',
  outcome: null,
  subject: '首次联系（导入） / First contact (imported)',
  occurredAt,
});

/** Compiles mapping and options once; the result turns a row of the file into a change, or says by cell why it cannot. */
export function compilePlan(input: PlanInput): (row: ImportRow) => RowResult<Create> {
  const { options, graph } = input;
  const readers = input.mapping.flatMap((column) => readerOf(column, input) ?? []);
  const defaults = Object.entries(options.defaults ?? {});
  const onDuplicate =
    options.mode === 'create'
      ? options.onDuplicate === 'link'
        ? 'link'
        : 'skip'
      : (options.onDuplicate ?? (options.mode === 'update' ? 'overwrite' : 'merge'));
  const { destination } = options;
  const holding =
    typeof destination === 'object' ? ('pool' in destination ? { poolId: destination.pool } : { ownerId: destination.owner }) : undefined;

  const complete = (draft: Draft): void => {
    const name = joinName(draft.given, draft.family);
    if (name !== '') draft.values['name'] = name;
    for (const [key, value] of defaults) {
      if (key === 'stage') draft.stage ??= stageOf(graph, String(value));
      else if (key.startsWith('custom.')) draft.custom[key.slice(7)] ??= value;
      else if (isBlank(draft.values[key])) draft.values[key] = value;
    }
    if (options.source && isBlank(draft.values['source'])) draft.values['source'] = options.source;
  };

  return (row) => {
    if (row.problem && UNREADABLE.has(row.problem.code)) return { ok: false, ...row.problem };
    const draft: Draft = { values: {}, custom: {}, given: '', family: '', external: null, stage: null, enteredAt: null, contactedAt: null };
    const problem = readCells(readers, row.cells, draft);
    if (problem) return problem;
    complete(draft);
    const values = Object.fromEntries(Object.entries(draft.values).filter(([, value]) => !isBlank(value)));
    const custom = Object.fromEntries(Object.entries(draft.custom).filter(([, value]) => !isBlank(value)));
    const nobody = draft.external === null && IDENTIFYING.every((key) => values[key] === undefined);
    const external =
      draft.external !== null
        ? { source: input.externalSource, id: draft.external }
        : nobody
          ? { source: 'row', id: rowId(row.raw) }
          : undefined;
    if (nobody && values['name'] === undefined && values['company'] === undefined) {
      return refusal('LEAD_EMPTY', 'A lead needs at least a name, a company, an e-mail address, a phone number or an id of its source.');
    }
    return {
      ok: true,
      change: {
        op: 'create',
        values: Object.keys(custom).length > 0 ? { ...values, custom } : values,
        onDuplicate,
        ...(external ? { external } : {}),
        ...(holding ? { holding } : {}),
        ...(draft.contactedAt === null ? {} : { activity: firstContact(new Date(draft.contactedAt)) }),
        ...(draft.stage === null
          ? {}
          : { state: { stage: draft.stage, ...(draft.enteredAt === null ? {} : { enteredAt: new Date(draft.enteredAt) }) } }),
      },
    };
  };
}

/** Whose ids the ids of a file are: named by the person, else by the source, else by the shape of the file. */
export const externalSourceOf = (options: ImportOptions, headerKey: string | null): string =>
  options.externalSource ?? (options.source ? normaliseText(options.source).toLowerCase() : `import:${(headerKey ?? '').slice(0, 12)}`);
