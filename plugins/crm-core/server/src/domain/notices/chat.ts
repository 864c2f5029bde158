import { plainText, type Locale, type Written } from './text';

/** Group bots whose format is known; `webhook` is plain JSON for anything else. */
export const CHAT_KINDS = ['wecom', 'dingtalk', 'feishu', 'slack', 'webhook'] as const;
export type ChatKind = (typeof CHAT_KINDS)[number];

/** Kinds whose requests can be signed with a secret; of WeCom and Slack the address itself is the secret. */
export const SIGNED_KINDS: readonly ChatKind[] = ['dingtalk', 'feishu', 'webhook'];

const PHONE = /^\+?\d{6,15}$/;

/** WeCom counts bytes of UTF-8, the others are more generous; one limit keeps a post readable in all of them. */
const MOST_BYTES = 1900;

function clipped(text: string): string {
  let bytes = 0;
  let kept = '';
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > MOST_BYTES) return `${kept}…`;
    kept += letter;
  }
  return text;
}

/** Slack and Feishu read tags in text: what people typed must not become one. */
const slackSafe = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const feishuSafe = (text: string): string => text.replaceAll('<', '＜').replaceAll('>', '＞');

/**
 * The body of a post: subject, lines and links, mentioning those it is for. A handle that the kind cannot mention is left out.
 * @param handles phone numbers (WeCom, DingTalk) or user ids (Feishu `ou_…`, Slack `U…`)
 */
export function chatBody(kind: ChatKind, written: Written, handles: readonly string[], locale: Locale): Record<string, unknown> {
  const single = written.lines.length === 1 && written.more === 0;
  const text = clipped(single ? plainText(written, locale) : `${written.subject}\n\n${plainText(written, locale)}`);
  const phones = handles.filter((handle) => PHONE.test(handle));
  switch (kind) {
    case 'wecom':
      return { msgtype: 'text', text: { content: text, ...(phones.length > 0 ? { mentioned_mobile_list: phones } : {}) } };
    case 'dingtalk': {
      const mentions = phones.map((phone) => `@${phone}`).join(' ');
      return {
        msgtype: 'text',
        text: { content: mentions ? `${text}\n${mentions}` : text },
        ...(phones.length > 0 ? { at: { atMobiles: phones, isAtAll: false } } : {}),
      };
    }
    case 'feishu': {
      const mentions = handles.filter((handle) => /^o[nu]_\w+$/.test(handle)).map((id) => `<at user_id="${id}"></at>`);
      return { msg_type: 'text', content: { text: [feishuSafe(text), ...mentions].join('\n') } };
    }
    case 'slack': {
      const mentions = handles.filter((handle) => /^[UW][A-Z0-9]+$/.test(handle)).map((id) => `<@${id}>`);
      return { text: [slackSafe(text), ...mentions].join('\n') };
    }
    case 'webhook':
      return { subject: written.subject, items: written.lines, more: written.more, mentions: [...handles] };
  }
}

export type ChatVerdict = { readonly ok: true } | { readonly ok: false; readonly final: boolean; readonly reason: string };

/** Codes that mean "too many just now": WeCom and DingTalk, Feishu. */
const BUSY = new Set([45009, 130101, 410100, 9499, 11232]);

function answeredCode(text: string): { readonly code: number; readonly message: string } | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const answer = value as Readonly<Record<string, unknown>>;
  const code = answer['errcode'] ?? answer['code'] ?? answer['StatusCode'];
  const message = answer['errmsg'] ?? answer['msg'] ?? answer['StatusMessage'];
  return typeof code === 'number' ? { code, message: typeof message === 'string' ? message.slice(0, 300) : '' } : null;
}

/**
 * Whether the other side took the post. WeCom, DingTalk and Feishu answer 200 to everything and tell the truth in the body; a refusal for
 * good (bad key, bad signature) is final, "too fast" and a failing server are not.
 */
export function readChatAnswer(kind: ChatKind, status: number, text: string): ChatVerdict {
  if (status >= 500 || status === 429 || status === 408) return { ok: false, final: false, reason: `HTTP ${status}` };
  if (status < 200 || status >= 300) return { ok: false, final: true, reason: `HTTP ${status}` };
  if (kind === 'slack' || kind === 'webhook') return { ok: true };
  const answer = answeredCode(text);
  if (!answer) return { ok: false, final: true, reason: 'The answer is not that of a chat bot.' };
  if (answer.code === 0) return { ok: true };
  return { ok: false, final: !BUSY.has(answer.code), reason: `${answer.code} ${answer.message}`.trim() };
}
