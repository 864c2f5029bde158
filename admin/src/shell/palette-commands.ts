/** One line of the command palette. */
export interface Command {
  readonly key: string;
  readonly group: 'leads' | 'onPage' | 'pages' | 'actions';
  readonly label: string;
  /** What stands behind the label: a company, a shortcut. */
  readonly hint?: string;
  readonly run: () => void;
}

const norm = (text: string): string => text.normalize('NFKC').toLowerCase();

/** How well a label answers what was typed: 3 from its start, 2 at the start of a word, 1 inside or letter by letter, 0 not at all. */
export const rank = (label: string, typed: string): number => {
  const [text, query] = [norm(label), norm(typed).trim()];
  if (query === '' || text.startsWith(query)) return 3;
  const at = text.indexOf(query);
  if (at > 0) return /[\s·:/(]/.test(text[at - 1] ?? '') ? 2 : 1;
  let from = 0;
  for (const letter of query.replace(/\s/g, '')) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return 0;
  }
  return query.length > 2 ? 1 : 0;
};

/** The commands that answer what was typed, best first; leads were found by the server and are all kept. */
export const matching = (commands: readonly Command[], typed: string): Command[] =>
  commands
    .map((command, index) => ({ command, index, rank: command.group === 'leads' ? 2.5 : rank(command.label, typed) }))
    .filter((one) => one.rank > 0)
    .sort((a, b) => b.rank - a.rank || a.index - b.index)
    .map(({ command }) => command);

type Source = (typed: string) => Promise<readonly Command[]>;
const sources = new Set<Source>();

/** Lets an area of the console add what the palette finds for a text, e.g. a look-up by telephone number. Returns its removal. */
export const addPaletteSource = (source: Source): (() => void) => {
  sources.add(source);
  return () => void sources.delete(source);
};

/** What the added sources find; one that fails is passed over. */
export const askSources = async (typed: string): Promise<Command[]> =>
  (await Promise.allSettled([...sources].map((source) => source(typed)))).flatMap((one) =>
    one.status === 'fulfilled' ? [...one.value] : [],
  );
