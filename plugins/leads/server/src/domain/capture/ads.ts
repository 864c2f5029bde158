import { z } from 'zod';
import { collect, type Answer } from './collect';
import { failure, type Adapter, type LeadReference } from './result';

const id = z.union([z.string(), z.number()]);
const idText = (value: string | number | undefined): string | null => (value === undefined || value === '' ? null : String(value));

const googleSchema = z.looseObject({
  lead_id: z.string().min(1),
  user_column_data: z.array(
    z.looseObject({ column_id: z.string().optional(), column_name: z.string().optional(), string_value: z.string().nullish() }),
  ),
  google_key: z.string().optional(),
  campaign_id: id.optional(),
  form_id: id.optional(),
  adgroup_id: id.optional(),
  creative_id: id.optional(),
  asset_group_id: id.optional(),
  gcl_id: z.string().optional(),
  is_test: z.boolean().optional(),
  lead_submit_time: z.string().optional(),
});
/** Google's fixed columns; the work ones come first when both are asked. Everything else is a question of the form. */
const GOOGLE_COLUMNS: Readonly<Record<string, string>> = {
  WORK_EMAIL: 'email',
  EMAIL: 'email',
  WORK_PHONE: 'phone',
  PHONE_NUMBER: 'phone',
  FULL_NAME: 'name',
  FIRST_NAME: 'name.given',
  LAST_NAME: 'name.family',
  COMPANY_NAME: 'company',
  JOB_TITLE: 'title',
  CITY: 'city',
  REGION: 'province',
  POSTAL_CODE: 'postcode',
  STREET_ADDRESS: 'address',
  COUNTRY: 'country',
};

/** Google Ads lead form webhook. The caller sets `googleKey`; a payload without the same key is somebody else's. */
export const googleAds: Adapter = (payload, options = {}) => {
  const parsed = googleSchema.safeParse(payload);
  if (!parsed.success)
    return failure('CAPTURE_SHAPE', 'This is not a Google Ads lead form payload (lead_id and user_column_data are expected).');
  const lead = parsed.data;
  if (options.googleKey !== undefined && lead.google_key !== options.googleKey)
    return failure('CAPTURE_KEY_MISMATCH', 'google_key is not the key set for this form.');
  const order = Object.keys(GOOGLE_COLUMNS);
  const rank = (column: string | undefined): number => (order.indexOf(column ?? '') + order.length + 1) % (order.length + 1);
  const sorted = [...lead.user_column_data].sort((a, b) => rank(a.column_id) - rank(b.column_id));
  const answers = sorted.map((column): Answer => {
    const fixed = column.column_id !== undefined && Object.hasOwn(GOOGLE_COLUMNS, column.column_id);
    return [fixed ? (column.column_id ?? '') : (column.column_name ?? column.column_id ?? 'question'), column.string_value ?? ''];
  });
  const campaign = idText(lead.campaign_id);
  return collect(
    [...answers, ['gclid', lead.gcl_id ?? '']],
    { ...options, fieldMap: { ...GOOGLE_COLUMNS, ...options.fieldMap } },
    {
      externalId: lead.lead_id,
      isTest: lead.is_test === true,
      known: {
        source: options.source ?? 'google-ads',
        medium: 'cpc',
        ...(campaign ? { campaign } : {}),
        ...(lead.lead_submit_time ? { capturedAt: lead.lead_submit_time } : {}),
      },
      unmapped: { form_id: lead.form_id, adgroup_id: lead.adgroup_id, creative_id: lead.creative_id, asset_group_id: lead.asset_group_id },
    },
  );
};

