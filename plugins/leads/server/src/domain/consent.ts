import type { ConsentChannel } from '../../../contracts';

const WORDS: readonly (readonly [ConsentChannel, RegExp])[] = [
  ['message', /sms|text|whats|wechat|weixin|message|短信|微信|消息/i],
  ['call', /phone|call|tel|电话|致电|来电/i],
  ['mail', /mail|newsletter|邮件|邮箱/i],
];

/** The channel a form's own word for it means (`marketing_email`, `SMS-OptIn`, `电话`); null when it is about none. */
export const channelOf = (word: string): ConsentChannel | null => WORDS.find(([, pattern]) => pattern.test(word))?.[0] ?? null;
