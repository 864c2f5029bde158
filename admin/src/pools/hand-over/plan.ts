import type { AutomaticReturn, HandOverPlan, SplitRule, SplitTarget } from '../duty-api';

/** What the wizard holds before it is sent: dates as typed, an empty target while none is chosen. */
export interface Draft {
  readonly member: number | null;
  readonly kind: 'leave' | 'leaver';
  /** Days as `YYYY-MM-DD`; empty = today, or no end. */
  readonly from: string;
  readonly to: string;
  readonly split: readonly DraftRule[];
  readonly tasks: 'hand-over' | 'close';
  readonly automatic: AutomaticReturn;
}
export interface DraftRule {
  readonly when: SplitRule['when'];
  readonly to: SplitTarget | null;
}

export const EMPTY_DRAFT: Draft = {
  member: null,
  kind: 'leave',
  from: '',
  to: '',
  split: [{ when: null, to: null }],
  tasks: 'hand-over',
  automatic: 'untouched',
};

export const isWhole = (target: SplitTarget | null): target is SplitTarget => {
  if (!target) return false;
  if (target.type === 'shares') return target.shares.length > 0 && target.shares.every((share) => share.weight > 0);
  return target.type === 'home' || target.id > 0;
};

/** Leave ends after it begins; a leaver needs no dates. */
export const datesAreSound = ({ kind, from, to }: Draft): boolean => kind === 'leaver' || (to !== '' && (from === '' || from <= to));

const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/**
 * The plan as the server wants it: the leave ends with the first moment the person is back.
 * @param instantOf reads a wall-clock time `YYYY-MM-DDTHH:mm` in the member's zone
 * @returns null while something is missing
 */
export const planOf = (draft: Draft, instantOf: (local: string) => string | null): HandOverPlan | null => {
  const { member, kind, from, to, split, tasks } = draft;
  if (member === null || !datesAreSound(draft)) return null;
  const rules = split.flatMap((rule): SplitRule[] =>
    isWhole(rule.to) ? [{ ...(rule.when ? { when: rule.when } : {}), to: rule.to }] : [],
  );
  if (rules.length !== split.length) return null;
  const start = from === '' ? null : instantOf(`${from}T00:00`);
  const end = kind === 'leaver' || to === '' ? null : instantOf(`${dayAfter(to)}T00:00`);
  return { member, kind, ...(start ? { from: start } : {}), ...(end ? { to: end } : {}), split: rules, tasks };
};
