import { z } from 'zod';
import { phoneKey } from '../identity/phone';
import { emailKey } from '../identity/email';
import { answerText, collect, type Answer } from './collect';
import { failure, type Adapter, type Consent } from './result';

export type Payload = Readonly<Record<string, unknown>>;
export const isPayload = (payload: unknown): payload is Payload =>
  typeof payload === 'object' && payload !== null && !Array.isArray(payload);

const option = z.looseObject({ value: z.boolean().optional(), text: z.string().optional(), subscriptionTypeId: z.number().optional() });
const hubspotSchema = z.looseObject({
  fields: z.array(z.looseObject({ name: z.string(), value: z.unknown() })),
  submittedAt: z.union([z.number(), z.string()]).optional(),
  context: z
    .looseObject({
      hutk: z.string().optional(),
      pageUri: z.string().optional(),
      pageName: z.string().optional(),
      ipAddress: z.string().optional(),
    })
    .optional(),
  legalConsentOptions: z
    .looseObject({
      consent: z
        .looseObject({ consentToProcess: z.boolean().optional(), text: z.string().optional(), communications: z.array(option).optional() })
        .optional(),
      legitimateInterest: option.optional(),
    })
    .optional(),
});

function hubspotConsent(options: z.infer<typeof hubspotSchema>['legalConsentOptions']): Consent | undefined {
  const channel = (one: z.infer<typeof option>): Consent['channels'][number] => ({
    key: String(one.subscriptionTypeId ?? 'all'),
    granted: one.value === true,
    text: one.text ?? null,
  });
  if (options?.consent) {
    const { consentToProcess, text, communications } = options.consent;
    return { basis: 'consent', granted: consentToProcess === true, text: text ?? null, channels: (communications ?? []).map(channel) };
  }
  const interest = options?.legitimateInterest;
  return interest
    ? { basis: 'legitimateInterest', granted: interest.value === true, text: interest.text ?? null, channels: [channel(interest)] }
    : undefined;
}

/** HubSpot's form submission (v3). It carries no id of the submission. */
export const hubspot: Adapter = (payload, options = {}) => {
  const parsed = hubspotSchema.safeParse(payload);
  if (!parsed.success) return failure('CAPTURE_SHAPE', 'This is not a HubSpot form submission (a list of fields is expected).');
  const { fields, context, submittedAt, legalConsentOptions } = parsed.data;
  const at = submittedAt === undefined ? null : new Date(Number(submittedAt));
  const consent = hubspotConsent(legalConsentOptions);
  return collect(
    fields.map((field): Answer => [field.name, field.value]),
    options,
    {
      known: {
        ...(context?.pageUri ? { landingPage: context.pageUri } : {}),
        ...(context?.ipAddress ? { ip: context.ipAddress } : {}),
        ...(at && !Number.isNaN(at.getTime()) ? { capturedAt: at.toISOString() } : {}),
      },
      unmapped: { hutk: context?.hutk, pageName: context?.pageName },
      ...(consent ? { consent } : {}),
    },
  );
};

const SALESFORCE_MACHINE = new Set([
  'oid',
  'retURL',
  'captcha_settings',
  'g-recaptcha-response',
  'submit',
  'debug',
  'debugEmail',
  'encoding',
  'recordType',
  'salutation',
  'member_status',
]);
const SALESFORCE_FIELDS: Readonly<Record<string, string>> = {
  first_name: 'name.given',
  last_name: 'name.family',
  URL: 'website',
  street: 'address',
  state: 'province',
  state_code: 'province',
  country_code: 'country',
  zip: 'postcode',
  lead_source: 'source',
  description: 'note',
  Campaign_ID: 'campaign',
  revenue: 'annualRevenue',
  mobile: 'phone',
};

/** A Salesforce web-to-lead form posted here: only the form's address was changed. Custom fields (`00N…`) need the map. */
export const salesforceWebToLead: Adapter = (payload, options = {}) => {
  if (!isPayload(payload) || !('oid' in payload))
    return failure('CAPTURE_SHAPE', 'This is not a Salesforce web-to-lead form (oid is expected).');
  const answers = Object.entries(payload).filter(
    ([name]) => !SALESFORCE_MACHINE.has(name) && name !== 'emailOptOut' && name !== 'doNotCall',
  );
  const refused = ['emailOptOut', 'doNotCall'].filter((name) => /^(?:1|true|on)$/i.test(answerText(payload[name])));
  const consent: Consent = {
    basis: 'consent',
    granted: false,
    text: null,
    channels: refused.map((key) => ({ key, granted: false, text: null })),
  };
  return collect(
    answers,
    { ...options, fieldMap: { ...SALESFORCE_FIELDS, ...options.fieldMap } },
    {
      isTest: answerText(payload.debug) === '1',
      unmapped: { salutation: payload.salutation, member_status: payload.member_status },
      ...(refused.length > 0 ? { consent } : {}),
    },
  );
};

