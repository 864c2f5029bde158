import { z } from 'zod';
import type { localised } from './parts';

/** Ways to play the rules of a pool instead of working its leads (§3.6 of the ideas: each is read from events). */
export const FAIR_PLAY_PATTERNS = [
  'swap',
  'reclaim',
  'empty-follow-up',
  'copied-follow-up',
  'short-call',
  'transfer-before-recycle',
  'midnight-hoard',
  'pool-duplicate',
] as const;
export type FairPlayPattern = (typeof FAIR_PLAY_PATTERNS)[number];

export const fairPlaySchema = z.object({
  /** Days in which a lead that comes back to the same person (swap, release and claim) is the same holding: its recycle clock goes on. 0 = off. */
  sameHoldingDays: z.number().int().min(0).max(90).default(7),
  /** A note shorter than this, on a follow-up without an outcome or length, is empty. */
  minNote: z.number().int().min(0).max(500).default(4),
  /** The same words on so many leads in a day are copied. */
  copies: z.number().int().min(2).max(100).default(3),
  /** A connected call shorter than this is none. */
  minCallSeconds: z.number().int().min(0).max(600).default(5),
  /** Hours before the recycle date in which a transfer is looked at. */
  beforeRecycleHours: z.number().int().min(1).max(336).default(48),
  /** So many claims in the last half hour of a person's day are hoarding. */
  hoard: z.number().int().min(2).max(500).default(5),
  /**
   * From which likeness of the name on, in the same company, a lead typed in is suspected to be one of this pool. Nothing is withheld until
   * whoever manages the pool has confirmed it. null = never looked at.
   */
  likeness: z.number().min(0.6).max(1).nullable().default(0.85),
});

export type FairPlay = z.infer<typeof fairPlaySchema>;
export const FAIR_PLAY_DEFAULTS: FairPlay = fairPlaySchema.parse({});

const label = (zh: string, en: string): z.infer<typeof localised> => ({ zh, en });
export const FAIR_PLAY_LABELS: Readonly<Record<FairPlayPattern, z.infer<typeof localised>>> = {
  swap: label('来回倒手', 'Passed to and fro'),
  reclaim: label('释放后再领取', 'Released and claimed again'),
  'empty-follow-up': label('空跟进', 'Empty follow-ups'),
  'copied-follow-up': label('复制的跟进内容', 'Copied follow-ups'),
  'short-call': label('几秒的电话', 'Calls of a few seconds'),
  'transfer-before-recycle': label('回收前转移', 'Transferred just before recycling'),
  'midnight-hoard': label('零点前囤积', 'Hoarded before midnight'),
  'pool-duplicate': label('重复录入公海线索', 'Duplicate of a pool lead'),
};
