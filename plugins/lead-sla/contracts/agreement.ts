import { z } from 'zod';
import { condition, key, text } from './metric';

/** The two sides of a contract. */
export const SIDES = ['sales', 'marketing'] as const;
export type Side = (typeof SIDES)[number];

const longText = z.object({ zh: z.string().max(20_000), en: z.string().max(20_000) });

/** Who may sign for a side: anybody with one of the roles, or one of the members. */
const signatorySchema = z.object({
  roles: z.array(z.string().min(1).max(60)).max(20).default([]),
  members: z.array(z.int().positive()).max(50).default([]),
});
export type Signatory = z.infer<typeof signatorySchema>;
export const STANDARD_SIGNATORIES: Readonly<Record<Side, Signatory>> = {
  sales: { roles: ['sales-manager'], members: [] },
  marketing: { roles: ['marketing'], members: [] },
};

/**
 * What both sides call a qualified lead: the rule of the lifecycle itself (fact `sla.qualified`). Absent parts ask nothing.
 */
export const qualifiedLeadSchema = z.object({
  description: longText.nullish(),
  /** Lead fields that have to be filled in. */
  required: z.array(z.string().min(1).max(80)).max(40).default([]),
  /** Who the lead is. */
  demographic: condition.nullish(),
  /** What its situation is: budget, need, timing. */
  situational: condition.nullish(),
  /** What the lead has done. */
  behavioural: condition.nullish(),
});
export type QualifiedLead = z.infer<typeof qualifiedLeadSchema>;

/** A duty of one side in words, with what measures it. */
export const clauseSchema = z.object({
  key,
  side: z.enum(['sales', 'marketing', 'both']),
  title: text,
  text: longText.nullish(),
  /** Keys of metrics and obligations of the same contract. */
  measuredBy: z.array(z.string().min(1).max(80)).max(20).default([]),
});
export type Clause = z.infer<typeof clauseSchema>;

const day = z.iso.date();

export const BANT_PARTS = ['budget', 'authority', 'need', 'timing'] as const;
export type BantPart = (typeof BANT_PARTS)[number];

/** When a lead is offered to sales, what has to be known before it is confirmed, and how long an answer may take. */
export const handOffSchema = z.object({
  /** Stage that offers a lead, the stage that accepts it, the stage that confirms it. */
  offered: z.string().min(1).max(60).default('mql'),
  accepted: z.string().min(1).max(60).default('srl'),
  confirmed: z.string().min(1).max(60).default('sql'),
  /** Where a lead goes that sales sends back. */
  returned: z.string().min(1).max(60).default('recycled'),
  /** Business seconds until an unanswered offer expires. */
  answerSeconds: z.int().min(60).max(8_640_000).default(28_800),
  /** Reasons to send a lead back. */
  reasons: z
    .array(z.object({ key, label: text }))
    .min(1)
    .max(30),
  /** Parts of BANT that must be known, with evidence, before sales confirms. */
  bant: z.array(z.enum(BANT_PARTS)).max(4).default([]),
  /** BANT older than this must be asked again. */
  bantStaleDays: z.int().min(1).max(3650).default(90),
  /** Days after which an accepted lead that was not confirmed has to be confirmed again. */
  confirmWithinDays: z.int().min(1).max(3650).nullish(),
});
export type HandOffRules = z.infer<typeof handOffSchema>;

export const STANDARD_HAND_OFF: HandOffRules = handOffSchema.parse({
  reasons: [
    { key: 'wrong-territory', label: { zh: '区域不符', en: 'Wrong territory' } },
    { key: 'not-qualified', label: { zh: '不符合合格线索定义', en: 'Not qualified as agreed' } },
    { key: 'incomplete', label: { zh: '信息不完整', en: 'Information missing' } },
    { key: 'duplicate', label: { zh: '重复线索', en: 'Duplicate' } },
    { key: 'overloaded', label: { zh: '暂无人手', en: 'No capacity' } },
  ],
});

export const agreementShape = {
  /** `both`: measured only when both sides have signed this very text. `none`: a rule of the house that nobody has to sign. */
  signing: z.enum(['both', 'none']).default('both'),
  signatories: z.object({ sales: signatorySchema, marketing: signatorySchema }).nullish(),
  /** First and last day on which it is in force, in the zone of its calendar. */
  effectiveFrom: day.nullish(),
  effectiveTo: day.nullish(),
  qualified: qualifiedLeadSchema.nullish(),
  clauses: z.array(clauseSchema).max(60).optional(),
  handOff: handOffSchema.nullish(),
  /** Months between reviews; null: none. */
  reviewMonths: z.int().min(1).max(36).nullish(),
};
