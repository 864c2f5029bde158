import { badRequest, type AppError, type LintFinding } from '../../../../contracts';

/** Something in a condition that cannot be compiled, thrown inside the compiler and caught at the rule it belongs to. */
export class ConditionProblem extends Error {}

/** A finding at a place such as `rules[1].rules[0]`; the root is the empty path. */
export interface Problem {
  readonly path: string;
  readonly reason: string;
  readonly level: LintFinding['level'];
}

export const CONDITION_INVALID = 'CONDITION_INVALID';

/** The refusal for the first problem; all of them are in `details.problems`. */
export function conditionInvalid(problems: readonly Problem[]): AppError {
  const { path, reason } = problems[0] ?? { path: '', reason: 'The condition is not valid.' };
  return badRequest(CONDITION_INVALID, `${path === '' ? 'Condition' : path}: ${reason}`, {
    path,
    reason,
    problems: problems.map((problem) => ({ path: problem.path, reason: problem.reason })),
  });
}

/** A value as shown in a finding: short, whatever was sent. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
