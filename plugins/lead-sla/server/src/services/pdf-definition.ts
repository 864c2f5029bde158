import type { Content, ContentText, TDocumentDefinitions, TableCell } from 'pdfmake/interfaces';
import type { Side } from '../../../contracts';

export type PdfLanguage = 'zh' | 'en';

export interface PdfSignature {
  readonly side: Side;
  readonly name: string;
  readonly at: Date;
  readonly hash: string;
  /** The text is still the one that was signed. */
  readonly valid: boolean;
}

export interface PdfInput {
  readonly title: string;
  /** Null: a draft. */
  readonly version: number | null;
  readonly publishedAt: Date | null;
  readonly texts: readonly { readonly language: PdfLanguage; readonly markdown: string }[];
  readonly hash: string;
  readonly signing: 'both' | 'none';
  readonly signatures: readonly PdfSignature[];
  /** Zone in which times of signatures are written. */
  readonly tz: string;
  /** Characters the fonts cannot show: they print as boxes, and the document says so. */
  readonly missing?: readonly string[];
}

export const CJK_FONT = 'Cjk';
export const LATIN_FONT = 'Latin';
const ACCENT = '#0b5d66';
const GREY = '#667085';

const IS_CJK = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u{20000}-\u{3ffff}]/u;
/** Marks that both fonts have and that belong to the writing around them. */
const SHARED = /[“”‘’…—–\s]/;

interface Run {
  text: string;
  cjk: boolean;
}

/** Text in stretches of one writing: no font of a document holds both Chinese and a bold Latin. */
export function runsOf(text: string): readonly Readonly<Run>[] {
  const runs: Run[] = [];
  for (const character of text) {
    const last = runs[runs.length - 1];
    const cjk = SHARED.test(character) && last ? last.cjk : IS_CJK.test(character);
    if (last && last.cjk === cjk) last.text += character;
    else runs.push({ text: character, cjk });
  }
  return runs;
}

/** Inline Markdown: `**bold**` and plain text, each in the fonts of its writing. */
const inline = (text: string, style: Partial<ContentText> = {}): ContentText => ({
  ...style,
  text: text.split(/(\*\*[^*]+\*\*)/g).flatMap((part) => {
    const bold = part.startsWith('**') && part.endsWith('**') && part.length > 4;
    return runsOf(bold ? part.slice(2, -2) : part).map((run) => ({
      text: run.text,
      font: run.cjk ? CJK_FONT : LATIN_FONT,
      ...(bold ? { bold: true } : {}),
    }));
  }),
});

function blockOf(line: string): Content {
  if (line.startsWith('# ')) return inline(line.slice(2), { fontSize: 19, bold: true, color: ACCENT, margin: [0, 0, 0, 8] });
  if (line.startsWith('## '))
    return inline(line.slice(3), { fontSize: 14, bold: true, color: ACCENT, margin: [0, 14, 0, 4], headlineLevel: 1 });
  if (line.startsWith('### ')) return inline(line.slice(4), { fontSize: 11.5, bold: true, margin: [0, 8, 0, 2], headlineLevel: 1 });
  const item = /^( *)- (.*)$/.exec(line);
  if (!item) return inline(line, { margin: [0, 3, 0, 3] });
  const depth = (item[1]?.length ?? 0) >= 2 ? 1 : 0;
  return {
    columns: [
      { width: 10, text: depth === 0 ? '•' : '–', font: LATIN_FONT },
      { width: '*', ...inline(item[2] ?? '') },
    ],
    margin: [4 + depth * 14, 1.5, 0, 1.5],
  };
}

/** The Markdown of a contract as content of a page: headings, lists of two levels, paragraphs, bold. */
export const contentOf = (markdown: string): Content[] =>
  markdown
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(blockOf);

type Say = (zh: string, en: string) => string;
const sayIn =
  (language: PdfLanguage): Say =>
  (zh, en) =>
    language === 'zh' ? zh : en;

const SIDES: Readonly<Record<Side, readonly [string, string]>> = { sales: ['销售', 'Sales'], marketing: ['市场', 'Marketing'] };

const timeIn = (at: Date, tz: string): string => {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone: tz, dateStyle: 'short', timeStyle: 'short' }).format(at);
  return `${text} (${tz})`;
};

const cell = (text: string, style: Partial<ContentText> = {}): TableCell => inline(text, { fontSize: 9, ...style });

