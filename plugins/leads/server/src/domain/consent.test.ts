import { channelOf } from './consent';

test.each([
  ['call', 'call'],
  ['phone_consent', 'call'],
  ['允许电话联系', 'call'],
  ['marketing-email', 'mail'],
  ['newsletter', 'mail'],
  ['SMS opt-in', 'message'],
  ['text message', 'message'],
  ['微信', 'message'],
  ['gdpr', null],
  ['', null],
] as const)('"%s" is about %s', (word, channel) => expect(channelOf(word)).toBe(channel));
