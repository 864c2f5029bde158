/** A text for a LIKE pattern: its own wildcards are taken literally. */
export const likeText = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`);

/** `%text%`: anywhere. */
export const likePattern = (text: string): string => `%${likeText(text)}%`;

/** `/pricing` finds it anywhere in the text; with `*` the whole text must fit, `*` standing for anything. For ILIKE: case is ignored. */
export const matchPattern = (match: string): string => (match.includes('*') ? likeText(match).replaceAll('*', '%') : likePattern(match));
