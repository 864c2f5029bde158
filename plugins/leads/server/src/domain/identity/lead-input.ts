/** What a form, file row or API call may say about a lead, before normalising. Blank and absent mean the same. */
export interface LeadInput {
  readonly name: string;
  readonly title: string;
  readonly email: string;
  readonly phone: string;
  readonly wechat: string;
  readonly company: string;
  readonly website: string;
  readonly industry: string;
  readonly employees: number;
  readonly annualRevenue: number;
  readonly currency: string;
  /** ISO-2. */
  readonly country: string;
  readonly province: string;
  readonly city: string;
  readonly address: string;
  readonly postcode: string;
  readonly language: string;
  readonly source: string;
  readonly medium: string;
  readonly campaign: string;
  readonly landingPage: string;
  readonly referrer: string;
  readonly utm: Readonly<Record<string, string>>;
  readonly ip: string;
  readonly product: string;
  /** ISO 8601 instant. */
  readonly capturedAt: string;
  readonly note: string;
  readonly custom: Readonly<Record<string, unknown>>;
}
export const LEAD_TEXT_FIELDS = [
  'name',
  'title',
  'email',
  'phone',
  'wechat',
  'company',
  'website',
  'industry',
  'currency',
  'country',
  'province',
  'city',
  'address',
  'postcode',
  'language',
  'source',
  'medium',
  'campaign',
  'landingPage',
  'referrer',
  'ip',
  'product',
  'capturedAt',
  'note',
] as const satisfies readonly (keyof LeadInput)[];
export type LeadTextField = (typeof LEAD_TEXT_FIELDS)[number];
