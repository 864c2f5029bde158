import fc from 'fast-check';
import { countRows } from './count-rows';
import { readRows } from './rows';
import type { SniffedCsv } from './sniff';

const csv: SniffedCsv = { kind: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"', headerRow: 0, confidence: 1, headers: [] };

async function delivered(text: string, dialect: SniffedCsv): Promise<number> {
  let total = 0;
  for await (const _row of readRows([Buffer.from(text)], dialect)) total += 1;
  return total;
}

const counted = (text: string, dialect: SniffedCsv, cut = 5): Promise<number> => {
  const bytes = Buffer.from(text);
  const parts = Array.from({ length: Math.ceil(bytes.length / cut) }, (_, index) => bytes.subarray(index * cut, (index + 1) * cut));
  return countRows(() => parts, dialect);
};

describe('the number of rows', () => {
  it.each([
    ['', 0],
    ['a,b', 0],
    ['a,b\n1,2', 1],
    ['a,b\r\n1,2\r\n', 1],
    ['a,b\n\n , \n1,2\n,\n\t\n3,4', 2],
    ['a,b\r1,2\r3,4', 2],
    ['a,b\n"1\n2",3\n4,5', 2],
    ['a,b\r\n1,x\ny\r\n3,4', 2],
    ['\ufeffa,b\n1,2', 1],
  ])('of %j is %d', async (text, rows) => expect(await counted(text, csv)).toBe(rows));

  it('is that of the rows which are read, whatever the text and wherever it is cut', async () => {
    const piece = fc.constantFrom('a', 'b c', ',', '\n', '\r\n', '\r', ' ', '"', '\t', '王', '\u00a0', '1');
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 40 }),
        fc.constantFrom(-1, 0, 2),
        fc.integer({ min: 1, max: 9 }),
        async (text, headerRow, cut) => {
          const dialect = { ...csv, headerRow };
          expect(await counted(text.join(''), dialect, cut)).toBe(await delivered(text.join(''), dialect));
        },
      ),
      { numRuns: 1500 },
    );
  });
});
