import { createReadStream, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { previewRows, readRows, type ImportRow, type ReadOptions } from './rows';
import { SAMPLE_BYTES, sniff, type Sniffed } from './sniff';
import { neutralise, toCsv } from './to-csv';

const DATA = path.resolve(__dirname, '../../../../../../../shared/data');
const real = existsSync(DATA) ? describe : describe.skip;

function sniffed(bytes: Buffer, name = 'a.csv'): Sniffed {
  const found = sniff(bytes.subarray(0, SAMPLE_BYTES), name);
  if (found.kind === 'unsupported') throw new Error(found.code);
  return found;
}
async function all(bytes: Buffer, options: ReadOptions = {}, pieces = 65_536): Promise<ImportRow[]> {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieces) chunks.push(bytes.subarray(at, at + pieces));
  const rows: ImportRow[] = [];
  for await (const row of readRows(chunks, sniffed(bytes), options)) rows.push(row);
  return rows;
}
const text = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));

real('real files', () => {
  it.each([
    ['xeducation/leads_older_70.csv', ',', 6468, 37],
    ['olist/olist_closed_deals_dataset.csv', ',', 842, 14],
    ['olist/olist_marketing_qualified_leads_dataset.csv', ',', 8000, 4],
    ['olist/sellers.csv', ';', 3095, 4],
    ['maven_crm/accounts.csv', ',', 85, 7],
    ['maven_crm/products.csv', ',', 7, 3],
    ['maven_crm/sales_pipeline.csv', ',', 8800, 8],
    ['maven_crm/sales_teams.csv', ',', 35, 3],
    ['dedupe/dataset1.csv', ',', 1000, 11],
    ['dedupe/dataset2.csv', ',', 5000, 11],
    ['dedupe/fake_1000.csv', ',', 1000, 7],
    ['dedupe/fake_1000_labels.csv', ',', 3176, 5],
  ])('%s reads as it is', async (file, delimiter, count, width) => {
    const where = path.join(DATA, file);
    const kind = sniffed(readFileSync(where), file);
    expect(kind).toMatchObject({ kind: 'csv', encoding: 'utf-8', delimiter, headerRow: 0 });
    const rows: ImportRow[] = [];
    for await (const row of readRows(createReadStream(where), kind)) rows.push(row);
    expect(rows).toHaveLength(count);
    expect(rows.filter((row) => row.problem !== null)).toEqual([]);
    expect(new Set(rows.map((row) => Object.keys(row.cells).length))).toEqual(new Set([width]));
  });

  it.each(['utf-8-bom', 'utf-16le', 'utf-16be', 'utf-16le-bom'])(
    'the course leads re-encoded as %s give the same rows',
    async (variant) => {
      const original = readFileSync(path.join(DATA, 'xeducation/leads_older_70.csv'));
      const encoded = iconv.encode(original.toString('utf8'), variant.replace('-bom', ''), { addBOM: variant.endsWith('bom') });
      expect((await all(encoded)).map((row) => row.raw)).toEqual((await all(original)).map((row) => row.raw));
    },
  );

  it('reads on from a row', async () => {
    const rows = await all(readFileSync(path.join(DATA, 'xeducation/leads_older_70.csv')), { fromRow: 6460 });
    expect([rows.length, rows[0]?.row, rows.at(-1)?.row]).toEqual([9, 6460, 6468]);
  });

  it('the data dictionary workbook opens', async () => {
    expect((await all(readFileSync(path.join(DATA, 'xeducation/Leads_Data_Dictionary.xlsx')))).length).toBeGreaterThan(10);
  });
});

const CHINESE =
  '姓名,手机,公司,备注\r\n张伟,13800138000,北京字节跳动科技有限公司,希望下周演示，预算五十万\r\n李娜,13900139000,上海贸易公司,"两行\n备注，需要回电"\r\n';
const TRADITIONAL =
  '姓名,手機,公司,備註\r\n張偉,0912345678,台灣積體電路製造股份有限公司,希望下週展示產品，預算五十萬元\r\n李娜,0922333444,國泰人壽保險,需要回電確認時間\r\n';
const WESTERN = 'Prénom;Société;Ville\r\nJosé;Café Müller;Besançon\r\nFrançois;Größe & Söhne;Orléans\r\n';

