import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contractSchema, TWO_SIDES_CONTRACT } from '../../../contracts';
import { documentOf } from '../domain/document';
import { coverageOf, missingIn } from '../domain/font-coverage';
import { writePdf } from './contract-pdf';
import { contentOf, pdfDefinition, runsOf, type PdfInput } from './pdf-definition';

const body = contractSchema.parse(TWO_SIDES_CONTRACT);
const context = { facts: () => undefined, name: (_kind: string, key: string) => ({ zh: key, en: key }) };
const HASH = 'ab'.repeat(32);
const input: PdfInput = {
  title: body.title.zh,
  version: 3,
  publishedAt: new Date('2026-03-01T00:00:00Z'),
  texts: [
    { language: 'zh', markdown: documentOf(body, context, 'zh') },
    { language: 'en', markdown: documentOf(body, context, 'en') },
  ],
  hash: HASH,
  signing: 'both',
  signatures: [
    { side: 'marketing', name: '米娅 Mia', at: new Date('2026-03-02T01:30:00Z'), hash: HASH, valid: true },
    { side: 'sales', name: 'Wang 王', at: new Date('2026-03-02T02:00:00Z'), hash: 'cd'.repeat(32), valid: false },
  ],
  tz: 'Asia/Shanghai',
};
/** Every piece of text of a definition, in reading order. */
const said = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(said).join('');
  if (typeof value !== 'object' || value === null) return '';
  const node = value as Record<string, unknown>;
  return ['text', 'stack', 'columns', 'body', 'table'].map((name) => said(node[name])).join('');
};

describe('a contract as PDF', () => {
  test('is cut into stretches of one writing, marks with the writing they stand in', () => {
    expect(runsOf('首次响应 first: “30 分钟”')).toEqual([
      { text: '首次响应 ', cjk: true },
      { text: 'first: “30 ', cjk: false },
      { text: '分钟”', cjk: true },
    ]);
    expect(runsOf('')).toEqual([]);
  });

  test('keeps every line of the text: headings, lists of two levels, paragraphs', () => {
    const lines = ['# One', '## Two', '### Three', '- **Four** 五', '  - Six', 'Seven **8**'];
    expect(contentOf(lines.join('\n\n')).map(said)).toEqual(['One', 'Two', 'Three', '•Four 五', '–Six', 'Seven 8']);
  });

  test('says in each language who signed it and when, by the zone of the contract, and what is not valid any more', () => {
    const text = said(pdfDefinition(input).content);
    for (const part of ['米娅 Mia', '2026-03-02 09:30 (Asia/Shanghai)', '签名无效', 'the text has changed', HASH])
      expect(text).toContain(part);
    for (const { markdown } of input.texts) expect(text).toContain(markdown.split('\n')[0]!.slice(2));
    const open = said(pdfDefinition({ ...input, signatures: [] }).content);
    expect(open).toContain('Not signed yet');
    expect(said(pdfDefinition({ ...input, signing: 'none', signatures: [] }).content)).toContain('本合约无需签署');
  });

  test('says which characters its fonts do not have, and what to set, in the language of the text', () => {
    const text = said(pdfDefinition({ ...input, missing: ['㑇', '𠮷'] }).content);
    expect(text).toContain('U+3447, U+20BB7');
    expect(text).toContain('LEADSEA_PDF_FONT');
    expect(text).toContain('所用字体缺少以下字符');
    expect(text).toContain('The font lacks these characters');
    expect(said(pdfDefinition(input).content)).not.toContain('LEADSEA_PDF_FONT');
  });

  test('the font that ships has what GB 2312 has, and not the rare characters of names', () => {
    const font = coverageOf(readFileSync(require.resolve('@expo-google-fonts/zcool-xiaowei/400Regular/ZCOOLXiaoWei_400Regular.ttf')));
    expect(missingIn('双方职责：线索', () => font)).toEqual([]);
    expect(missingIn('王㑇 𠮷 㑇', () => font)).toEqual(['㑇', '𠮷']);
    const latin = coverageOf(readFileSync(join(dirname(require.resolve('pdfmake/package.json')), 'fonts/Roboto/Roboto-Regular.ttf')));
    expect(missingIn('Zoë Müller – “ok” ☃', () => latin)).toEqual(['☃']);
    expect(coverageOf(new Uint8Array([1, 2, 3]))(65)).toBe(false);
  });

  test('is a file of several pages with the fonts of both writings inside', async () => {
    const file = await writePdf(input);
    const text = file.toString('latin1');
    expect(text.slice(0, 5)).toBe('%PDF-');
    expect(text.match(/\/FontFile2? /g)?.length).toBeGreaterThanOrEqual(3);
    expect(text).toMatch(/\/BaseFont \/[A-Z]+\+ZCOOLXiaoWei/);
    expect(text).toMatch(/\/BaseFont \/[A-Z]+\+Roboto-Medium/);
    expect(Number(/\/Type \/Pages\s*\/Count (\d+)/.exec(text)?.[1])).toBeGreaterThanOrEqual(2);
    if (process.env['SLA_PDF']) (await import('node:fs')).writeFileSync(process.env['SLA_PDF'], file);
  });
});