const metaWebhook = z.looseObject({
  object: z.literal('page'),
  entry: z.array(
    z.looseObject({
      changes: z.array(
        z.looseObject({
          field: z.string(),
          value: z.looseObject({
            leadgen_id: id.optional(),
            form_id: id.optional(),
            page_id: id.optional(),
            ad_id: id.optional(),
            created_time: z.number().optional(),
          }),
        }),
      ),
    }),
  ),
});
const metaLead = z.looseObject({
  id,
  created_time: z.union([z.string(), z.number()]).optional(),
  field_data: z.array(z.looseObject({ name: z.string(), values: z.array(z.string()) })),
  ad_id: id.optional(),
  ad_name: z.string().optional(),
  adset_name: z.string().optional(),
  campaign_id: id.optional(),
  campaign_name: z.string().optional(),
  form_id: id.optional(),
  platform: z.string().optional(),
  is_organic: z.boolean().optional(),
  custom_disclaimer_responses: z
    .array(z.looseObject({ checkbox_key: z.string(), is_checked: z.union([z.boolean(), z.string()]).optional() }))
    .optional(),
});

const instantOf = (time: string | number | undefined): string | null => {
  if (time === undefined) return null;
  const date = new Date(typeof time === 'number' ? time * 1000 : time.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
};
const imprecise = (value: string | number): boolean => typeof value === 'number' && !Number.isSafeInteger(value);

function references(webhook: z.infer<typeof metaWebhook>): { readonly list: LeadReference[]; readonly imprecise: boolean } {
  const changes = webhook.entry
    .flatMap((entry) => entry.changes)
    .filter((change) => change.field === 'leadgen' && change.value.leadgen_id !== undefined);
  const list = changes.map(({ value }) => ({
    leadId: idText(value.leadgen_id) ?? '',
    formId: idText(value.form_id),
    pageId: idText(value.page_id),
    adId: idText(value.ad_id),
    createdAt: instantOf(value.created_time),
  }));
  return { list, imprecise: changes.some(({ value }) => imprecise(value.leadgen_id ?? '')) };
}

/**
 * Meta lead ads. The webhook only names leads: the answer is CAPTURE_NEEDS_FETCH with their ids, to be fetched from
 * `GET /{leadgen_id}?fields=…,field_data`; that response (`field_data`) is what becomes a lead.
 */
export const meta: Adapter = (payload, options = {}) => {
  const webhook = metaWebhook.safeParse(payload);
  if (webhook.success) {
    const { list, imprecise: lost } = references(webhook.data);
    if (lost)
      return failure('CAPTURE_ID_PRECISION', 'A leadgen_id has more digits than a JSON number keeps; parse the body with ids as text.');
    if (list.length === 0) return failure('CAPTURE_EMPTY', 'The notification names no lead.');
    return failure('CAPTURE_NEEDS_FETCH', `Meta names ${list.length} lead(s) without their answers; fetch each from the Graph API.`, list);
  }
  const parsed = metaLead.safeParse(payload);
  if (!parsed.success)
    return failure('CAPTURE_SHAPE', 'This is neither a Meta lead notification (entry, changes) nor a fetched lead (id, field_data).');
  const lead = parsed.data;
  if (imprecise(lead.id))
    return failure('CAPTURE_ID_PRECISION', 'The id has more digits than a JSON number keeps; parse the body with ids as text.');
  const capturedAt = instantOf(lead.created_time);
  const campaign = lead.campaign_name ?? idText(lead.campaign_id);
  const boxes = (lead.custom_disclaimer_responses ?? []).map((box) => ({
    key: box.checkbox_key,
    granted: box.is_checked === true || box.is_checked === '1' || box.is_checked === 'true',
    text: null,
  }));
  return collect(
    lead.field_data.map((field): Answer => [field.name, field.values]),
    options,
    {
      externalId: String(lead.id),
      isTest: lead.field_data.some((field) => field.values.some((value) => /^<test lead: /i.test(value))),
      known: {
        source: options.source ?? (lead.platform === 'ig' ? 'instagram' : 'facebook'),
        medium: lead.is_organic ? 'social' : 'paid-social',
        ...(campaign ? { campaign } : {}),
        ...(capturedAt ? { capturedAt } : {}),
      },
      unmapped: { form_id: lead.form_id, ad_id: lead.ad_id, ad_name: lead.ad_name, adset_name: lead.adset_name },
      ...(boxes.length > 0
        ? { consent: { basis: 'consent' as const, granted: boxes.every((box) => box.granted), text: null, channels: boxes } }
        : {}),
    },
  );
};
