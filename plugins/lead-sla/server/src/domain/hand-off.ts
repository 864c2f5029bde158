import { BANT_PARTS, type BantPart, type HandOffRules } from '../../../contracts';

export const HAND_OFF_STATES = ['offered', 'accepted', 'rejected', 'expired', 'confirmed', 'withdrawn'] as const;
export type HandOffState = (typeof HAND_OFF_STATES)[number];

/** What a part of BANT says: `lead.bant.budget = { value, evidence, at }`, or only a value. */
interface BantEntry {
  readonly value?: unknown;
  readonly evidence?: unknown;
  readonly at?: unknown;
}

export interface BantFinding {
  readonly part: BantPart;
  readonly problem: 'missing' | 'no-evidence' | 'stale';
}

const entryOf = (value: unknown): BantEntry => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value });

const isFilled = (value: unknown): boolean => value !== null && value !== undefined && value !== '' && value !== false;

/** BANT as the hand-off asks for it: every part known, with evidence, and not older than agreed. */
export function checkBant(
  bant: Readonly<Record<string, unknown>> | null,
  rules: Pick<HandOffRules, 'bant' | 'bantStaleDays'>,
  now: Date,
): BantFinding[] {
  return BANT_PARTS.filter((part) => rules.bant.includes(part)).flatMap((part): BantFinding[] => {
    const { value, evidence, at } = entryOf(bant?.[part]);
    if (!isFilled(value)) return [{ part, problem: 'missing' }];
    if (!isFilled(evidence)) return [{ part, problem: 'no-evidence' }];
    const asked = typeof at === 'string' ? Date.parse(at) : Number.NaN;
    if (!Number.isNaN(asked) && now.getTime() - asked > rules.bantStaleDays * 86_400_000) return [{ part, problem: 'stale' }];
    return [];
  });
}

/** What a move of a lead between stages means for its hand-off. */
export function handOffMove(
  rules: HandOffRules,
  open: HandOffState | null,
  before: string | null,
  after: string,
  closed: readonly string[],
): 'offer' | 'accept' | 'confirm' | 'withdraw' | null {
  if (before === after) return null;
  if (after === rules.offered) return open === 'offered' ? null : 'offer';
  if (after === rules.accepted) return open === 'offered' || open === 'expired' ? 'accept' : null;
  if (after === rules.confirmed) return open === 'accepted' || open === 'offered' || open === 'expired' ? 'confirm' : null;
  return closed.includes(after) && (open === 'offered' || open === 'expired') ? 'withdraw' : null;
}