describe('encodings', () => {
  it.each([
    ['utf-8', CHINESE, 'utf-8'],
    ['gb18030', CHINESE, 'gb18030'],
    ['gbk', CHINESE, 'gb18030'],
    ['gb18030', '姓名,备注\r\n𠮷田,㐀生僻字\r\n张三,镕\r\n', 'gb18030'],
    ['utf-16le', CHINESE, 'utf-16le'],
    ['utf-16be', CHINESE, 'utf-16be'],
    ['big5', TRADITIONAL, 'big5'],
    ['windows-1252', WESTERN, 'windows-1252'],
    ['utf-8', WESTERN, 'utf-8'],
  ])('%s is recognised and every character survives, however the bytes are cut', async (encoding, content, expected) => {
    const bytes = iconv.encode(content, encoding);
    expect(sniffed(bytes).encoding).toBe(expected);
    const plain = (await all(Buffer.from(content))).map((row) => row.raw);
    for (const pieces of [1, 3, 7]) expect((await all(bytes, {}, pieces)).map((row) => row.raw)).toEqual(plain);
  });
  it('reads UTF-8 whose sample ends inside a character', () =>
    expect(sniff(Buffer.from(CHINESE).subarray(0, 50), 'a.csv')).toMatchObject({ encoding: 'utf-8' }));
  it('reports characters that cannot be decoded in their row', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`name,city\r\n${'张伟,北京\r\n'.repeat(40_000)}`),
      Buffer.from([0x4a, 0xff, 0x2c, 0x61, 0x0a]),
    ]);
    const rows = await all(bytes);
    expect(rows.at(-1)).toMatchObject({ row: 40_001, problem: { code: 'ROW_ENCODING' } });
  });
});

describe('delimited text', () => {
  it('keeps lines inside quotes and tells the line', async () => {
    const rows = await all(text('name,note', 'a,"1', '2 ""x"", y"', '', 'b,z', ''));
    expect(rows).toMatchObject([
      { row: 1, cells: { name: 'a', note: '1\r\n2 "x", y' } },
      { row: 2, cells: { name: 'b', note: 'z' } },
    ]);
  });
  it('makes blank and repeated headers unique', async () => {
    expect(Object.keys((await all(text('Name,Phone,,phone,Phone,City', 'a,1,2,3,4,b')))[0]?.cells ?? {})).toEqual([
      'Name',
      'Phone',
      'Column 3',
      'phone (2)',
      'Phone (3)',
      'City',
    ]);
  });
  it('reports uneven rows and goes on', async () => {
    const rows = await all(text('a,b,c', '1,2', '1,2,3,4', '1,2,3,,', '1,2,3'));
    expect(rows.map((row) => row.problem?.code ?? null)).toEqual(['ROW_SHORT', 'ROW_LONG', null, null]);
    expect(rows[0]?.cells).toEqual({ a: '1', b: '2', c: '' });
  });
  it('survives stray and unclosed quotation marks', async () => {
    const stray = await all(text('name,size', 'Bob "the" B,5"', 'c,6'));
    expect(stray.map((row) => row.raw)).toEqual([
      ['Bob "the" B', '5"'],
      ['c', '6'],
    ]);
    const open = await all(text('name,size', 'a,1', '"b,2', 'c,3'));
    expect(open[0]?.raw).toEqual(['a', '1']);
    expect(open.at(-1)?.problem?.code).toBe('ROW_BROKEN');
  });
  it.each([[';'], ['\t'], ['|']])('finds the delimiter %j', async (mark) => {
    const rows = await all(text(['name', 'price', 'city'].join(mark), ['a, b', '1,5', 'x'].join(mark), ['c', '2,5', 'y'].join(mark)));
    expect(rows[0]?.raw).toEqual(['a, b', '1,5', 'x']);
  });
  it('passes over title lines and honours sep=', async () => {
    expect((await all(text('客户导出', '', '姓名,电话,城市', '张三,13800138000,北京')))[0]?.cells).toEqual({
      姓名: '张三',
      电话: '13800138000',
      城市: '北京',
    });
    expect((await all(text('sep=;', 'a;b', '1,0;2')))[0]?.cells).toEqual({ a: '1,0', b: '2' });
  });
  it('names the columns of a file without a header', async () => {
    const rows = await all(text('张三,13800138000,a@b.com', '李四,13900139000,c@d.com'));
    expect(rows).toHaveLength(2);
    expect(rows[0]?.cells).toEqual({ 'Column 1': '张三', 'Column 2': '13800138000', 'Column 3': 'a@b.com' });
  });
  it('reads a single column and old Mac line ends', async () => {
    expect((await all(text('email', 'a@b.com', 'c@d.com'))).map((row) => row.raw)).toEqual([['a@b.com'], ['c@d.com']]);
    expect(await all(Buffer.from('a,b\r1,2\r3,4'))).toHaveLength(2);
  });
  it('cuts cells that are too long and refuses too many columns', async () => {
    const long = await all(text('a,b', `1,${'x'.repeat(40_000)}`));
    expect([long[0]?.cells.b?.length, long[0]?.problem?.code]).toEqual([32_767, 'CELL_TOO_LONG']);
    await expect(all(text(Array.from({ length: 501 }, (_, index) => `c${index}`).join(','), '1'))).rejects.toMatchObject({
      code: 'FILE_TOO_MANY_COLUMNS',
    });
  });
  it('closes the source when the reader leaves early, and passes on its failure', async () => {
    const bytes = text('a,b', ...Array.from({ length: 50_000 }, (_, index) => `${index},x`));
    const stream = new PassThrough();
    stream.write(bytes);
    const preview = await previewRows(stream, sniffed(bytes), 3);
    expect([preview.headers, preview.rows.length, stream.destroyed]).toEqual([['a', 'b'], 3, true]);
    async function* failing(): AsyncGenerator<Buffer> {
      yield Buffer.from('a,b\n1,2\n');
      throw new Error('disk gone');
    }
    await expect(previewRows(failing(), sniffed(bytes), 99)).rejects.toThrow('disk gone');
  });
  it.each([
    [Buffer.alloc(0), 'FILE_EMPTY'],
    [Buffer.from('\uFEFF \r\n'), 'FILE_EMPTY'],
    [Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'FILE_OLD_EXCEL'],
    [Buffer.from('%PDF-1.7'), 'FILE_NOT_A_TABLE'],
  ])('says what an unusable file is', (bytes, code) => expect(sniff(bytes, 'x.csv')).toMatchObject({ kind: 'unsupported', code }));
});

