import type { LintFinding } from '@leadsea/crm-core';
import {
  destinationText,
  OTHERWISE,
  readCell,
  type DecisionTable,
  type Destination,
  type MemberRef,
  type RoutingPolicy,
  type RoutingRule,
} from '../../../contracts';
import { shadowedRows } from './lookup';
import { capacityWeightFindings, groupWeightFindings } from './lint-weights';
import { wholeWeight } from './weight';

/** What exists now, for checking names. */
export interface Known {
  readonly members: readonly {
    readonly id: number;
    readonly email: string;
    readonly active: boolean;
    readonly roles: readonly string[];
    readonly teamKeys: readonly string[];
  }[];
  readonly teams: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
  readonly pools: ReadonlySet<string>;
}

const error = (code: string, message: string, path: string): LintFinding => ({ level: 'error', code, message, path });
const warning = (code: string, message: string, path: string): LintFinding => ({ level: 'warning', code, message, path });

function memberFindings(ref: MemberRef, known: Known, path: string): LintFinding[] {
  const found = known.members.find((member) =>
    typeof ref === 'number' ? member.id === ref : member.email.toLowerCase() === ref.toLowerCase(),
  );
  if (!found) return [error('MEMBER_UNKNOWN', `There is no member ${ref}.`, path)];
  return found.active ? [] : [warning('TARGET_DISABLED', `The member ${ref} is disabled.`, path)];
}

const poolFindings = (key: string, known: Known, path: string): LintFinding[] =>
  known.pools.has(key) ? [] : [error('POOL_UNKNOWN', `There is no live pool "${key}".`, path)];

function destinationFindings(destination: Destination, known: Known, path: string): LintFinding[] {
  switch (destination.kind) {
    case 'member': {
      const ref = destination.id ?? destination.email;
      return ref === undefined ? [error('MEMBER_MISSING', 'Choose a person.', path)] : memberFindings(ref, known, path);
    }
    case 'team': {
      if (!known.teams.has(destination.key)) return [error('TEAM_UNKNOWN', `There is no team "${destination.key}".`, path)];
      const staffed = known.members.some((member) => member.active && member.teamKeys.includes(destination.key));
      return staffed ? [] : [warning('TARGET_EMPTY', `Nobody active is in the team "${destination.key}".`, path)];
    }
    case 'group': {
      const findings = destination.members.flatMap(({ member }, index) => memberFindings(member, known, `${path}.members[${index}]`));
      const seen = destination.members.map(({ member }) => String(member).toLowerCase());
      if (new Set(seen).size < seen.length) findings.push(error('MEMBER_TWICE', 'The same person is in the group twice.', path));
      findings.push(...groupWeightFindings(destination, path));
      if (!destination.members.some(({ weight }) => wholeWeight(weight) > 0))
        findings.push(error('GROUP_EMPTY', 'Nobody in this group can receive a lead.', path));
      return findings;
    }
    case 'role': {
      const findings = known.roles.has(destination.key) ? [] : [error('ROLE_UNKNOWN', `There is no role "${destination.key}".`, path)];
      if (destination.team && !known.teams.has(destination.team))
        findings.push(error('TEAM_UNKNOWN', `There is no team "${destination.team}".`, path));
      const { key, team } = destination;
      const staffed = known.members.some(
        (member) => member.active && member.roles.includes(key) && (!team || member.teamKeys.includes(team)),
      );
      if (findings.length === 0 && !staffed) findings.push(warning('TARGET_EMPTY', `Nobody active has the role "${key}" there.`, path));
      return findings;
    }
    case 'pool':
      return poolFindings(destination.key, known, path);
    case 'webhook':
      return destinationFindings(destination.fallback, known, `${path}.fallback`);
    case 'table':
      return tableFindings(destination, known, path);
    // What an implementer registered is checked where the registry is.
    case 'custom':
    case 'account-owner':
    case 'previous-owner':
    case 'hold':
      return [];
  }
}

const MOST_FINDINGS = 20;

/** `50..10`: no value is in it. */
function isEmptyRange(cell: string): boolean {
  const test = readCell(cell);
  return test.kind === 'range' && test.from > test.to;
}

/** Destinations of rows that do not exist, rows that are never reached, cells that are missing. */
function tableFindings(table: DecisionTable, known: Known, path: string): LintFinding[] {
  if (table.columns.length === 0) return [error('TABLE_NO_COLUMNS', 'Choose at least one fact as a column.', path)];
  if (table.rows.length === 0) return [error('TABLE_EMPTY', 'The table has no rows.', path)];
  const checked = new Map<string, LintFinding[]>();
  const findings = table.rows.flatMap(({ cells, to }, index) => {
    const name = destinationText(to);
    const own = checked.get(name) ?? destinationFindings(to, known, '');
    checked.set(name, own);
    const at = `${path}.rows[${index}]`;
    return [
      ...own.map((finding) => ({ ...finding, path: `${at}.to` })),
      ...cells.flatMap((cell, column) =>
        isEmptyRange(cell) ? [warning('CELL_EMPTY_RANGE', `No number is in "${cell}".`, `${at}.cells[${column}]`)] : [],
      ),
      ...(cells.length > table.columns.length ? [warning('TABLE_CELLS', 'The row has more cells than the table has columns.', at)] : []),
    ];
  });
  const shadowed =
    table.hit === 'first'
      ? [...shadowedRows(table)].map(([row, by]) =>
          warning('ROW_UNREACHABLE', `Row ${by + 1} already takes everything row ${row + 1} takes.`, `${path}.rows[${row}]`),
        )
      : [...shadowedRows(table)].map(([row, by]) =>
          warning('ROWS_OVERLAP', `Rows ${by + 1} and ${row + 1} can fit the same lead, which then has none.`, `${path}.rows[${row}]`),
        );
  return [...findings, ...shadowed].slice(0, MOST_FINDINGS);
}

