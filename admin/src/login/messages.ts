/** Words of signing in and of joining by an invitation. */
export const loginMessages = {
  en: {
    title: 'Sign in',
    tagline: 'Every lead graded, owned and answered in time.',
    identifier: 'E-mail or user name',
    wrong: 'User name or password is wrong.',
    noMember: 'This account is not a member of the console. Ask an administrator.',
    join: {
      title: 'Welcome',
      welcome: 'Welcome, %{name}',
      hint: 'Choose a password of your own. You sign in with %{email}.',
      password: 'New password',
      again: 'Once more',
      least: 'At least %{least} characters.',
      differs: 'Not the same as above.',
      go: 'Set password and sign in',
    },
  },
  zh: {
    title: '登录',
    tagline: '每条线索都有评级、有归属、按时跟进。',
    identifier: '邮箱或用户名',
    wrong: '用户名或密码不正确。',
    noMember: '此账号还不是控制台成员，请联系管理员。',
    join: {
      title: '欢迎',
      welcome: '欢迎，%{name}',
      hint: '请设置您自己的密码。登录账号为 %{email}。',
      password: '新密码',
      again: '再输一次',
      least: '至少 %{least} 个字符。',
      differs: '与上面不一致。',
      go: '设置密码并登录',
    },
  },
};
