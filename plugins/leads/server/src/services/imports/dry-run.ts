import type { RunningJob } from '@leadsea/crm-core';
import { openReading } from './context';
import type { Batch, Checked, Planned, RunDeps } from './entity';
import { importableOf } from './kinds';
import { getImport, importActor, lockImport, updateImport } from './store';
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

function count(report: DryRun, found: Checked, row: number): void {
  if (found.ok) report[found.verdict] += 1;
  else note(report, found, row, found.value ?? null);
}

/** Reads the whole file as the import would, and writes nothing but what it found. */
export async function dryRun(deps: RunDeps, job: RunningJob): Promise<void> {
  const { kit } = deps;
  const id = Number(job.payload['import']);
  const record = await getImport(kit.db, id);
  if (record.status !== 'checking') return;
  await kit.custom.refresh();
  const reading = await openReading(kit, record);
  const importable = importableOf(record.kind);
  const actor = await importActor(kit, record);
  const guarded = kit.access.scope(actor, importable.resource, 'import', 't').sql !== 'TRUE';
  const batch: Batch = { ...deps, record, actor, fields: reading.fields, clocks: 'none', guarded };
  const created = missingFields(effectiveMapping(record.mapping, record.options), kit.custom.fields(importable.entity));
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
    const chunk: Planned[] = [];
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
      chunk.push({ row, change: result.change });
    }
    const checked = await importable.check(batch, chunk, seen);
    chunk.forEach(({ row }, index) => count(report, checked[index]!, row.row));
    report.rows += rows.length;
    await job.progress(report.rows, record.total);
  }
  await kit.db.transaction(async (trx) => {
    const current = await lockImport(trx, id);
    if (current.status === 'checking') await updateImport(trx, id, { status: 'checked', total: report.rows, dry_run: report, error: null });
  });
}