describe('workbooks', () => {
  async function workbook(): Promise<Buffer> {
    const book = new ExcelJS.Workbook();
    book.addWorksheet('empty');
    const sheet = book.addWorksheet('leads');
    sheet.addRow(['姓名', 'Phone', 'Date', 'When', 'Sum', 'Rich', 'Link', 'Flag', 'Bad', 'Small']);
    sheet.addRow([
      '张伟',
      13800138000,
      new Date(Date.UTC(2024, 1, 29)),
      new Date(Date.UTC(2024, 1, 29, 9, 5)),
      { formula: 'A1+1', result: 0.30000000000000004 },
      { richText: [{ text: 'two ' }, { text: 'parts' }] },
      { text: 'site', hyperlink: 'https://x.com' },
      true,
      { error: '#N/A' },
      0.00000012,
    ]);
    sheet.getCell('C2').numFmt = 'yyyy-mm-dd';
    sheet.getCell('D2').numFmt = 'yyyy-mm-dd hh:mm';
    sheet.addRow([]);
    sheet.addRow(['李娜', '007', null, null, 1234567890123456]);
    book.addWorksheet('other').addRow(['x']);
    return Buffer.from(await book.xlsx.writeBuffer());
  }
  it('give what a person sees', async () => {
    const bytes = await workbook();
    expect(sniff(bytes, 'a.xlsx')).toMatchObject({ kind: 'xlsx' });
    const rows = await all(bytes);
    expect(rows.map((row) => row.raw.map((cell) => cell))).toEqual([
      ['张伟', '13800138000', '2024-02-29', '2024-02-29T09:05:00', '0.3', 'two parts', 'site', 'TRUE', '', '0.00000012'],
      ['李娜', '007', '', '', '1234567890123456'],
    ]);
    expect(rows.map((row) => [row.row, row.line, row.problem])).toEqual([
      [1, 2, null],
      [2, 4, null],
    ]);
    expect((await all(bytes, { fromRow: 2 })).map((row) => row.row)).toEqual([2]);
  });
  it('are read by the name of the sheet', async () => {
    const bytes = await workbook();
    expect(await all(bytes, { sheet: 'leads' })).toHaveLength(2);
    expect(await all(bytes, { sheet: 'empty' })).toEqual([]);
    await expect(all(bytes, { sheet: 'none' })).rejects.toMatchObject({
      code: 'FILE_SHEET_MISSING',
      details: { sheets: ['empty', 'leads', 'other'] },
    });
  });
  it('can be left early and damaged ones are refused', async () => {
    const bytes = await workbook();
    expect((await previewRows([bytes], sniffed(bytes), 1)).rows).toHaveLength(1);
    await expect(all(bytes.subarray(0, 2000))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

describe('writing', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['@cmd', "'@cmd"],
    ['-1+cmd', "'-1+cmd"],
    ['+1-650-253', "'+1-650-253"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ['-12.5', '-12.5'],
    ['+8613800138000', '+8613800138000'],
    ['+1 (650) 2530000', '+1 (650) 2530000'],
    ["O'Brien", "O'Brien"],
  ])('makes %j safe', (cell, safe) => expect(neutralise(cell)).toBe(safe));

  it('reads back what was written', async () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('=x', "'=x", '-1', '+1-2', 'a\nb', 'a,"b"', '\t', ' x ', '张伟'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), async (rows) => {
        const clean = rows.filter((row) => row.some((one) => one.trim() !== ''));
        const pieces: string[] = [];
        for await (const piece of toCsv(clean, {
          columns: [
            { key: 'a', header: 'first' },
            { key: 'b', header: 'second' },
          ],
        }))
          pieces.push(piece);
        const csv = { kind: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"', headerRow: 0, confidence: 1, headers: [] } as const;
        const back: string[][] = [];
        for await (const row of readRows([Buffer.from(pieces.join(''))], csv)) back.push(Object.values(row.cells));
        expect(back).toEqual(clean);
      }),
      { numRuns: 60 },
    );
  });
});
