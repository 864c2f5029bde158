import { conditionMessages } from '../conditions/messages';
import { calendarMessages } from './calendars/messages';
import { fieldMessages } from './fields/messages';
import { gradingMessages } from './grading/messages';
import { labMessages } from './grading-lab/messages';
import { kitMessages, policyMessages } from './kit/messages';
import { refusalMessages } from './kit/refusal-messages';
import { layoutMessages } from './layouts/messages';
import { lifecycleMessages } from './lifecycle/messages';
import { peopleMessages } from './people/messages';
import { accessMessages } from './access/messages';
import { auditMessages } from './audit/messages';
import { configMessages } from './config/messages';
import { noticeMessages } from './notifications/messages';
import { findingMessages } from './policy/finding-messages';
import { partMessages } from './policy/part-messages';
import { shadowMessages } from './policy/shadow-messages';
import { poolMessages } from './pools/messages';
import { routingMessages } from './routing/messages';
import { slaMessages } from './sla/messages';
import { matchingMessages } from './matching/messages';
import { linterMessages } from './linter/messages';
import { reviewMessages } from './reviews/messages';
import { sourceMessages } from './sources/messages';

const inLanguage = (language: 'en' | 'zh', own: { title: string; intro: string }) => ({
  ...own,
  condition: conditionMessages[language],
  kit: kitMessages[language],
  policy: policyMessages[language],
  shadow: shadowMessages[language],
  part: partMessages[language],
  finding: findingMessages[language],
  pool: poolMessages[language],
  grading: gradingMessages[language],
  lab: labMessages[language],
  routing: routingMessages[language],
  sla: slaMessages[language],
  calendar: calendarMessages[language],
  lifecycle: lifecycleMessages[language],
  field: fieldMessages[language],
  layout: layoutMessages[language],
  people: peopleMessages[language],
  notice: noticeMessages[language],
  config: configMessages[language],
  audit: auditMessages[language],
  access: accessMessages[language],
  source: sourceMessages[language],
  matching: matchingMessages[language],
  review: reviewMessages[language],
  linter: linterMessages[language],
  refusal: refusalMessages[language],
});

/** Words of the set-up pages, under the key `setup.`; both languages must have the same keys. */
export const setupMessages = {
  en: inLanguage('en', { title: 'Setup', intro: 'What the product does by itself is decided here.' }),
  zh: inLanguage('zh', { title: '设置', intro: '系统自动做什么，在这里决定。' }),
};
