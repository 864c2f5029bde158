import type { RunningJob } from '@leadsea/crm-core';
import { parseValues } from '../../domain/values';
import { emailKey, type LeadKey } from '../../domain/identity';
import { openReading } from './context';
import { holdersOf, keysOf } from './known';
import type { Create } from './row-plan';
import type { RunDeps } from './step';
import { getImport, lockImport, updateImport, type ImportRecord } from './store';
import { effectiveMapping, missingFields } from './targets';

const EXAMPLES = 5;
const MAX_REASONS = 100;

interface Reason {
  readonly code: string;
  readonly column: string | null;
  count: number;
  readonly examples: { readonly row: number; readonly value: string | null; readonly message: string }[];
}

export interface DryRun {
  rows: number;
  create: number;
  update: number;
  duplicate: number;
  skip: number;
  errors: number;
  readonly reasons: Reason[];
  /** Custom fields the import would make. */
  readonly newFields: readonly string[];
  /** Options it would add, by field. */
  readonly newOptions: Record<string, string[]>;
}

function note(report: DryRun, found: { code: string; message: string; column?: string }, row: number, value: string | null): void {
  report.errors += 1;
  let reason = report.reasons.find((one) => one.code === found.code && one.column === (found.column ?? null));
  if (!reason) {
    if (report.reasons.length >= MAX_REASONS) return;
    reason = { code: found.code, column: found.column ?? null, count: 0, examples: [] };
    report.reasons.push(reason);
  }
  reason.count += 1;
  if (reason.examples.length < EXAMPLES) reason.examples.push({ row, value: value?.slice(0, 200) ?? null, message: found.message });
}

interface Checked {
  readonly change: Create;
  readonly keys: readonly LeadKey[];
}

/** Sorts a chunk by what would become of it; keys seen earlier in the file count as known. */
async function classify(
  { kit, leads }: RunDeps,
  record: ImportRecord,
  chunk: readonly Checked[],
  seen: Set<string>,
  report: DryRun,
): Promise<void> {
  const holders = await holdersOf(
    kit.db,
    chunk.map((one) => one.keys),
  );
  const gone = await leads.suppressed(
    kit.db,
    chunk.map((one) => one.keys),
  );
  const { mode } = record.options;
  chunk.forEach(({ keys }, index) => {
    const holder = holders[index] ?? null;
    const labels = keys.map((key) => `${key.kind} ${key.value}`);
    const repeated = labels.some((key) => seen.has(key));
    for (const key of labels) seen.add(key);
    if (gone[index]) report.skip += 1;
    else if (holder === null && !repeated) report[mode === 'update' ? 'skip' : 'create'] += 1;
    else if (mode === 'create') report.skip += 1;
    else if (holder?.by === 'external') report.update += 1;
    else report.duplicate += 1;
  });
}

/** Reads the whole file as the import would, and writes nothing but what it found. */
export async function dryRun(deps: RunDeps, job: RunningJob): Promise<void> {
  const { kit } = deps;
  const id = Number(job.payload['import']);
  const record = await getImport(kit.db, id);
  if (record.status !== 'checking') return;
  await kit.custom.refresh();
  const reading = await openReading(kit, record);
  const created = missingFields(effectiveMapping(record.mapping, record.options), kit.custom.fields('lead'));
  const report: DryRun = {
    rows: 0,
    create: 0,
    update: 0,
    duplicate: 0,
    skip: 0,
    errors: 0,
    reasons: [],
    newFields: created.map((field) => field.key),
    newOptions: {},
  };
  const seen = new Set<string>();
  const open = new Set(report.newFields);
  for await (const rows of reading.chunks(1)) {
    if (job.shouldStop()) return;
    const chunk: Checked[] = [];
    for (const row of rows) {
      const result = reading.convert(row);
      if (!result.ok) {
        const option = result.option && (record.options.createFields || open.has(result.option.field)) ? result.option : null;
        const fresh = option ? (report.newOptions[option.field] ??= []) : null;
        if (!fresh) note(report, result, row.row, result.column ? (row.cells[result.column] ?? null) : null);
        else {
          if (!fresh.includes(option!.text) && fresh.length < EXAMPLES * 10) fresh.push(option!.text);
          report.create += 1;
        }
        continue;
      }
      const [problem] = parseValues(result.change.values, reading.fields, true).problems;
      const email = result.change.values['email'];
      if (problem) note(report, { ...problem, column: problem.field }, row.row, null);
      else if (typeof email === 'string' && !emailKey(email).ok)
        note(report, { code: 'EMAIL_INVALID', message: `"${email}" is not an e-mail address.`, column: 'email' }, row.row, email);
      else chunk.push({ change: result.change, keys: keysOf(result.change, record.options.country ?? null) });
    }
    report.rows += rows.length;
    await classify(deps, record, chunk, seen, report);
    await job.progress(report.rows, record.total);
  }
  await kit.db.transaction(async (trx) => {
    const current = await lockImport(trx, id);
    if (current.status === 'checking') await updateImport(trx, id, { status: 'checked', total: report.rows, dry_run: report, error: null });
  });
}