/** Who signed for which side, when, and the hash of the text they signed. */
function signatureTable({ signing, signatures, hash, tz }: PdfInput, language: PdfLanguage): Content[] {
  const say = sayIn(language);
  const heading = inline(say('签署', 'Signatures'), { fontSize: 14, bold: true, color: ACCENT, margin: [0, 16, 0, 6], headlineLevel: 1 });
  const sum = inline(`${say('两种语言文本的 SHA-256', 'SHA-256 of the text in both languages')}: ${hash}`, {
    fontSize: 8,
    color: GREY,
    margin: [0, 6, 0, 0],
  });
  if (signing === 'none' && signatures.length === 0)
    return [heading, inline(say('本合约无需签署。', 'This contract needs no signature.')), sum];
  const rows = (['marketing', 'sales'] as const).map((side) => {
    const signed = signatures.find((one) => one.side === side);
    const open = say('待签署', 'Not signed yet');
    const changed = signed && !signed.valid ? ` — ${say('文本已改变，签名无效', 'the text has changed, not valid')}` : '';
    return [
      cell(say(...SIDES[side]), { bold: true }),
      cell(signed ? `${signed.name}${changed}` : open, signed ? {} : { color: GREY }),
      cell(signed ? timeIn(signed.at, tz) : ''),
      cell(signed ? signed.hash.slice(0, 16) : ''),
    ];
  });
  const head = [say('一方', 'Side'), say('签署人', 'Signed by'), say('时间', 'At'), say('文本哈希', 'Hash of the text')].map((title) =>
    cell(title, { color: GREY, fontSize: 8 }),
  );
  return [
    {
      unbreakable: true,
      stack: [
        heading,
        { table: { headerRows: 1, widths: [70, '*', 150, 95], body: [head, ...rows] }, layout: 'lightHorizontalLines' },
        sum,
      ],
    },
  ];
}

const codeOf = (character: string): string => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;

/** Names the characters that print as boxes, and what to set: whoever signs must be able to read what he signs. */
function missingNote({ missing = [] }: PdfInput, language: PdfLanguage): Content[] {
  if (missing.length === 0) return [];
  const codes = missing.slice(0, 20).map(codeOf).join(', ');
  const text = sayIn(language)(
    `所用字体缺少以下字符，文中显示为方框：${codes}。请用环境变量 LEADSEA_PDF_FONT 指定包含这些字符的 TTF 或 OTF 字体。`,
    `The font lacks these characters, which print as boxes: ${codes}. Name a TTF or OTF that has them in LEADSEA_PDF_FONT.`,
  );
  return [inline(text, { fontSize: 8, color: '#b42318', margin: [0, 8, 0, 0] })];
}

/** Everything a document sets in type, for looking whether the fonts have it. */
export const wordsOf = ({ title, texts, signatures }: PdfInput): string =>
  [title, ...texts.map(({ markdown }) => markdown), ...signatures.map(({ name }) => name)].join('\n');

/** Whether a character is set in the Chinese font. */
export const isCjk = (character: string): boolean => IS_CJK.test(character);

/** A contract as a document to print and keep: its text in the languages asked for, who signed it, the hash on every page. */
export function pdfDefinition(input: PdfInput): TDocumentDefinitions {
  const { title, version, publishedAt, texts, hash } = input;
  const main = texts[0]?.language ?? 'zh';
  const say = sayIn(main);
  const named = version === null ? say('草稿', 'Draft') : say(`第 ${version} 版`, `Version ${version}`);
  const content = texts.flatMap(({ language, markdown }, index): Content[] => {
    const blocks = [...contentOf(markdown), ...signatureTable(input, language), ...missingNote(input, language)];
    const [first, ...rest] = blocks;
    return index === 0 || !first ? blocks : [{ stack: [first], pageBreak: 'before' }, ...rest];
  });
  return {
    info: { title: `${title} · ${named}`, subject: hash, creator: 'Leadsea', ...(publishedAt ? { creationDate: publishedAt } : {}) },
    language: main === 'zh' ? 'zh-CN' : 'en',
    pageSize: 'A4',
    pageMargins: [56, 60, 56, 60],
    defaultStyle: { font: LATIN_FONT, fontSize: 10, lineHeight: 1.35 },
    // A heading is not left alone at the foot of a page.
    pageBreakBefore: (node, nodes) => node.headlineLevel === 1 && nodes.getFollowingNodesOnPage().length === 0,
    footer: (page, pages) => ({
      margin: [56, 18, 56, 0],
      columns: [
        inline(`${title} · ${named} · ${hash.slice(0, 16)}`, { fontSize: 8, color: GREY }),
        { ...inline(`${page} / ${pages}`, { fontSize: 8, color: GREY, alignment: 'right' }), width: 60 },
      ],
    }),
    content,
  };
}
