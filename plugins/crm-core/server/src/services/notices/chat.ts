import { createHmac } from 'node:crypto';
import type { Knex } from 'knex';
import { AppError, notFound, type LocalisedText, type NoticeMessage } from '../../../../contracts';
import { chatBody, readChatAnswer, type ChatKind } from '../../domain/notices/chat';
import { writeMessage } from '../../domain/notices/text';
import { postOutside } from '../outbound';
import { one } from '../rows';

export interface BotRow {
  readonly id: number;
  readonly kind: ChatKind;
  readonly url: string;
  readonly secret: string | null;
  readonly locale: string | null;
  readonly active: boolean;
}

export interface SignedPost {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Signs a post as the kind asks for: DingTalk in the address (HMAC of "milliseconds, newline, secret" by the secret), Feishu in the body
 * (HMAC of nothing by "seconds, newline, secret"), a plain webhook in a header (HMAC of "seconds, dot, body" by the secret). Others and those
 * without a secret are sent as they are.
 */
export function signPost(bot: Pick<BotRow, 'kind' | 'url' | 'secret'>, body: Record<string, unknown>, now: Date): SignedPost {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  const plain = { url: bot.url, body: JSON.stringify(body), headers };
  if (!bot.secret) return plain;
  switch (bot.kind) {
    case 'dingtalk': {
      const timestamp = String(now.getTime());
      const sign = createHmac('sha256', bot.secret).update(`${timestamp}\n${bot.secret}`).digest('base64');
      const url = new URL(bot.url);
      url.searchParams.set('timestamp', timestamp);
      url.searchParams.set('sign', sign);
      return { ...plain, url: url.href };
    }
    case 'feishu': {
      const timestamp = String(Math.floor(now.getTime() / 1000));
      const sign = createHmac('sha256', `${timestamp}\n${bot.secret}`).update('').digest('base64');
      return { ...plain, body: JSON.stringify({ timestamp, sign, ...body }) };
    }
    case 'webhook': {
      const timestamp = String(Math.floor(now.getTime() / 1000));
      const sign = createHmac('sha256', bot.secret).update(`${timestamp}.${plain.body}`).digest('hex');
      return { ...plain, headers: { ...headers, 'x-leadsea-timestamp': timestamp, 'x-leadsea-signature': `sha256=${sign}` } };
    }
    case 'wecom':
    case 'slack':
      return plain;
  }
}

export interface ChatOptions {
  readonly db: Knex;
  readonly base: string;
  labelOf(type: string): LocalisedText;
}

/** Posts one message into the group of one bot. Receivers check the time of a signature, so it is the wall clock and not product time. */
export async function postToBot({ db, base, labelOf }: ChatOptions, botId: number, message: NoticeMessage): Promise<void> {
  const bot = await one<BotRow>(db, 'SELECT id, kind, url, secret, locale, active FROM crm_chat_bots WHERE id = ?', [botId]);
  if (!bot?.active) throw notFound('Chat bot');
  const locale = bot.locale === 'en' ? 'en' : 'zh';
  const written = writeMessage(message, labelOf(message.type), locale, base);
  const handles = message.recipients.flatMap(({ handle }) => (handle === null ? [] : [handle]));
  const { url, body, headers } = signPost(bot, chatBody(bot.kind, written, handles, locale), new Date());
  const answer = await postOutside(url, body, headers);
  const verdict = readChatAnswer(bot.kind, answer.status, answer.text);
  if (!verdict.ok) throw new AppError('CHAT_REFUSED', verdict.final ? 400 : 503, verdict.reason);
}
