import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { badRequest, notFound, type Actor, type HostContext, type Kit } from '@leadsea/crm-core';
import pdfmake from 'pdfmake';
import { z } from 'zod';
import { coverageOf, missingIn, type Coverage } from '../domain/font-coverage';
import { agreementOf } from './agreements';
import { documentOfVersion } from './documents';
import { versionsOf } from './in-force';
import { CJK_FONT, isCjk, LATIN_FONT, pdfDefinition, wordsOf, type PdfInput } from './pdf-definition';

const query = z.object({
  version: z.coerce.number().int().positive().optional(),
  language: z.enum(['zh', 'en', 'both']).default('both'),
});

/** Chinese that comes with the product covers GB 2312; a company whose names need more brings a font of its own. */
const cjkFont = (): string =>
  process.env['LEADSEA_PDF_FONT'] ?? require.resolve('@expo-google-fonts/zcool-xiaowei/400Regular/ZCOOLXiaoWei_400Regular.ttf');

let ready = false;
let coverage: { readonly cjk: Coverage; readonly latin: Coverage } | null = null;

/** What the fonts of documents have; read once. */
function fonts(): NonNullable<typeof coverage> {
  coverage ??= { cjk: coverageOf(readFileSync(cjkFont())), latin: coverageOf(readFileSync(join(robotoFolder(), 'Roboto-Regular.ttf'))) };
  return coverage;
}

const robotoFolder = (): string => join(dirname(require.resolve('pdfmake/package.json')), 'fonts', 'Roboto');

/** Fonts once; nothing a document names is ever fetched or read from elsewhere. */
function prepare(): void {
  if (ready) return;
  const roboto = robotoFolder();
  const cjk = cjkFont();
  const files = {
    normal: join(roboto, 'Roboto-Regular.ttf'),
    bold: join(roboto, 'Roboto-Medium.ttf'),
    italics: join(roboto, 'Roboto-Italic.ttf'),
    bolditalics: join(roboto, 'Roboto-MediumItalic.ttf'),
  };
  const known = new Set([...Object.values(files), cjk]);
  pdfmake.setFonts({ [LATIN_FONT]: files, [CJK_FONT]: { normal: cjk, bold: cjk, italics: cjk, bolditalics: cjk } });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => known.has(path));
  ready = true;
}

export async function writePdf(input: PdfInput): Promise<Buffer> {
  prepare();
  const { cjk, latin } = fonts();
  // Marks that belong to either writing are there when one of the fonts has them.
  const either: Coverage = (point) => cjk(point) || latin(point);
  const missing = missingIn(wordsOf(input), (character) => (isCjk(character) ? cjk : either));
  return pdfmake.createPdf(pdfDefinition({ ...input, missing })).getBuffer();
}

const MOST_KEPT = 20;
const kept = new Map<string, Promise<Buffer>>();

/** Setting Chinese takes a second of the processor, and the same version with the same signatures is the same file: it is written once. */
function fileOf(input: PdfInput): Promise<Buffer> {
  const name = JSON.stringify(input);
  const known = kept.get(name);
  if (known) return known;
  const file = writePdf(input);
  kept.set(name, file);
  file.catch(() => kept.delete(name));
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return file;
}

/** A published version of a contract with its signatures, ready to be written; the newest one when none is named. @throws AppError NOT_FOUND */
async function inputOf(
  kit: Kit,
  contractId: number,
  actor: Actor,
  now: Date,
  asked: z.infer<typeof query>,
): Promise<PdfInput & { key: string }> {
  const [versions, agreement] = await Promise.all([versionsOf(kit, contractId), agreementOf(kit, contractId, actor, now)]);
  const version = asked.version === undefined ? versions[0] : versions.find((one) => one.versionId === asked.version);
  const signed = agreement.find((one) => one.versionId === version?.versionId);
  if (!version || !signed) throw notFound('Contract version');
  const document = await documentOfVersion(kit, version.versionId);
  const calendar = await kit.calendar(version.body.calendar ?? null);
  const languages = asked.language === 'both' ? (['zh', 'en'] as const) : ([asked.language] as const);
  return {
    key: version.key,
    title: version.body.title[languages[0]],
    version: version.number,
    publishedAt: version.publishedAt,
    texts: languages.map((language) => ({ language, markdown: document[language] })),
    hash: document.hash,
    signing: signed.signing,
    signatures: signed.signatures,
    tz: calendar?.tz ?? 'UTC',
  };
}

/** `GET /sla/contracts/:id/pdf?version&language=zh|en|both`: what was published and who signed it, as a file. */
export async function sendContractPdf(kit: Kit, ctx: HostContext, actor: Actor, now: Date): Promise<void> {
  kit.access.assert(actor, 'sla-contracts', 'read');
  const id = z.coerce.number().int().positive().safeParse(ctx.params['id']);
  const asked = query.safeParse(ctx.query);
  if (!id.success || !asked.success)
    throw badRequest('QUERY_INVALID', 'The language is zh, en or both; the version is one of this contract.');
  const { key, ...input } = await inputOf(kit, id.data, actor, now, asked.data);
  const file = await fileOf(input);
  ctx.status = 200;
  ctx.type = 'application/pdf';
  ctx.set('Content-Disposition', `attachment; filename="${key}-v${input.version ?? 0}-${asked.data.language}.pdf"`);
  ctx.set('Access-Control-Expose-Headers', 'Content-Disposition');
  ctx.body = file;
}
