import { SIDES, STANDARD_SIGNATORIES, type Contract, type Side, type Signatory } from '../../../contracts';

/** Half-open; null = without end. */
export interface Span {
  readonly from: Date | null;
  readonly to: Date | null;
}

const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** When a contract is in force by its dates; the last day counts. */
export function effectiveSpan(body: Pick<Contract, 'effectiveFrom' | 'effectiveTo'>, startOf: (day: string) => Date): Span {
  return {
    from: body.effectiveFrom ? startOf(body.effectiveFrom) : null,
    to: body.effectiveTo ? startOf(dayAfter(body.effectiveTo)) : null,
  };
}

export const isInForce = ({ from, to }: Span, now: Date): boolean => (from === null || from <= now) && (to === null || now < to);

/** Both sides have signed this version, or nobody has to. Contracts from before there were signatures go on. */
export const isSigned = (body: Pick<Contract, 'signing'>, sides: readonly string[]): boolean =>
  (body.signing ?? 'none') === 'none' || SIDES.every((side) => sides.includes(side));

export const signatoryOf = (body: Pick<Contract, 'signatories'>, side: Side): Signatory =>
  body.signatories?.[side] ?? STANDARD_SIGNATORIES[side];

/** Whether somebody may sign for a side. */
export function maySign(
  body: Pick<Contract, 'signatories'>,
  side: Side,
  member: { readonly id: number | null; readonly roles: readonly string[] },
): boolean {
  const { roles, members } = signatoryOf(body, side);
  return (member.id !== null && members.includes(member.id)) || roles.some((role) => member.roles.includes(role));
}

export type ContractStatus = 'unsigned' | 'scheduled' | 'running' | 'expired' | 'replaced';

/** Where a version stands; `newer` is the one that runs instead. */
export function statusOf(body: Contract, sides: readonly string[], span: Span, runs: boolean, now: Date): ContractStatus {
  if (!isSigned(body, sides)) return 'unsigned';
  if (span.from !== null && now < span.from) return 'scheduled';
  if (span.to !== null && now >= span.to) return 'expired';
  return runs ? 'running' : 'replaced';
}
