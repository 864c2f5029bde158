import { ACTIVITY_KINDS } from '../../../resources/meta';
import { refusal } from '../entity';
import { secondsOf } from './duration';
import { LEAD_REF_TARGETS } from './lead-refs';
import { idTarget, target, type RecordChoice, type RecordTarget, type RecordTargets } from './record-plan';

const KIND_WORDS: Readonly<Record<string, readonly string[]>> = {
  call: ['phone', 'phone call', 'calls', '打电话', '电话沟通', '电话拜访', '电话跟进', '通话'],
  mail: ['email', 'e-mail', 'emails', '邮箱', '发邮件', '电子邮件'],
  message: ['sms', 'wechat', 'whatsapp', 'chat', '微信', '短信', 'qq', '微信沟通', '企业微信', '在线沟通'],
  meeting: ['meetings', 'demo', 'online meeting', '面谈', '会面', '线上会议', '视频会议', '演示'],
  visit: ['on-site visit', 'site visit', '上门', '上门拜访', '实地拜访', '客户拜访'],
  note: ['notes', 'comment', 'remark', '记录', '其他', '备忘'],
};
const KINDS: readonly RecordChoice[] = ACTIVITY_KINDS.map(({ key, label }) => ({ value: key, label, words: KIND_WORDS[key] ?? [] }));
const DIRECTIONS: readonly RecordChoice[] = [
  { value: 'outbound', label: { zh: '我方联系', en: 'Outbound' }, words: ['out', 'outgoing', '呼出', '去电', '外呼', '主动'] },
  { value: 'inbound', label: { zh: '对方联系', en: 'Inbound' }, words: ['in', 'incoming', '呼入', '来电', '被动'] },
];

const DAY = 86_400;
const duration =
  (unit: number): RecordTarget['parse'] =>
  (value) => {
    const seconds = secondsOf(String(value), unit);
    return seconds !== null && seconds <= DAY
      ? { ok: true, value: seconds }
      : refusal('DURATION_INVALID', `"${String(value)}" is no length of a conversation.`);
  };

/** The author is no field of its own a role could name; whoever may bring follow-ups in says whose they are. */
const author = { resource: 'activities', field: 'member', levels: ['read', 'write'] };
const length = { resource: 'activities', field: 'durationSeconds', levels: ['read', 'write'] };

/** Where a column of a file of follow-ups may go, besides the company's own fields. */
export const ACTIVITY_TARGETS: RecordTargets = {
  ...LEAD_REF_TARGETS,
  id: { ...idTarget(['activity id', 'follow-up id', '跟进id', '跟进编号']), label: { zh: '跟进 ID', en: 'Id of the follow-up' } },
  occurredAt: target('datetime', '时间', 'When', [
    ...['date', 'time', 'occurred at', 'activity date', 'call time', 'timestamp', 'created at', 'create date', 'logged at', 'started at'],
    ...['跟进时间', '跟进日期', '日期', '联系时间', '通话时间', '拜访时间', '创建时间', '发生时间'],
  ]),
  kind: target('text', '方式', 'Kind', ['type', 'activity type', 'channel', '跟进方式', '跟进类型', '类型', '联系方式类型', '沟通方式'], {
    choices: KINDS,
  }),
  direction: target('text', '方向', 'Direction', ['call direction', '呼叫方向', '通话方向', '呼叫类型'], { choices: DIRECTIONS }),
  outcome: target('text', '结果', 'Outcome', ['result', 'call outcome', 'disposition', 'call result', '跟进结果', '通话结果', '沟通结果'], {
    maxLength: 60,
  }),
  subject: target('text', '主题', 'Subject', ['title', 'topic', '标题', '跟进主题'], { maxLength: 500 }),
  note: target(
    'textarea',
    '内容',
    'Note',
    [
      ...['notes', 'description', 'body', 'details', 'content', 'comment', 'comments', 'summary', 'remark'],
      ...['跟进内容', '备注', '沟通内容', '跟进记录', '记录', '描述', '详情', '小记'],
    ],
    { maxLength: 20_000 },
  ),
  durationSeconds: target(
    'text',
    '时长（秒）',
    'Duration (seconds)',
    ['duration', 'seconds', 'call duration', 'talk time', '通话时长', '时长', '通话秒数'],
    {
      parse: duration(1),
      access: length,
    },
  ),
  durationMinutes: target(
    'text',
    '时长（分钟）',
    'Duration (minutes)',
    ['minutes', 'duration minutes', 'duration min', '分钟', '通话分钟'],
    {
      parse: duration(60),
      access: length,
    },
  ),
  member: target(
    'text',
    '跟进人',
    'By',
    [
      'author',
      'owner',
      'agent',
      'sales rep',
      'logged by',
      'created by',
      'user',
      'assigned to',
      'activity owner',
      '创建人',
      '销售',
      '负责人',
      '记录人',
      '员工',
      '坐席',
    ],
    {
      access: author,
    },
  ),
};

/** An outcome by its key or its name in either language; any other text is kept. */
export function outcomeOf(kind: string, text: string): string {
  const wanted = text.trim().toLowerCase();
  const known = ACTIVITY_KINDS.find(({ key }) => key === kind)?.outcomes ?? [];
  return known.find(({ value, label }) => [value, label.zh, label.en].some((name) => name.toLowerCase() === wanted))?.value ?? text;
}
