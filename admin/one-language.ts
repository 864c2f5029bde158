import type { Plugin } from 'vite';

type Language = 'en' | 'zh';
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}
interface Property extends Node {
  readonly key?: Node & { readonly name?: string };
  readonly value?: Node;
}

const ENTRY = /\/i18n\/messages-(en|zh)\.ts$/;
const WORDS = /[?&]words=(en|zh)$/;
/** Modules that hold words in both languages, or gather such modules. */
const HOLDS_WORDS = /\/admin\/src\/.*(?:messages|refusals|codes|i18n\/(?:areas|en|zh))[a-z-]*\.ts$/;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** Every node below this one. */
function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node) as unknown[])
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) yield* nodesOf(child);
}

const named = (properties: readonly Property[], name: Language): Property | undefined =>
  properties.find(({ type, key }) => type === 'Property' && key?.name === name);

/** A text in both languages (`{ zh: '新', en: 'New' }`) stays; what is taken apart are whole sets of words. */
const isText = (node: Node | undefined): boolean => node?.type === 'Literal' || node?.type === 'TemplateLiteral';

/** The source without the words of the other language, where an object has a set of words for each. */
function inOneLanguage(code: string, tree: Node, language: Language): string {
  const other = language === 'en' ? 'zh' : 'en';
  const cuts: Property[] = [];
  for (const node of nodesOf(tree)) {
    if (node.type !== 'ObjectExpression') continue;
    const { properties } = node as Node & { readonly properties: readonly Property[] };
    const left = named(properties, other);
    if (left && named(properties, language) && !isText(left.value)) cuts.push(left);
  }
  return cuts
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end }) => `${text.slice(0, start)}${other}:void 0${text.slice(end)}`, code);
}

/**
 * Words are written side by side, both languages of an area in one file, and read apart: a browser gets those of its own language only. Each
 * of the two entries under `i18n/` is followed through the modules that hold words, and these lose the other language.
 */
export const oneLanguage = (): Plugin => ({
  name: 'leadsea:one-language',
  apply: 'build',
  enforce: 'post',
  resolveId: {
    order: 'pre',
    async handler(source, importer) {
      const language = importer && (ENTRY.exec(importer) ?? WORDS.exec(importer))?.[1];
      if (!language || !source.startsWith('.')) return null;
      const found = await this.resolve(source, importer.replace(WORDS, ''), { skipSelf: true });
      return found && !found.external && HOLDS_WORDS.test(found.id) ? `${found.id}?words=${language}` : found;
    },
  },
  transform(code, id) {
    const language = WORDS.exec(id)?.[1] as Language | undefined;
    return language ? { code: inOneLanguage(code, this.parse(code), language), map: null } : null;
  },
});
