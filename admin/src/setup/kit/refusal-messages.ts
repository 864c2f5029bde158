/** Refusals of the set-up pages by their code; under the name of a resource those that mean something else there. */
export const refusalMessages = {
  en: {
    EMAIL_TAKEN: 'Somebody already signs in with this address.',
    EMAIL_INVALID: 'This is not an e-mail address.',
    PASSWORD_SHORT: 'At least %{least} characters.',
    CONFLICT: 'Another record already has this value.',
    REFERENCE_CONFLICT: 'Something still refers to it.',
    URL_INVALID: 'Not a web address that can be called; it begins with https:// and carries no password.',
    URL_BLOCKED: 'This address is inside the server’s network. Only the public internet is called.',
    SECRET_UNUSED: 'This kind of bot is not signed: leave the secret empty.',
    CHAT_REFUSED: 'The chat did not take the message.',
    CHANNEL_FAILED: 'The other side could not be reached or refused the message.',
    NOT_FAILED: 'Only a failed message is sent again.',
    sources: {
      KEY_INVALID: '6 to 80 small letters, digits or hyphens, beginning with a letter or digit.',
      CONFLICT: 'Another source already has this key.',
      ADAPTER_UNKNOWN: 'This format is not known.',
    },
    password: {
      NOT_FOUND: 'This member has no account to sign in with.',
      VALIDATION: 'At least 10 characters.',
    },
  },
  zh: {
    EMAIL_TAKEN: '已有人使用此邮箱登录。',
    EMAIL_INVALID: '邮箱格式不正确。',
    PASSWORD_SHORT: '至少 %{least} 个字符。',
    CONFLICT: '已有其他记录使用此值。',
    REFERENCE_CONFLICT: '仍有内容引用它。',
    URL_INVALID: '不是可以调用的网址；须以 https:// 开头且不含密码。',
    URL_BLOCKED: '此地址在服务器的内部网络中，只允许访问公网地址。',
    SECRET_UNUSED: '这种机器人不签名，请把密钥留空。',
    CHAT_REFUSED: '聊天工具没有接收这条消息。',
    CHANNEL_FAILED: '对方无法连接或拒绝了消息。',
    NOT_FAILED: '只有失败的消息才能重新发送。',
    sources: {
      KEY_INVALID: '6 至 80 位小写字母、数字或连字符，以字母或数字开头。',
      CONFLICT: '已有其他来源使用此密钥。',
      ADAPTER_UNKNOWN: '未知的格式。',
    },
    password: {
      NOT_FOUND: '此成员没有登录账号。',
      VALIDATION: '至少 10 个字符。',
    },
  },
};
