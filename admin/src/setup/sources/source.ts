/** Where leads come in, as the server keeps it. */
export interface Source {
  readonly id: number;
  /** Absent for those whose role hides it. */
  readonly key?: string;
  readonly name: string;
  readonly adapter: string | null;
  readonly defaults: Readonly<Record<string, unknown>> | null;
  readonly allowedOrigins: readonly string[] | null;
  readonly country: string | null;
  readonly active: boolean;
  /** How many submissions it took so far. */
  readonly taken: number;
}

/** What is edited of it. */
export interface SourceBody {
  readonly key: string;
  readonly name: string;
  readonly adapter: string;
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly allowedOrigins: readonly string[];
  readonly country: string | null;
  readonly active: boolean;
}

/** `auto` tells the format by the shape of what arrives. */
export const ADAPTERS = ['auto', 'json', 'google-ads', 'meta', 'hubspot', 'salesforce-web-to-lead', 'cf7', 'gravity-forms'] as const;

/** Values a source fills in most often; others it has are kept and shown as well. */
export const DEFAULT_FIELDS = ['source', 'medium', 'campaign', 'product'] as const;

export const defaultFieldsOf = (defaults: Readonly<Record<string, unknown>>): string[] => [
  ...new Set([...DEFAULT_FIELDS, ...Object.keys(defaults)]),
];

const KEY = /^[a-z0-9][a-z0-9-]{5,79}$/;
export const isKey = (key: string): boolean => KEY.test(key);

/** Some browsers take a space in a host name and write it as `%20`. */
const HOST = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])$/;

/** The web origin of an address as a browser sends it (`https://example.com`), null when it is none. `https` is understood. */
export const originOf = (address: string): string | null => {
  const text = address.trim();
  try {
    const url = new URL(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
    return /^https?:$/.test(url.protocol) && HOST.test(url.hostname) && url.username === '' ? url.origin : null;
  } catch {
    return null;
  }
};

export const isComplete = (body: SourceBody): boolean =>
  body.name.trim() !== '' &&
  isKey(body.key) &&
  body.allowedOrigins.every((origin) => originOf(origin) === origin) &&
  (!body.country || /^[A-Z]{2}$/.test(body.country));

/** What is sent: trimmed, without the defaults that are left empty. */
export const toSource = (body: SourceBody): Record<string, unknown> => {
  const given = Object.entries(body.defaults).map(([field, value]) => [field, typeof value === 'string' ? value.trim() : value] as const);
  return {
    ...body,
    name: body.name.trim(),
    country: body.country || null,
    defaults: Object.fromEntries(given.filter(([, value]) => value !== '' && value !== null && value !== undefined)),
  };
};
