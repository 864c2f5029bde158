import type { TargetType } from '../../domain/files';
import { LEAD_FIELDS } from '../../resources/lead-fields';
import type { Target } from './entity';

/** How a column for a lead's own field is read. Mail and phone are judged once, by the door. */
export const LEAD_TARGETS: Readonly<Record<string, TargetType>> = {
  name: 'text',
  title: 'text',
  email: 'text',
  phone: 'phone',
  wechat: 'text',
  company: 'text',
  website: 'text',
  industry: 'text',
  employees: 'integer',
  annualRevenue: 'money',
  currency: 'text',
  country: 'country',
  province: 'text',
  city: 'text',
  address: 'textarea',
  postcode: 'text',
  language: 'text',
  note: 'textarea',
  source: 'text',
  medium: 'text',
  campaign: 'text',
  landingPage: 'text',
  referrer: 'text',
  ip: 'text',
  product: 'text',
  capturedAt: 'datetime',
  nextActionAt: 'datetime',
  doNotContactUntil: 'datetime',
  isTest: 'boolean',
};
/** Targets that say where the lead stands and not what it is. */
export const STATE_TARGETS = ['externalId', 'stage', 'outcome', 'stageEnteredAt', 'firstContactAt'] as const;

const FIELD_LABELS = new Map(LEAD_FIELDS.map((field) => [field.name, field.label ?? { zh: field.name, en: field.name }]));
const STATE_LABELS: Readonly<
  Record<(typeof STATE_TARGETS)[number], { readonly zh: string; readonly en: string; readonly type: TargetType }>
> = {
  externalId: { zh: '外部编号', en: 'External id', type: 'text' },
  stage: { zh: '阶段', en: 'Stage', type: 'text' },
  outcome: { zh: '赢单或输单', en: 'Won or lost', type: 'text' },
  stageEnteredAt: { zh: '进入阶段时间', en: 'In stage since', type: 'datetime' },
  firstContactAt: { zh: '销售首次联系时间', en: 'First contact by sales', type: 'datetime' },
};

/** Where a column of a file of leads may go, besides the company's own fields. */
export const leadTargets = (): Record<string, Target> => ({
  ...Object.fromEntries(
    Object.entries(LEAD_TARGETS).map(([key, type]): [string, Target] => [
      key,
      { type, label: FIELD_LABELS.get(key) ?? { zh: key, en: key }, group: 'record' },
    ]),
  ),
  ...Object.fromEntries(
    STATE_TARGETS.map((key): [string, Target] => {
      const { type, zh, en } = STATE_LABELS[key];
      return [key, { type, label: { zh, en }, group: 'state', free: true, ...(key === 'externalId' ? {} : { unguessed: true }) }];
    }),
  ),
});
