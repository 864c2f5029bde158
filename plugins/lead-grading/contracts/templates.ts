import type { GradingModelInput } from './model';
import { AUDIENCE_TEMPLATES } from './template-audiences';
import { INDUSTRY_TEMPLATES } from './template-industries';
import { decides, filled, grid, manages, outside } from './template-parts';
import type { GradingTemplate } from './template-parts';

export type { GradingTemplate } from './template-parts';

const standardB2B: GradingModelInput = {
  fit: {
    cap: 100,
    groups: [
      { key: 'person', label: { zh: '联系人', en: 'Person' }, cap: 40 },
      { key: 'company', label: { zh: '企业', en: 'Company' }, cap: 50 },
      { key: 'reach', label: { zh: '可联系性', en: 'Reachability' }, cap: 20 },
    ],
    rules: [
      {
        type: 'condition',
        key: 'decision-maker',
        group: 'person',
        label: { zh: '决策人职位', en: 'Decides' },
        points: 35,
        when: decides,
      },
      {
        type: 'condition',
        key: 'manager',
        group: 'person',
        label: { zh: '管理职位', en: 'Manages' },
        points: 25,
        when: manages,
      },
      {
        type: 'condition',
        key: 'title-known',
        group: 'person',
        label: { zh: '职位已知', en: 'Title known' },
        points: 5,
        when: filled('lead.title'),
      },
      {
        type: 'condition',
        key: 'outsider',
        group: 'person',
        label: { zh: '学生或实习生', en: 'Student or intern' },
        points: -30,
        when: outside,
      },
      {
        type: 'bands',
        key: 'employees',
        group: 'company',
        label: { zh: '员工人数', en: 'Employees' },
        field: 'lead.employees',
        bands: [
          { to: 11, points: 5 },
          { from: 11, to: 51, points: 10 },
          { from: 51, to: 201, points: 20 },
          { from: 201, to: 1001, points: 25 },
          { from: 1001, points: 20 },
        ],
      },
      {
        type: 'bands',
        key: 'revenue',
        group: 'company',
        label: { zh: '年营业额', en: 'Annual revenue' },
        field: 'lead.annualRevenue',
        bands: [
          { from: 1_000_000, to: 10_000_000, points: 10 },
          { from: 10_000_000, to: 100_000_000, points: 15 },
          { from: 100_000_000, points: 20 },
        ],
      },
      {
        type: 'condition',
        key: 'company-known',
        group: 'company',
        label: { zh: '公司名称已知', en: 'Company known' },
        points: 15,
        when: filled('lead.company'),
      },
      {
        type: 'condition',
        key: 'website-known',
        group: 'company',
        label: { zh: '有公司网站', en: 'Has a website' },
        points: 5,
        when: filled('lead.website'),
      },
      {
        type: 'condition',
        key: 'industry-known',
        group: 'company',
        label: { zh: '行业已知', en: 'Industry known' },
        points: 5,
        when: filled('lead.industry'),
      },
      {
        type: 'condition',
        key: 'phone',
        group: 'reach',
        label: { zh: '有电话', en: 'Has a phone number' },
        points: 10,
        when: filled('lead.phone'),
      },
      {
        type: 'condition',
        key: 'email',
        group: 'reach',
        label: { zh: '有邮箱', en: 'Has an e-mail address' },
        points: 10,
        when: filled('lead.email'),
      },
    ],
  },
  engagement: {
    cap: 100,
    decay: { type: 'half-life', days: 30 },
    groups: [
      { key: 'web', label: { zh: '网站', en: 'Web' }, cap: 50 },
      { key: 'mail', label: { zh: '邮件', en: 'Mail' }, cap: 20 },
    ],
    rules: [
      {
        key: 'form',
        kind: 'form',
        label: { zh: '提交表单', en: 'Submitted a form' },
        points: 30,
        repeat: { max: 1, within: 'P1D' },
        cap: 60,
      },
      {
        key: 'webinar',
        kind: 'webinar',
        label: { zh: '参加网络研讨会', en: 'Attended a webinar' },
        points: 20,
        repeat: 'oncePerAsset',
        cap: 40,
      },
      {
        key: 'download',
        kind: 'download',
        label: { zh: '下载资料', en: 'Downloaded something' },
        points: 10,
        repeat: 'oncePerAsset',
        cap: 30,
      },
      {
        key: 'pricing',
        kind: 'visit',
        match: 'pric',
        group: 'web',
        label: { zh: '访问价格页', en: 'Visited the price page' },
        points: 15,
        repeat: { max: 2, within: 'P1D' },
      },
      {
        key: 'visit',
        kind: 'visit',
        group: 'web',
        label: { zh: '访问网站', en: 'Visited the site' },
        points: 2,
        repeat: { max: 5, within: 'P1D' },
      },
      {
        key: 'mail-click',
        kind: 'mail-click',
        group: 'mail',
        label: { zh: '点击邮件链接', en: 'Clicked in a mail' },
        points: 5,
        repeat: 'each',
      },
      {
        key: 'mail-open',
        kind: 'mail-open',
        group: 'mail',
        label: { zh: '打开邮件', en: 'Opened a mail' },
        points: 1,
        repeat: { max: 1, within: 'P1D' },
      },
      { key: 'unsubscribe', kind: 'unsubscribe', label: { zh: '退订', en: 'Unsubscribed' }, points: -20, repeat: 'each' },
    ],
  },
  weights: { fit: 50, engagement: 50 },
  thresholds: { letters: { A: 70, B: 45, C: 25 }, numbers: { 1: 50, 2: 25, 3: 10 }, hysteresis: 3 },
  labelling: { by: 'grid', cells: grid },
};

const behaviourFirst: GradingModelInput = {
  ...standardB2B,
  weights: { fit: 30, engagement: 70 },
  engagement: { ...standardB2B.engagement, decay: { type: 'half-life', days: 14 } },
  labelling: { by: 'score', hot: 60, warm: 30 },
};

export const GRADING_TEMPLATES: readonly GradingTemplate[] = [
  {
    key: 'standard-b2b',
    name: { zh: '标准 B2B 模型', en: 'Standard B2B model' },
    description: {
      zh: '谁（职位、企业规模、可联系性）和做了什么（表单、研讨会、价格页、邮件）各占一半；互动 30 天减半。',
      en: 'Who they are (title, size of the company, reachability) and what they do (forms, webinars, price page, mail), half each; engagement halves in 30 days.',
    },
    body: standardB2B,
  },
  {
    key: 'behaviour-first',
    name: { zh: '行为优先模型', en: 'Behaviour-first model' },
    description: {
      zh: '适合试用型产品：互动占 70%，14 天减半，按总分分热度。',
      en: 'For products people try by themselves: engagement is 70 %, halves in 14 days, heat by the total score.',
    },
    body: behaviourFirst,
  },
  ...INDUSTRY_TEMPLATES,
  ...AUDIENCE_TEMPLATES,
];