/** Contact Form 7: the names are the site's own (`your-email`, `tel-42`); the plug-in's fields begin with `_wpcf7`. It has no submission id. */
export const cf7: Adapter = (payload, options = {}) => {
  if (!isPayload(payload) || !('_wpcf7' in payload))
    return failure('CAPTURE_SHAPE', 'This is not a Contact Form 7 submission (_wpcf7 is expected).');
  const names = Object.keys(payload).filter((name) => !name.startsWith('_'));
  const acceptance = names.filter((name) => /^(?:acceptance|consent|gdpr|privacy)(?:$|[-_])/i.test(name));
  const subjects: Readonly<Record<string, string>> = { 'your-subject': 'note', subject: 'note' };
  const language = answerText(payload._wpcf7_locale).replace('_', '-');
  const granted = acceptance.some((name) => /^(?:1|on|yes|true|accept\w*)$/i.test(answerText(payload[name])));
  return collect(
    names.filter((name) => !acceptance.includes(name)).map((name): Answer => [name, payload[name]]),
    { ...options, fieldMap: { ...subjects, ...options.fieldMap } },
    {
      known: language === '' ? {} : { language },
      unmapped: { form_id: payload._wpcf7, post_id: payload._wpcf7_container_post },
      ...(acceptance.length > 0 ? { consent: { basis: 'consent' as const, granted, text: null, channels: [] } } : {}),
    },
  );
};

const GRAVITY_MACHINE = new Set([
  'id',
  'form_id',
  'created_by',
  'date_created',
  'date_updated',
  'is_starred',
  'is_read',
  'ip',
  'source_url',
  'post_id',
  'user_agent',
  'status',
  'currency',
  'payment_status',
  'payment_date',
  'payment_amount',
  'payment_method',
  'transaction_id',
  'is_fulfilled',
  'transaction_type',
  'is_approved',
  'source_id',
  'gform_submit',
]);
const GRAVITY_NAME: Readonly<Record<string, string>> = { '3': 'name.given', '6': 'name.family' };
const GRAVITY_ADDRESS: Readonly<Record<string, string>> = {
  '1': 'address',
  '2': 'address',
  '3': 'city',
  '4': 'province',
  '5': 'postcode',
  '6': 'country',
};

/** Parts of compound fields are fixed (`1.3` first name, `1.6` last name; an address also has `.1` or `.5`); plain ones go by their value. */
function gravityTarget(name: string, value: string, names: readonly string[]): string | null {
  const [field, part] = name.split('.');
  if (part !== undefined) {
    const address = names.includes(`${field}.5`) || names.includes(`${field}.1`);
    return (address ? GRAVITY_ADDRESS : GRAVITY_NAME)[part] ?? null;
  }
  if (emailKey(value).ok) return 'email';
  const digits = value.replace(/\D/g, '').length;
  if (phoneKey(value, null).ok || (digits >= 7 && digits <= 15 && /^[+(]?[\d\s().-]+(?:x|ext)?[\d\s.]*$/i.test(value))) return 'phone';
  return /^https?:\/\/\S+$/i.test(value) ? 'website' : null;
}

/** Gravity Forms entry (REST v2 or webhook). Fields are numbered per form, so anything but name, address, mail, phone and web needs the map. Its times are UTC. */
export const gravityForms: Adapter = (payload, options = {}) => {
  if (!isPayload(payload) || !('form_id' in payload) || !('date_created' in payload))
    return failure('CAPTURE_SHAPE', 'This is not a Gravity Forms entry (form_id and date_created are expected).');
  const names = Object.keys(payload).filter((name) => !GRAVITY_MACHINE.has(name));
  const guessed = new Map<string, string>();
  const taken = new Set(Object.values(options.fieldMap ?? {}));
  for (const name of names.filter((one) => /^\d+(?:\.\d+)?$/.test(one))) {
    const target = gravityTarget(name, answerText(payload[name]).trim(), names);
    if (target === null || (taken.has(target) && target !== 'address')) continue;
    taken.add(target);
    guessed.set(name, target);
  }
  const capturedAt = new Date(`${answerText(payload.date_created).replace(' ', 'T')}Z`);
  const landingPage = answerText(payload.source_url);
  const ip = answerText(payload.ip);
  return collect(
    names.map((name): Answer => [name, payload[name]]),
    { ...options, fieldMap: { ...Object.fromEntries(guessed), ...options.fieldMap } },
    {
      externalId: answerText(payload.id) === '' ? undefined : `${answerText(payload.form_id)}-${answerText(payload.id)}`,
      known: {
        ...(landingPage ? { landingPage } : {}),
        ...(ip ? { ip } : {}),
        ...(Number.isNaN(capturedAt.getTime()) ? {} : { capturedAt: capturedAt.toISOString() }),
      },
      unmapped: { form_id: payload.form_id, user_agent: payload.user_agent },
      ...(answerText(payload.status) === 'spam' ? { isTest: true } : {}),
    },
  );
};
