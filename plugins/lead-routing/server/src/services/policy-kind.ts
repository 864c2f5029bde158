import { AppError, checkOutboundUrl, many } from '@leadsea/crm-core';
import type { Condition, Kit, LintFinding, PolicyKind } from '@leadsea/crm-core';
import { routingPolicySchema, type RoutingPolicy, type RoutingRule } from '../../../contracts';
import { customRanking, findDestination, isCustomRanking } from '../domain/extensions';
import { lintRouting, type Known } from '../domain/lint';
import { livePools } from './plans';
import { previewRouting } from './preview';
import { sampleFindings } from './samples';
import { routingShadow } from './silent';

async function loadKnown(kit: Kit): Promise<Known> {
  const members = await many<Known['members'][number]>(
    kit.db,
    `WITH RECURSIVE up AS (
       SELECT id AS team_id, id, key, parent_id FROM crm_teams
       UNION SELECT up.team_id, t.id, t.key, t.parent_id FROM up JOIN crm_teams t ON t.id = up.parent_id)
     SELECT m.id, m.email, coalesce(m.active, true) AS active, coalesce(m.roles, '[]'::jsonb) AS roles,
            coalesce((SELECT jsonb_agg(u.key) FROM up u WHERE u.team_id = m.team_id), '[]'::jsonb) AS "teamKeys"
     FROM crm_members m ORDER BY m.id`,
  );
  const keys = async (table: 'crm_teams' | 'crm_roles'): Promise<ReadonlySet<string>> =>
    new Set((await kit.db<{ key: string }>(table).select('key')).map((row) => row.key));
  return { members, teams: await keys('crm_teams'), roles: await keys('crm_roles'), pools: new Set((await livePools(kit)).keys()) };
}

async function lint(kit: Kit, body: RoutingPolicy): Promise<LintFinding[]> {
  const at = (path: string, condition: Condition): LintFinding[] =>
    kit.conditions.check(condition, 'lead').map((finding) => ({ ...finding, path: finding.path ? `${path}.${finding.path}` : path }));
  const conditions = [
    ...(body.when ? at('when', body.when) : []),
    ...body.rules.flatMap((rule, index) => (rule.when ? at(`rules[${index}].when`, rule.when) : [])),
    ...body.rules.flatMap((rule, index) => ruleConditions(kit, rule, `rules[${index}]`)),
    ...(body.capacity.leads ? at('capacity.leads', body.capacity.leads) : []),
    ...body.capacity.weights.flatMap(({ when }, index) => at(`capacity.weights[${index}].when`, when)),
    ...body.standards.flatMap(({ leads, people }, index) => [
      ...(leads ? at(`standards[${index}].leads`, leads) : []),
      ...kit.conditions
        .check(people, 'member')
        .map((finding) => ({ ...finding, path: `standards[${index}].people${finding.path ? `.${finding.path}` : ''}` })),
    ]),
  ];
  const known = lintRouting(body, await loadKnown(kit));
  const samples = conditions.some(({ level }) => level === 'error') ? [] : await sampleFindings(kit, body);
  return [...conditions, ...known, ...samples];
}

/** Conditions inside a rule, and facts its table names that do not exist. */
function ruleConditions(kit: Kit, rule: RoutingRule, path: string): LintFinding[] {
  const at = (place: string, condition: Condition): LintFinding[] =>
    kit.conditions
      .check(condition, 'lead')
      .map((finding) => ({ ...finding, path: `${path}.${place}${finding.path ? `.${finding.path}` : ''}` }));
  const { destination } = rule;
  const facts = new Set(kit.conditions.describe('lead').map(({ key }) => key));
  const unknown = (name: string, field: string, place: string): LintFinding[] =>
    facts.has(name) ? [] : [{ level: 'error', code: 'FACT_UNKNOWN', message: `There is no fact "${field}".`, path: `${path}.${place}` }];
  /** Fields of a lead a filter compares; one that is not there would let everybody through. */
  const field = (name: string | null | undefined, place: string): LintFinding[] =>
    name ? unknown(name.startsWith('custom.') ? name : `lead.${name}`, name, place) : [];
  return [
    ...extensionFindings(rule, path),
    ...webhookFindings(rule, path),
    ...field(rule.filters.territory, 'filters.territory'),
    ...rule.filters.skills.flatMap(({ from }, index) => field(from, `filters.skills[${index}].from`)),
    ...rule.fit.flatMap(({ from }, index) => field(from, `fit[${index}].from`)),
    ...(rule.filters.consent ? at('filters.consent.when', rule.filters.consent.when) : []),
    ...rule.loadLimits.flatMap(({ leads }, index) => (leads ? at(`loadLimits[${index}].leads`, leads) : [])),
    ...(destination.kind === 'table'
      ? destination.columns.flatMap((column, index) => unknown(column, column, `destination.columns[${index}]`))
      : []),
  ];
}

/** An address that will never be called: every lead would wait for nothing and go to the fallback. */
function webhookFindings({ destination }: RoutingRule, path: string): LintFinding[] {
  if (destination.kind !== 'webhook') return [];
  try {
    checkOutboundUrl(destination.url);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ level: 'warning', code: 'WEBHOOK_BLOCKED', message: `It is never asked: ${error.message}`, path: `${path}.destination.url` }];
  }
}

/** Rankings and destinations of implementers that are not there, or whose parameters do not fit. */
export function extensionFindings(rule: Pick<RoutingRule, 'ranking' | 'rankingParams' | 'destination'>, path: string): LintFinding[] {
  const findings: LintFinding[] = [];
  const error = (code: string, message: string, at: string): void =>
    void findings.push({ level: 'error', code, message, path: `${path}.${at}` });
  if (isCustomRanking(rule)) {
    const method = customRanking(rule);
    if (!method) error('RANKING_UNKNOWN', `There is no ranking "${rule.ranking}".`, 'ranking');
    for (const problem of method?.problems(rule.rankingParams) ?? [])
      error('PARAMS_INVALID', problem.message, `rankingParams.${problem.path}`);
  }
  const { destination } = rule;
  if (destination.kind !== 'custom') return findings;
  const kind = findDestination(destination.type);
  if (!kind) error('DESTINATION_UNKNOWN', `There is no destination "${destination.type}".`, 'destination.type');
  const problems = kind?.problems(destination.params) ?? [];
  for (const problem of problems) error('PARAMS_INVALID', problem.message, `destination.params.${problem.path}`);
  const own = kind && problems.length === 0 ? kind.lint(destination.params) : [];
  return [...findings, ...own.map((finding) => ({ ...finding, path: `${path}.destination.params` }))];
}

/** What a routing policy is to the kit: shape, checks, preview. */
export const routingPolicyKind = (kit: Kit): PolicyKind<RoutingPolicy> => ({
  kind: 'routing-policy',
  resource: 'routing-policies',
  label: { zh: '分配策略', en: 'Routing policy' },
  schema: routingPolicySchema,
  lint: (body) => lint(kit, body),
  preview: (body, policy) => previewRouting(kit, body, policy),
  shadow: routingShadow,
});
