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

/** The text of a file, piece by piece as its bytes come. */
export async function* decoded(source: Bytes, encoding: string): AsyncGenerator<string> {
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

/** So much text is parsed at once: the parser holds nothing but the records of one piece. */
const PIECE = 65_536;

function* pieces(text: string): Generator<string> {
  for (let from = 0; from < text.length; from += PIECE) yield text.slice(from, from + PIECE);
}

/**
 * Records of a delimited text file, in the groups in which they are parsed: a promise for each record would cost as much as parsing it. What
 * the parser cannot read becomes a record with a problem; the rest of the file goes on.
 */
export async function* csvRecords(source: Bytes, dialect: SniffedCsv): AsyncGenerator<readonly RawRecord[], void, undefined> {
  const skipped: RawRecord[] = [];
  const found: RawRecord[] = [];
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
  parser.on('data', ({ record, info }: { record: string[]; info: { lines: number } }) => {
    while (skipped[0] && skipped[0].line < info.lines) found.push(...skipped.splice(0, 1));
    found.push({ cells: record, line: info.lines, problem: null });
  });
  const ended = new Promise<void>((resolve, reject) => {
    parser.once('end', resolve).once('error', reject);
  });
  ended.catch(() => undefined);
  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => void parser.write(text, (error) => (error ? reject(error) : resolve())));
  try {
    for await (const text of decoded(source, dialect.encoding)) {
      for (const piece of pieces(text)) {
        await write(piece);
        if (found.length > 0) yield found.splice(0);
      }
    }
    parser.end();
    await ended;
    yield [...found, ...skipped];
  } finally {
    closeSource(source);
    parser.destroy();
  }
}
