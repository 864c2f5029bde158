import type { CustomField, Kit } from '@leadsea/crm-core';
import { countRows as countRowsOf, readBatches, type ImportRow } from '../../domain/files';
import { liveLifecycle } from '../reactors/lifecycle';
import { plannedFields } from './fields';
import type { RowResult } from './entity';
import { importableOf } from './kinds';
import { externalSourceOf } from './row-plan';
import { readParts, type ImportRecord } from './store';
import { effectiveMapping, missingFields } from './targets';

/** Rows read and written at once: few enough to commit in a moment, enough to make a statement worth its way. */
export const CHUNK = 1000;

export interface Reading {
  /** The next rows of the file, in pieces; leaving early closes the file. */
  chunks(fromRow: number): AsyncGenerator<ImportRow[]>;
  convert(row: ImportRow): RowResult;
  /** As they are, or will be when the import has made what it needs. */
  readonly fields: readonly CustomField[];
}

async function* inChunks(batches: AsyncGenerator<readonly ImportRow[]>): AsyncGenerator<ImportRow[]> {
  const chunk: ImportRow[] = [];
  for await (const rows of batches) {
    chunk.push(...rows);
    while (chunk.length >= CHUNK) yield chunk.splice(0, CHUNK);
  }
  if (chunk.length > 0) yield chunk;
}

/** Reads one piece ahead: while the database writes one, the next is parsed. */
async function* ahead<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  let next = items.next();
  next.catch(() => undefined);
  try {
    for (;;) {
      const found = await next;
      if (found.done) return;
      next = items.next();
      next.catch(() => undefined);
      yield found.value;
    }
  } finally {
    await items.return(undefined);
  }
}

/** Opens an import for reading: the file from its pieces, the mapping compiled against the fields of this moment. */
export async function openReading(kit: Kit, record: ImportRecord): Promise<Reading> {
  const mapping = effectiveMapping(record.mapping, record.options);
  const importable = importableOf(record.kind);
  const known = kit.custom.fields(importable.entity);
  const fields = [...known, ...plannedFields(importable.entity, missingFields(mapping, known))];
  const { graph } = await liveLifecycle(kit);
  const { options } = record;
  return {
    fields,
    convert: importable.compile({ mapping, options, fields, graph, externalSource: externalSourceOf(options, record.header_key) }),
    chunks: (fromRow) =>
      ahead(
        inChunks(
          readBatches(readParts(kit.db, record.id), record.sniffed, { fromRow, ...(options.sheet ? { sheet: options.sheet } : {}) }),
        ),
      ),
  };
}

/** How many data rows the file has. */
export async function countRows(kit: Kit, record: ImportRecord): Promise<number> {
  const { sheet } = record.options;
  return countRowsOf(() => readParts(kit.db, record.id), record.sniffed, sheet ? { sheet } : {});
}
