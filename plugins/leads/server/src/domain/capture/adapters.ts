import { answerText, collect, type Answer } from './collect';
import { googleAds, meta } from './ads';
import { cf7, gravityForms, hubspot, isPayload, salesforceWebToLead, type Payload } from './forms';
import { failure, type Adapter, type AdapterName, type Consent } from './result';

const EXTERNAL = ['externalId', 'external_id', 'leadId', 'lead_id', 'submissionId', 'submission_id', 'id'] as const;
const OWN = new Set<string>([...EXTERNAL, 'custom', 'utm', 'consent', 'isTest', 'is_test', 'test']);
const yes = (value: unknown): boolean => value === true || value === 1 || (typeof value === 'string' && /^(?:1|true|yes|on)$/i.test(value));

function jsonConsent(value: unknown): Consent | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isPayload(value)) return { basis: 'consent', granted: yes(value), text: null, channels: [] };
  return {
    basis: value.basis === 'legitimateInterest' ? 'legitimateInterest' : 'consent',
    granted: yes(value.granted ?? value.value),
    text: typeof value.text === 'string' ? value.text : null,
    channels: Array.isArray(value.channels)
      ? value.channels.filter(isPayload).map((one) => ({
          key: answerText(one.key) || 'all',
          granted: yes(one.granted),
          text: typeof one.text === 'string' ? one.text : null,
        }))
      : [],
  };
}
const nested = (payload: Payload, key: string, prefix: string): Answer[] => {
  const value = payload[key];
  return isPayload(value) ? Object.entries(value).map(([name, one]): Answer => [`${prefix}${name.replace(/^utm_/, '')}`, one]) : [];
};

/** The product's own shape, or any flat object or form whose names are understandable. */
const json: Adapter = (payload, options = {}) => {
  if (!isPayload(payload)) return failure('CAPTURE_SHAPE', 'An object with the fields of one lead is expected.');
  const key = EXTERNAL.find((name) => typeof payload[name] === 'string' || typeof payload[name] === 'number');
  const externalId = key === undefined ? '' : String(payload[key]).trim();
  const flat = Object.entries(payload).filter(([name]) => !OWN.has(name));
  const custom = nested(payload, 'custom', 'custom.');
  const utm = nested(payload, 'utm', 'utm_');
  const consent = jsonConsent(payload.consent);
  const fieldMap = { ...Object.fromEntries([...custom].map(([name]) => [name, name])), ...options.fieldMap };
  return collect(
    [...flat, ...custom, ...utm],
    { ...options, fieldMap },
    {
      ...(externalId === '' ? {} : { externalId }),
      ...(consent ? { consent } : {}),
      isTest: yes(payload.isTest ?? payload.is_test ?? payload.test),
    },
  );
};

/** What ad platforms and forms really send → lead input. Pure: nothing is fetched, nothing is stored. */
export const adapters: Readonly<Record<AdapterName, Adapter>> = {
  json,
  'google-ads': googleAds,
  meta,
  hubspot,
  'salesforce-web-to-lead': salesforceWebToLead,
  cf7,
  'gravity-forms': gravityForms,
};

/** Which adapter a payload is for, by its shape; null when it is not an object. A capture key that names its adapter does not need to ask. */
export function detectAdapter(payload: unknown): AdapterName | null {
  if (!isPayload(payload)) return null;
  if ('user_column_data' in payload && 'lead_id' in payload) return 'google-ads';
  if ((payload.object === 'page' && Array.isArray(payload.entry)) || ('field_data' in payload && 'id' in payload)) return 'meta';
  if (Array.isArray(payload.fields) && payload.fields.every((field) => isPayload(field) && typeof field.name === 'string'))
    return 'hubspot';
  if ('oid' in payload && ('retURL' in payload || 'last_name' in payload)) return 'salesforce-web-to-lead';
  if ('_wpcf7' in payload) return 'cf7';
  return 'form_id' in payload && 'date_created' in payload && 'source_url' in payload ? 'gravity-forms' : 'json';
}
