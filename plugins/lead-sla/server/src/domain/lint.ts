import type { Condition, LintFinding } from '@leadsea/crm-core';
import { calendarTime } from '@leadsea/crm-core';
import type { Contract, Metric } from '../../../contracts';
import { warnSeconds } from './target';

type Rule = Extract<Condition['rules'][number], { field: string }>;

const error = (code: string, path: string, message: string): LintFinding => ({ level: 'error', code, path, message });
const warning = (code: string, path: string, message: string): LintFinding => ({ level: 'warning', code, path, message });

/** The rules of a condition when it is a plain conjunction, else null: what can be compared without a theorem prover. */
function conjuncts(condition: Condition | null | undefined): readonly Rule[] | null {
  if (!condition || condition.not) return null;
  if (condition.combinator !== 'and' && condition.rules.length > 1) return null;
  const rules: Rule[] = [];
  for (const rule of condition.rules) {
    if ('field' in rule) rules.push(rule);
    else {
      const inner = conjuncts(rule);
      if (!inner) return null;
      rules.push(...inner);
    }
  }
  return rules;
}

const say = ({ field, operator, value, args }: Rule): string => JSON.stringify([field, operator, value ?? null, args ?? null]);

/** True when `a` holding means that `b` holds, as far as plain conjunctions tell. */
export function implies(a: Condition, b: Condition): boolean {
  const from = conjuncts(a);
  const to = conjuncts(b);
  if (!to || (!from && to.length > 0)) return false;
  const known = new Set((from ?? []).map(say));
  return to.every((rule) => known.has(say(rule)));
}

const valuesOf = (rule: Rule): readonly unknown[] | null =>
  rule.operator === '=' ? [rule.value] : rule.operator === 'in' && Array.isArray(rule.value) ? (rule.value as unknown[]) : null;

function contradict(one: Rule, other: Rule): boolean {
  if (one.field !== other.field || JSON.stringify(one.args ?? null) !== JSON.stringify(other.args ?? null)) return false;
  if (one.operator === 'null') return other.operator === 'notNull' || valuesOf(other) !== null;
  const mine = valuesOf(one);
  const theirs = valuesOf(other);
  if (mine && theirs) return !mine.some((value) => theirs.includes(value));
  const excluded =
    other.operator === '!=' ? [other.value] : other.operator === 'notIn' && Array.isArray(other.value) ? (other.value as unknown[]) : null;
  return mine !== null && excluded !== null && mine.every((value) => excluded.includes(value));
}

/** True when both can never hold at once, as far as plain conjunctions tell. */
export function excludes(a: Condition, b: Condition): boolean {
  const one = conjuncts(a) ?? [];
  const other = conjuncts(b) ?? [];
  return one.some((mine) => other.some((theirs) => contradict(mine, theirs) || contradict(theirs, mine)));
}

/** R-22, and what else in start, stop, pause and cancel can never work. */
function lintConditions(metric: Metric, path: string): LintFinding[] {
  const { start, pause, cancel } = metric;
  const findings: LintFinding[] = [];
  if (pause && implies(start, pause))
    findings.push(error('PAUSED_FOREVER', `${path}.pause`, 'The pause holds whenever the start does: the clock would never run.'));
  if (pause && excludes(start, pause) && metric.whenStartNoLongerMet === undefined) {
    findings.push(
      error(
        'PAUSE_ENDS_START',
        `${path}.whenStartNoLongerMet`,
        'Pause and start exclude each other. Say whether the clock continues or is cancelled when the start no longer holds.',
      ),
    );
  }
  if (metric.stop.when && implies(start, metric.stop.when))
    findings.push(error('NEVER_STARTS', `${path}.stop.when`, 'The stop holds whenever the start does: no clock would ever open.'));
  if (cancel && implies(start, cancel))
    findings.push(error('NEVER_STARTS', `${path}.cancel`, 'The cancellation holds whenever the start does: no clock would ever open.'));
  return findings;
}

/** rows are tried in order; the last one, and only it, is "otherwise". */
function lintTargets(metric: Metric, path: string): LintFinding[] {
  const last = metric.targets.length - 1;
  return metric.targets.flatMap((target, row): LintFinding[] => {
    const at = `${path}.targets.${row}`;
    if (row === last && target.when)
      return [error('TARGET_WITHOUT_OTHERWISE', at, 'The last target is for all other leads and has no condition.')];
    if (row < last && !target.when)
      return [error('TARGET_UNREACHABLE', at, 'A target without a condition hides the ones after it; only the last one has none.')];
    const duration = calendarTime.parseDuration(target.duration);
    if (duration.kind === 'invalid') return [error('TARGET_INVALID', at, duration.reason)];
    if (duration.kind === 'seconds' && duration.seconds === 0) return [error('TARGET_INVALID', at, 'A target needs some time.')];
    if (duration.kind !== 'seconds') return [];
    const { seconds } = duration;
    const early = metric.warns.filter((warn) => warnSeconds(warn, seconds) === null);
    return early.map((warn) =>
      warning('WARN_BEFORE_START', at, `The warning ${warn} would come before the clock starts; it is left out for this target.`),
    );
  });
}

function lintActions(metric: Metric, path: string): LintFinding[] {
  const moves = metric.onBreach.filter((action) => action.kind === 'reroute' || action.kind === 'pool');
  const findings: LintFinding[] = [];
  if (moves.length > 1)
    findings.push(error('TWO_MOVES', `${path}.onBreach`, 'A breach can re-route the lead or put it into a pool, not both.'));
  if (moves.length > 0 && metric.clockOwner !== 'owner') {
    findings.push(
      warning(
        'REROUTE_KEEPS_CLOCK',
        `${path}.onBreach`,
        'The next owner gets no new clock: this one belongs to the lead and stays breached.',
      ),
    );
  }
  return findings;
}

/** Everything wrong with a contract that can be seen without the database. */
export function lintContract(contract: Contract): LintFinding[] {
  return contract.metrics.flatMap((metric, index) => {
    const path = `metrics.${index}`;
    return [...lintConditions(metric, path), ...lintTargets(metric, path), ...lintActions(metric, path)];
  });
}
