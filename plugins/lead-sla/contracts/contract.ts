import { z } from 'zod';
import { agreementShape } from './agreement';
import { metricSchema, text } from './metric';
import { obligationSchema } from './obligation';

export * from './agreement';
export * from './metric';
export * from './obligation';

/** Policy kind and console resource of a contract. */
export const SLA_KIND = 'sla-contract';
export const SLA_RESOURCE = 'sla-contracts';

const haveOwnKeys = (metrics: readonly { readonly key: string }[]): boolean =>
  new Set(metrics.map((metric) => metric.key)).size === metrics.length;

/** The body of a contract: what both sides read, and what the engine measures. */
export const contractSchema = z.object({
  title: text,
  /** The agreement in words, Markdown. */
  text: z.object({ zh: z.string().max(20_000), en: z.string().max(20_000) }).nullish(),
  /** Key of a calendar policy; the company's first one when null. */
  calendar: z.string().max(80).nullable().default(null),
  metrics: z.array(metricSchema).min(1).max(20).refine(haveOwnKeys, 'Two metrics have the same key.'),
  obligations: z.array(obligationSchema).max(20).refine(haveOwnKeys, 'Two obligations have the same key.').optional(),
  ...agreementShape,
});
export type Contract = z.infer<typeof contractSchema>;
/** What may be left out when a contract is written. */
export type ContractInput = z.input<typeof contractSchema>;
