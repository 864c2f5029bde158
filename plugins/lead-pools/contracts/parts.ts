import type { Condition } from '@leadsea/crm-core';
import { z } from 'zod';

/** What the parts of a pool's policy share. */
export const localised = z.object({ zh: z.string().max(100), en: z.string().max(100) });
export const ruleKey = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens');
/** Key of a policy or a group of pools. */
export const policyKey = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens');

/**
 * `P14D` and `P2W` count calendar days, `P3BD` business days. Hours (`PT4H`) count business time, or plain time where `time` is `calendar`.
 */
export const duration = z
  .string()
  .regex(/^P(?=[\dT])(\d+(BD|D|W))?(T(\d+H)?(\d+M)?(\d+S)?)?$/, 'must be a duration such as PT4H, P3BD or P14D');
export const TIME_KINDS = ['business', 'calendar'] as const;
export type TimeKind = (typeof TIME_KINDS)[number];
export const timeKind = z.enum(TIME_KINDS).default('business');

export const condition = z.custom<Condition>(
  (value) => typeof value === 'object' && value !== null && Array.isArray((value as { rules?: unknown }).rules),
  'must be a condition',
);
