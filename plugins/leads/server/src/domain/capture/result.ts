import type { LeadInput } from '../identity/lead-input';

export const ADAPTERS = ['json', 'google-ads', 'meta', 'hubspot', 'salesforce-web-to-lead', 'cf7', 'gravity-forms'] as const;
export type AdapterName = (typeof ADAPTERS)[number];

/** What the person agreed to, as the form recorded it. `granted: false` is a refusal and must be kept too. */
export interface Consent {
  readonly basis: 'consent' | 'legitimateInterest';
  readonly granted: boolean;
  readonly text: string | null;
  readonly channels: readonly { readonly key: string; readonly granted: boolean; readonly text: string | null }[];
}
export interface Captured {
  readonly values: Partial<LeadInput>;
  /** The source's own id of this submission: the same id again is the same submission. */
  readonly externalId?: string;
  readonly consent?: Consent;
  /** What the payload said and no field took, by the name it had. */
  readonly unmapped: Readonly<Record<string, unknown>>;
  readonly isTest?: boolean;
}
/** A Meta notification names leads; their answers have to be fetched from the Graph API. */
export interface LeadReference {
  readonly leadId: string;
  readonly formId: string | null;
  readonly pageId: string | null;
  readonly adId: string | null;
  readonly createdAt: string | null;
}
export const CAPTURE_ERRORS = [
  'CAPTURE_SHAPE',
  'CAPTURE_EMPTY',
  'CAPTURE_KEY_MISMATCH',
  'CAPTURE_NEEDS_FETCH',
  'CAPTURE_ID_PRECISION',
] as const;
export interface CaptureError {
  readonly code: (typeof CAPTURE_ERRORS)[number];
  readonly message: string;
  readonly needsFetch?: readonly LeadReference[];
}
export type CaptureResult = Captured | { readonly error: CaptureError };

export interface CaptureOptions {
  /** Name in the payload → lead field (`email`, `name.given`, `custom.budget`, `externalId`) or null to leave it out. Goes before everything else. */
  readonly fieldMap?: Readonly<Record<string, string | null>>;
  /** `source` of the lead when the payload has none. */
  readonly source?: string;
  /** Google Ads: the key set at the form; a payload with another key is refused. */
  readonly googleKey?: string;
  /** IANA zone of times without an offset; UTC when absent. */
  readonly timeZone?: string;
}
export type Adapter = (payload: unknown, options?: CaptureOptions) => CaptureResult;

export const failure = (
  code: CaptureError['code'],
  message: string,
  needsFetch?: readonly LeadReference[],
): { readonly error: CaptureError } => ({
  error: needsFetch ? { code, message, needsFetch } : { code, message },
});
export const isError = (result: CaptureResult): result is { readonly error: CaptureError } => 'error' in result;
