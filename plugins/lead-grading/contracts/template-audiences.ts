import type { GradingModelInput } from './model';
import {
  PERSON,
  REACHABLE,
  DOWNLOAD,
  PRICING,
  UNSUBSCRIBED,
  VISIT,
  aDay,
  anyOf,
  bands,
  byGrid,
  did,
  filled,
  t,
  thresholds,
  when,
} from './template-parts';
import type { GradingTemplate } from './template-parts';

const education: GradingModelInput = {
  fit: {
    rules: [
      when('phone', t('留有电话', 'Left a phone number'), 25, filled('lead.phone')),
      when('wechat', t('留有微信', 'Left a WeChat id'), 20, filled('lead.wechat')),
      when('email', t('留有邮箱', 'Left an e-mail address'), 10, filled('lead.email')),
      when('city', t('所在城市已知', 'City known'), 10, filled('lead.city')),
      when('course', t('已说明意向课程', 'Named a course'), 25, filled('lead.product')),
      when('referred', t('转介绍', 'Referred'), 20, anyOf('lead.source', 'referr', '转介绍', '老学员', '推荐')),
    ],
  },
  engagement: {
    // A course is chosen within days, or not at all.
    decay: { type: 'half-life', days: 7 },
    rules: [
      did('trial-lesson', 'webinar', t('试听课', 'Came to a trial lesson'), 45, { cap: 90 }),
      did('apply', 'form', t('提交报名或咨询', 'Applied or asked'), 35, { repeat: aDay(1), cap: 70 }),
      did('fees', 'visit', t('查看学费', 'Looked at the fees'), 15, { match: 'fee', repeat: aDay(2), cap: 45 }),
      did('brochure', 'download', t('下载课程手册', 'Downloaded a brochure'), 10, { cap: 30 }),
      VISIT,
      UNSUBSCRIBED,
    ],
  },
  weights: { fit: 35, engagement: 65 },
  thresholds,
  labelling: { by: 'score', hot: 55, warm: 30 },
};

const eventFollowUp: GradingModelInput = {
  appliesTo: anyOf('lead.source', 'event', 'fair', 'expo', 'webinar', 'messe', '活动', '展会', '会议', '论坛'),
  fit: {
    rules: [
      ...PERSON,
      bands('size', t('员工人数', 'Employees'), 'lead.employees', [
        [null, 5],
        [51, 20],
        [1001, 25],
      ]),
      ...REACHABLE,
    ],
  },
  engagement: {
    // Whoever is not called within a week or two has forgotten the stand.
    decay: { type: 'half-life', days: 7 },
    rules: [
      did('came', 'webinar', t('到场', 'Came'), 35, { cap: 70 }),
      did('talked', 'form', t('在展位留资', 'Left details at the stand'), 35, { repeat: 'once' }),
      did('after', 'visit', t('会后访问网站', 'Visited the site afterwards'), 8, { repeat: aDay(2), cap: 32 }),
      DOWNLOAD,
      did('mail-click', 'mail-click', t('点击会后邮件', 'Clicked in the mail afterwards'), 12, { cap: 36 }),
      UNSUBSCRIBED,
    ],
  },
  weights: { fit: 40, engagement: 60 },
  thresholds,
  labelling: { by: 'score', hot: 50, warm: 25 },
};

const chineseInbound: GradingModelInput = {
  fit: {
    rules: [
      when('phone', t('留有手机', 'Left a mobile number'), 25, filled('lead.phone')),
      when('wechat', t('留有微信', 'Left a WeChat id'), 15, filled('lead.wechat')),
      when('company', t('公司已知', 'Company known'), 10, filled('lead.company')),
      ...PERSON,
      when(
        'region',
        t('一线或新一线城市', 'First-tier city'),
        10,
        anyOf('lead.city', '北京', '上海', '广州', '深圳', '杭州', '成都', '苏州', '南京', '武汉'),
      ),
      when('paid', t('付费投放', 'Paid traffic'), 5, anyOf('lead.source', '百度', '抖音', '巨量', '腾讯', '360', 'baidu', 'douyin')),
    ],
  },
  engagement: {
    decay: { type: 'half-life', days: 10 },
    rules: [
      did('form', 'form', t('表单留资', 'Submitted a form'), 35, { repeat: aDay(1), cap: 70 }),
      did('chat', 'chat', t('在线咨询', 'Asked in the chat'), 30, { repeat: aDay(1), cap: 60 }),
      did('wechat-follow', 'follow', t('关注公众号', 'Followed the official account'), 15, { repeat: 'once' }),
      did('live', 'webinar', t('观看直播', 'Watched a live stream'), 20, { cap: 60 }),
      PRICING,
      VISIT,
    ],
  },
  weights: { fit: 45, engagement: 55 },
  thresholds,
  labelling: byGrid,
  recycle: { mode: 'delta', points: 10 },
};

/** Models for where leads come from and for people who buy for themselves. */
export const AUDIENCE_TEMPLATES: readonly GradingTemplate[] = [
  {
    key: 'education',
    name: t('教育培训', 'Education'),
    description: t(
      '试听课、学费页、意向课程；互动 7 天减半，按总分分热度。',
      'Trial lessons, fees, the course asked for; engagement halves in 7 days, heat by the total score.',
    ),
    body: education,
  },
  {
    key: 'event-follow-up',
    name: t('活动跟进', 'Event follow-up'),
    description: t('只评活动与展会线索；互动 7 天减半。', 'Only leads of events and fairs; engagement halves in seven days.'),
    body: eventFollowUp,
  },
  {
    key: 'chinese-inbound',
    name: t('国内市场来客', 'Chinese inbound'),
    description: t(
      '手机与微信、在线咨询、公众号、直播；互动 10 天减半；回收后须再涨 10 分。',
      'Mobile and WeChat, chat, official account, live streams; engagement halves in 10 days; a recycled lead has to gain ten points.',
    ),
    body: chineseInbound,
  },
];
