import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import ExcelJS from 'exceljs';
import { writeXlsx } from './export';

async function* numbers(count: number): AsyncGenerator<readonly unknown[]> {
  for (let index = 1; index <= count; index += 1) yield [index, `Lead ${index}`];
}

test('rows that do not fit on a sheet go on in the next one, each with its header, none lost', async () => {
  const out = new PassThrough();
  const [bytes] = await Promise.all([buffer(out), writeXlsx(out, { name: 'leads', headers: ['ID', 'Name'] }, numbers(25), 10)]);
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(new Uint8Array(bytes).buffer);
  expect(workbook.worksheets.map(({ name, rowCount }) => [name, rowCount])).toEqual([
    ['leads', 11],
    ['leads 2', 11],
    ['leads 3', 6],
  ]);
  expect(workbook.worksheets.map((sheet) => sheet.getCell('B1').value)).toEqual(['Name', 'Name', 'Name']);
  expect(workbook.worksheets[2]?.getCell('B6').value).toBe('Lead 25');
});

test('a list that just fills a sheet has one sheet', async () => {
  const out = new PassThrough();
  const [bytes] = await Promise.all([buffer(out), writeXlsx(out, { name: 'leads', headers: ['ID', 'Name'] }, numbers(10), 10)]);
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(new Uint8Array(bytes).buffer);
  expect(workbook.worksheets).toHaveLength(1);
});
