import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import iconv from 'iconv-lite';
import type { Bytes, RawRecord } from './rows';
import type { SniffedCsv } from './sniff';

/** A record longer than this is an unclosed quotation mark, not a row. */
const MAX_RECORD = 2_000_000;

interface Decoder {
  write(chunk: Buffer): string;
  end(): string | undefined;
}

/** The platform's decoder where it knows the encoding (iconv-lite's stream loses characters when a four-byte one is cut); else iconv-lite. */
function decoderFor(encoding: string): Decoder {
  try {
    const decoder = new TextDecoder(encoding);
    return { write: (chunk) => decoder.decode(chunk, { stream: true }), end: () => decoder.decode() };
  } catch {
    return iconv.getDecoder(encoding);
  }
}

async function* decoded(source: Bytes, encoding: string): AsyncGenerator<string> {
  const decoder = decoderFor(encoding);
  for await (const chunk of source) {
    const text = decoder.write(chunk);
    if (text !== '') yield text;
  }
  const rest = decoder.end();
  if (rest) yield rest;
}

/** A stream that waits for its next chunk is only freed by destroying it; a generator is told by its consumer. */
export const closeSource = (source: Bytes): void => {
  if (source instanceof Readable) source.destroy();
};

const broken = (line: number, code: string, message: string): RawRecord => ({
  cells: [],
  line,
  problem: {
    code: 'ROW_BROKEN',
    message: /QUOTE|MAX_RECORD/.test(code)
      ? 'A quotation mark is opened in or before this line and never closed; the rows within were not read.'
      : message,
  },
});

/** Records of a delimited text file. What the parser cannot read becomes a record with a problem; the rest of the file goes on. */
export async function* csvRecords(source: Bytes, dialect: SniffedCsv): AsyncGenerator<RawRecord, void, undefined> {
  const skipped: RawRecord[] = [];
  const parser = parse({
    delimiter: dialect.delimiter,
    quote: dialect.quote,
    escape: dialect.quote ?? undefined,
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
    skip_records_with_error: true,
    on_skip: (error) => {
      skipped.push(broken(Number(error?.lines ?? 0), error?.code ?? '', error?.message ?? 'The row cannot be read.'));
      return undefined;
    },
  });
  const input = Readable.from(decoded(source, dialect.encoding));
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  try {
    for await (const item of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const before = skipped.findLastIndex((record) => record.line < item.info.lines) + 1;
      yield* skipped.splice(0, before);
      yield { cells: item.record, line: item.info.lines, problem: null };
    }
    yield* skipped.splice(0);
  } finally {
    closeSource(source);
    input.destroy();
    parser.destroy();
  }
}
