import type { LocalisedText } from '../../api/types';

type Record_ = Record<string, unknown>;

const isObject = (value: unknown): value is Record_ => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is LocalisedText => isObject(value) && typeof value.zh === 'string' && typeof value.en === 'string';

export interface ExplainLine {
  text: LocalisedText | string;
  tone: 'plain' | 'good' | 'bad';
}

const lineOf = (row: unknown): ExplainLine | null => {
  if (isText(row)) return { text: row, tone: 'plain' };
  if (!isObject(row)) return null;
  const words = [row.text, row.title, row.label, row.message].find((one) => isText(one) || (typeof one === 'string' && one !== ''));
  if (words === undefined) return null;
  const isGood = row.chosen === true || row.matched === true || row.ok === true;
  const isBad = row.ok === false || row.excluded === true;
  return { text: words as LocalisedText | string, tone: isGood ? 'good' : isBad ? 'bad' : 'plain' };
};

/**
 * The sentences of an explanation: its summary, then the sentences of its lists in the order the server gave them.
 * Explanations differ by policy; each carries its words as `{ zh, en }` texts.
 */
export const explainLines = (answer: unknown): ExplainLine[] => {
  if (!isObject(answer)) return [];
  const lines: ExplainLine[] = [];
  for (const key of ['summary', 'text', 'title']) {
    const value = answer[key];
    if (isText(value) || (typeof value === 'string' && value !== '')) lines.push({ text: value, tone: 'plain' });
  }
  for (const value of Object.values(answer)) {
    if (Array.isArray(value)) for (const row of value) lines.push(...(lineOf(row) ? [lineOf(row) as ExplainLine] : []));
    else if (isObject(value) && !isText(value)) lines.push(...explainLines(value));
  }
  return lines;
};
