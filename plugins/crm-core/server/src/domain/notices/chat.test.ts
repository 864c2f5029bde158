import { chatBody, readChatAnswer } from './chat';
import { htmlText, plainText, writeMessage } from './text';

const LABEL = { zh: '新线索', en: 'New lead' };
const item = (name: string, link?: string) => ({ title: { zh: `新线索：${name}`, en: `New lead: ${name}` }, ...(link ? { link } : {}) });
const one = writeMessage({ items: [item('Li <b>', '/leads/7')] }, LABEL, 'en', 'https://crm.example/console');
const many = writeMessage({ items: Array.from({ length: 25 }, (_, index) => item(`L${index}`)) }, LABEL, 'zh', '');

describe('the words of a message', () => {
  test('one item is its own subject, with an address that opens it', () => {
    expect(one).toEqual({
      subject: 'New lead: Li <b>',
      lines: [{ text: 'New lead: Li <b>', body: null, url: 'https://crm.example/console/leads/7' }],
      more: 0,
    });
  });
  test('many are named by their type and counted; the rest beyond twenty is a number', () => {
    expect(many.subject).toBe('新线索 × 25');
    expect(many.lines).toHaveLength(20);
    expect(plainText(many, 'zh')).toMatch(/另有 5 条$/);
  });
  test('what people typed is text in the mail, never markup', () => {
    expect(htmlText(one, 'en')).toContain('New lead: Li &lt;b&gt;');
    expect(htmlText(one, 'en')).not.toContain('<b>New lead: Li <b>');
  });
  test('a line break in a name cannot begin a header line', () => {
    expect(writeMessage({ items: [item('a\r\nBcc: x@y.example')] }, LABEL, 'en', '').subject).toBe('New lead: a Bcc: x@y.example');
  });
});

describe('each chat gets its own format', () => {
  const text = 'New lead: Li <b>\nhttps://crm.example/console/leads/7';
  test('WeCom mentions by phone', () => {
    expect(chatBody('wecom', one, ['13800001111', 'U1'], 'en')).toEqual({
      msgtype: 'text',
      text: { content: text, mentioned_mobile_list: ['13800001111'] },
    });
  });
  test('DingTalk mentions by phone, in the text too, as it asks for', () => {
    expect(chatBody('dingtalk', one, ['13800001111'], 'en')).toEqual({
      msgtype: 'text',
      text: { content: `${text}\n@13800001111` },
      at: { atMobiles: ['13800001111'], isAtAll: false },
    });
  });
  test('Feishu mentions by open id, and typed tags are no tags', () => {
    expect(chatBody('feishu', one, ['ou_1'], 'en')).toEqual({
      msg_type: 'text',
      content: { text: `${text.replace('<b>', '＜b＞')}\n<at user_id="ou_1"></at>` },
    });
  });
  test('Slack mentions by member id, and typed tags are no tags', () => {
    expect(chatBody('slack', one, ['U0AB'], 'en')).toEqual({ text: `${text.replace('<b>', '&lt;b&gt;')}\n<@U0AB>` });
  });
  test('a post too long for a chat is cut at a letter', () => {
    const long = writeMessage({ items: [item('线'.repeat(3000))] }, LABEL, 'zh', '');
    const body = chatBody('wecom', long, [], 'zh') as { text: { content: string } };
    expect(Buffer.byteLength(body.text.content)).toBeLessThan(2048);
    expect(body.text.content.endsWith('线…')).toBe(true);
  });
});

describe('an answer is read, not only its status', () => {
  test.each([
    ['wecom', 200, '{"errcode":0,"errmsg":"ok"}', { ok: true }],
    ['wecom', 200, '{"errcode":93000,"errmsg":"invalid webhook url"}', { ok: false, final: true, reason: '93000 invalid webhook url' }],
    [
      'wecom',
      200,
      '{"errcode":45009,"errmsg":"api freq out of limit"}',
      { ok: false, final: false, reason: '45009 api freq out of limit' },
    ],
    ['dingtalk', 200, '{"errcode":310000,"errmsg":"sign not match"}', { ok: false, final: true, reason: '310000 sign not match' }],
    ['feishu', 200, '{"StatusCode":0,"StatusMessage":"success"}', { ok: true }],
    ['feishu', 200, '{"code":19021,"msg":"sign match fail"}', { ok: false, final: true, reason: '19021 sign match fail' }],
    ['feishu', 200, '<html>login</html>', { ok: false, final: true, reason: 'The answer is not that of a chat bot.' }],
    ['slack', 200, 'ok', { ok: true }],
    ['slack', 404, 'no_service', { ok: false, final: true, reason: 'HTTP 404' }],
    ['slack', 429, '', { ok: false, final: false, reason: 'HTTP 429' }],
    ['webhook', 503, '', { ok: false, final: false, reason: 'HTTP 503' }],
    ['webhook', 302, '', { ok: false, final: true, reason: 'HTTP 302' }],
  ] as const)('%s %i %s', (kind, status, text, expected) => expect(readChatAnswer(kind, status, text)).toEqual(expected));
});
