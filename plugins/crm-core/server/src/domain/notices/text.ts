import type { LocalisedText, NoticeMessage } from '../../../../contracts';

export type Locale = 'zh' | 'en';
const MOST_ITEMS = 20;

export interface Written {
  readonly subject: string;
  readonly lines: readonly { readonly text: string; readonly body: string | null; readonly url: string | null }[];
  /** How many are not listed. */
  readonly more: number;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/**
 * A message in the words of one language. `label` is the name of its type, used when there is more than one item; `base` is the address of
 * the console without a slash at the end, empty when unknown.
 */
export function writeMessage(message: Pick<NoticeMessage, 'items'>, label: LocalisedText, locale: Locale, base: string): Written {
  const { items } = message;
  const [first] = items;
  const subject = items.length === 1 && first ? first.title[locale] : `${label[locale]} × ${items.length}`;
  return {
    subject: oneLine(subject),
    lines: items.slice(0, MOST_ITEMS).map((item) => ({
      text: oneLine(item.title[locale]),
      body: item.body ? item.body[locale].trim() || null : null,
      url: item.link && base ? `${base}${item.link.replace(/^\/console/, '')}` : null,
    })),
    more: Math.max(items.length - MOST_ITEMS, 0),
  };
}

const andMore = (count: number, locale: Locale): string => (locale === 'zh' ? `另有 ${count} 条` : `and ${count} more`);

export function plainText(written: Written, locale: Locale): string {
  const lines = written.lines.map(({ text, body, url }) => [text, body, url].filter((part) => part !== null).join('\n'));
  return [...lines, ...(written.more > 0 ? [andMore(written.more, locale)] : [])].join('\n\n');
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export function htmlText(written: Written, locale: Locale): string {
  const items = written.lines.map(({ text, body, url }) => {
    const title = url ? `<a href="${escaped(url)}">${escaped(text)}</a>` : escaped(text);
    return `<p style="margin:0 0 12px"><b>${title}</b>${body ? `<br>${escaped(body).replaceAll('\n', '<br>')}` : ''}</p>`;
  });
  const more = written.more > 0 ? `<p>${andMore(written.more, locale)}</p>` : '';
  return `<!doctype html><html><body style="font-family:system-ui,sans-serif;font-size:14px;line-height:1.5">${items.join('')}${more}</body></html>`;
}