function onEmptyFindings(rule: RoutingRule, known: Known, path: string): LintFinding[] {
  if (typeof rule.onEmpty === 'string') return [];
  return 'pool' in rule.onEmpty ? poolFindings(rule.onEmpty.pool, known, path) : memberFindings(rule.onEmpty.member, known, path);
}

function limitFindings(rule: RoutingRule, path: string): LintFinding[] {
  const zero = (list: readonly { readonly max: number }[], name: string): LintFinding[] =>
    list.flatMap(({ max }, index) => (max === 0 ? [warning('CAP_ZERO', 'A cap of 0 stops everybody.', `${path}.${name}[${index}]`)] : []));
  const fit = rule.ranking === 'best-fit' && rule.fit.length === 0;
  return [
    ...zero(rule.caps, 'caps'),
    ...zero(rule.loadLimits, 'loadLimits'),
    ...(fit ? [error('FIT_EMPTY', 'Best fit needs at least one field to compare.', `${path}.fit`)] : []),
  ];
}

/** Steps that need a pool which is not there. */
const ladderFindings = (policy: RoutingPolicy, known: Known): LintFinding[] =>
  policy.reroute.ladder.flatMap(({ action, pool }, index) => {
    if (action !== 'pool' && action !== 'offer') return [];
    const path = `reroute.ladder[${index}].pool`;
    return pool ? poolFindings(pool, known, path) : [error('POOL_MISSING', 'Choose a pool.', path)];
  });

/** The rule takes or keeps every lead that reaches it: nothing goes on to the next one. */
const takesAll = (rule: RoutingRule): boolean =>
  (!rule.when || rule.when.rules.length === 0) &&
  (rule.destination.kind === 'pool' || (rule.destination.kind !== 'hold' && typeof rule.onEmpty !== 'string'));

/** Problems of a policy beyond its shape: names that do not exist, rules that are never reached, limits that stop everybody. */
export function lintRouting(policy: RoutingPolicy, known: Known): LintFinding[] {
  const findings: LintFinding[] = [];
  const seen = new Set<string>();
  let closedBy: string | null = null;
  policy.rules.forEach((rule, index) => {
    const path = `rules[${index}]`;
    if (rule.key === OTHERWISE) findings.push(error('KEY_RESERVED', `The key "${OTHERWISE}" belongs to the last rule.`, `${path}.key`));
    if (seen.has(rule.key)) findings.push(error('KEY_TWICE', `Two rules have the key "${rule.key}".`, `${path}.key`));
    seen.add(rule.key);
    if (closedBy !== null) findings.push(warning('RULE_UNREACHABLE', `The rule "${closedBy}" before it takes every lead.`, path));
    else if (takesAll(rule)) closedBy = rule.key;
    findings.push(
      ...destinationFindings(rule.destination, known, `${path}.destination`),
      ...onEmptyFindings(rule, known, `${path}.onEmpty`),
    );
    if (rule.periodCap?.max === 0) findings.push(warning('CAP_ZERO', 'A cap of 0 stops everybody.', `${path}.periodCap`));
    findings.push(...limitFindings(rule, path));
    if (rule.destination.kind === 'hold' && rule.onEmpty !== 'next')
      findings.push(warning('ON_EMPTY_UNUSED', 'After waiting the next rule decides.', `${path}.onEmpty`));
  });
  if (
    policy.otherwise.kind === 'hold' ||
    policy.otherwise.kind === 'table' ||
    policy.otherwise.kind === 'webhook' ||
    policy.otherwise.kind === 'custom'
  )
    findings.push(error('OTHERWISE_HOLDS', 'The last rule must lead somewhere.', 'otherwise'));
  else if (!['pool', 'member'].includes(policy.otherwise.kind)) {
    findings.push(
      warning('OTHERWISE_MAY_BE_EMPTY', 'The last rule can find nobody; a pool or a person always takes the lead.', 'otherwise'),
    );
  }
  const keys = policy.standards.map(({ key }) => key);
  if (new Set(keys).size < keys.length) findings.push(error('KEY_TWICE', 'Two standards have the same key.', 'standards'));
  return [
    ...findings,
    ...capacityWeightFindings(policy),
    ...ladderFindings(policy, known),
    ...destinationFindings(policy.otherwise, known, 'otherwise'),
  ];
}
