import { tableFromRecords } from './table';
import { delimiterOf, textOfFile } from './table-file';

const bytes = (...list: readonly number[]): Uint8Array => Uint8Array.from(list);

describe('a table from a file', () => {
  it.each([
    ['UTF-8', new TextEncoder().encode('浙江,to')],
    ['UTF-8 with a mark', new TextEncoder().encode('\uFEFF浙江,to')],
    ['GB 18030, as Excel writes it in China', bytes(0xd5, 0xe3, 0xbd, 0xad, 0x2c, 0x74, 0x6f)],
    ['UTF-16 with a mark', bytes(0xff, 0xfe, 0x59, 0x6d, 0x5f, 0x6c, 0x2c, 0, 0x74, 0, 0x6f, 0)],
  ])('reads %s', (_name, file) => {
    expect(textOfFile(file).replace('\uFEFF', '')).toBe('浙江,to');
  });

  it('finds what parts the cells', () => {
    expect(['a,b,to\n1;2;3;4', 'a;b;to', 'a\tb\tto', 'to'].map(delimiterOf)).toEqual([',', ';', '\t', ',']);
  });

  it('takes 5,000 rows and not one more, and leaves no half table', () => {
    const rows = (count: number): string[][] => [
      ['lead.city', 'to'],
      ...Array.from({ length: count }, (_, index) => [`City ${index}`, 'pool:rest']),
    ];
    expect(tableFromRecords(rows(5000)).table?.rows).toHaveLength(5000);
    expect(tableFromRecords(rows(5001))).toEqual({ table: null, problems: [{ line: 5002, code: 'TOO_MANY_ROWS' }] });
  });

  it('names lines whose cells are too long', () => {
    expect(
      tableFromRecords([
        ['lead.city', 'to'],
        ['x'.repeat(501), 'pool:rest'],
        ['x'.repeat(500), 'pool:rest'],
      ]),
    ).toMatchObject({
      table: { rows: [{ to: { kind: 'pool', key: 'rest' } }] },
      problems: [{ line: 2, code: 'CELL_TOO_LONG' }],
    });
  });
});
