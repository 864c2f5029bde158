import type { Condition, LintFinding } from '@leadsea/crm-core';
import type { Contract, TouchObligation } from '../../../contracts';
import { progressOf } from './obligation';
import { QUALIFIED_FACT, speaksOf } from './qualified';

const error = (code: string, path: string, message: string): LintFinding => ({ level: 'error', code, path, message });
const warning = (code: string, path: string, message: string): LintFinding => ({ level: 'warning', code, path, message });

/** an obligation that nobody could ever keep. */
function lintTouches(rule: TouchObligation, path: string): LintFinding[] {
  const start = new Date(0);
  const end = new Date(rule.windowDays * 86_400_000);
  const { missing, possibleUntil } = progressOf(rule, [], start, end);
  if (missing === 0) return [error('OBLIGATION_EMPTY', `${path}.minCounts`, 'An obligation asks for at least one touch.')];
  if (possibleUntil !== null && possibleUntil <= start)
    return [error('OBLIGATION_IMPOSSIBLE', path, 'So many touches so far apart do not fit into the window: it would be missed at once.')];
  return [];
}

function lintClauses({ clauses = [], metrics, obligations = [] }: Contract): LintFinding[] {
  const known = new Set([...metrics, ...obligations].map((one) => one.key));
  const bound = new Set(clauses.flatMap((clause) => clause.measuredBy));
  const unknown = clauses.flatMap((clause, index) =>
    clause.measuredBy
      .filter((key) => !known.has(key))
      .map((key) => error('CLAUSE_UNKNOWN_METRIC', `clauses.${index}.measuredBy`, `Nothing in this contract is called "${key}".`)),
  );
  const loose = clauses.length === 0 ? [] : [...known].filter((key) => !bound.has(key));
  return [...unknown, ...loose.map((key) => warning('METRIC_WITHOUT_CLAUSE', 'clauses', `No clause says why "${key}" is measured.`))];
}

function lintQualified({ qualified }: Contract): LintFinding[] {
  if (!qualified) return [];
  const parts: [string, Condition | null | undefined][] = [
    ['demographic', qualified.demographic],
    ['situational', qualified.situational],
    ['behavioural', qualified.behavioural],
  ];
  const circular = parts.flatMap(([name, condition]) =>
    condition && speaksOf(condition, QUALIFIED_FACT)
      ? [error('QUALIFIED_CIRCULAR', `qualified.${name}`, 'A qualified lead cannot be one that is qualified.')]
      : [],
  );
  const asks = qualified.required.length > 0 || parts.some(([, condition]) => condition && condition.rules.length > 0);
  return asks ? circular : [...circular, warning('QUALIFIED_EMPTY', 'qualified', 'The definition asks nothing: every lead is qualified.')];
}

function lintDates({ effectiveFrom, effectiveTo }: Contract): LintFinding[] {
  return effectiveFrom && effectiveTo && effectiveTo < effectiveFrom
    ? [error('DATES_REVERSED', 'effectiveTo', 'It ends before it begins.')]
    : [];
}

/** What is wrong with the agreement around the metrics. */
export function lintAgreement(contract: Contract): LintFinding[] {
  const keys = [...contract.metrics, ...(contract.obligations ?? [])].map((one) => one.key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  return [
    ...(twice === undefined ? [] : [error('KEY_TWICE', 'obligations', `A metric and an obligation are both called "${twice}".`)]),
    ...(contract.obligations ?? []).flatMap((one, index) => (one.kind === 'touch' ? lintTouches(one, `obligations.${index}`) : [])),
    ...lintClauses(contract),
    ...lintQualified(contract),
    ...lintDates(contract),
  ];
}
