import { pasteRecords, tableFromRecords } from './table';
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

describe('a block from a spreadsheet', () => {
  const rest = { kind: 'pool' as const, key: 'rest' };
  const east = { kind: 'team' as const, key: 'east' };
  const table = { columns: ['lead.province', 'lead.city'], rows: [{ cells: ['浙江', '杭州'], to: east }] };
  const paste = (row: number, column: number, records: string[][], of = table) => pasteRecords(of, { row, column }, records, rest);

  it('goes in from a cell on, to the right and down; what lies right of the facts is the destination', () => {
    expect(paste(0, 1, [[' 宁波 '], ['温州', 'team:south']])).toEqual({
      rows: [
        { cells: ['浙江', '宁波'], to: east },
        { cells: ['', '温州'], to: { kind: 'team', key: 'south' } },
      ],
      problems: [],
    });
    expect(paste(1, 0, [['广东'], ['湖南', '长沙', '']]).rows?.slice(1)).toEqual([
      { cells: ['广东', ''], to: east },
      { cells: ['湖南', '长沙'], to: east },
    ]);
    expect(paste(0, 0, [['广东']], { columns: ['lead.province'], rows: [] }).rows).toEqual([{ cells: ['广东'], to: rest }]);
  });

  it('keeps the destination it cannot read and the cell that is too long, and says where', () => {
    const { rows, problems } = paste(0, 0, [['x'.repeat(3000), '宁波', 'nowhere']]);
    expect([rows, problems.map(({ line, code }) => [line, code])]).toEqual([
      [{ cells: ['浙江', '宁波'], to: east }],
      [
        [1, 'NO_DESTINATION'],
        [1, 'CELL_TOO_LONG'],
      ],
    ]);
  });

  it('changes nothing where the table would grow beyond 5,000 rows', () => {
    const block = Array.from({ length: 5000 }, () => ['广东']);
    expect(paste(0, 0, block).rows).toHaveLength(5000);
    expect(paste(1, 0, block)).toEqual({ rows: null, problems: [{ line: 1, code: 'TOO_MANY_ROWS' }] });
  });
});
