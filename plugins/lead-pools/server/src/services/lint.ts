import type { Condition, Kit, LintFinding } from '@leadsea/crm-core';
import { many } from '@leadsea/crm-core';
import type { Pool } from '../../../contracts';
import { entryCircle, recycleCircle } from '../domain/circles';
import { rightsIn } from '../domain/membership';
import type { LivePool, PoolDirectory } from './pools';

const error = (code: string, message: string, path: string): LintFinding => ({ level: 'error', code, message, path });
const warning = (code: string, message: string, path: string): LintFinding => ({ level: 'warning', code, message, path });

/** Every condition of a pool with the path it stands at. */
function conditionsOf(body: Pool): readonly { readonly condition: Condition; readonly path: string }[] {
  const at = (condition: Condition | null | undefined, path: string): { condition: Condition; path: string }[] =>
    condition ? [{ condition, path }] : [];
  return [
    ...body.recycle.rules.flatMap((rule, index) => at(rule.when, `recycle.rules[${index}].when`)),
    ...body.recycle.returns.flatMap((rule, index) => at(rule.when, `recycle.returns[${index}].when`)),
    ...body.protection.rules.flatMap((rule, index) => at(rule.when, `protection.rules[${index}].when`)),
    ...body.entry.rules.flatMap((rule, index) => at(rule.when, `entry.rules[${index}].when`)),
    ...at(body.entry.accepts, 'entry.accepts'),
  ];
}

/** Pools named by key, with the path. */
function poolKeysOf(body: Pool): readonly { readonly key: string; readonly path: string }[] {
  const at = (key: string | null | undefined, path: string): { key: string; path: string }[] => (key ? [{ key, path }] : []);
  return [
    ...at(body.recycle.returnTo, 'recycle.returnTo'),
    ...at(body.drop?.into, 'drop.into'),
    ...body.recycle.rules.flatMap((rule, index) => at(rule.returnTo, `recycle.rules[${index}].returnTo`)),
    ...body.recycle.returns.flatMap((rule, index) => at(rule.to, `recycle.returns[${index}].to`)),
    ...body.recycle.choices.flatMap((key, index) => at(key, `recycle.choices[${index}]`)),
    ...body.entry.rules.flatMap((rule, index) => at(rule.to, `entry.rules[${index}].to`)),
  ];
}

function rulesOf(body: Pool): LintFinding[] {
  const findings: LintFinding[] = [];
  const keys = body.recycle.rules.map(({ key }) => key);
  if (body.kind === 'drop' && body.drop?.mode === 'timed' && !body.drop.into)
    findings.push(error('DROP_WITHOUT_TARGET', 'A timed drop needs a pool that receives its leads.', 'drop.into'));
  body.recycle.rules.forEach((rule, index) => {
    const path = `recycle.rules[${index}]`;
    if (keys.indexOf(rule.key) !== index) findings.push(error('KEY_TWICE', `Two rules have the key "${rule.key}".`, `${path}.key`));
    [rule, ...rule.also].forEach((clock, at) => {
      if (clock.since === 'contract-end' && !clock.field)
        findings.push(
          error('FIELD_MISSING', 'Say which field keeps the end of the contract.', at === 0 ? path : `${path}.also[${at - 1}]`),
        );
    });
  });
  return findings;
}

function membersOf(body: Pool): LintFinding[] {
  const may = (right: 'claim' | 'assign'): boolean =>
    body.members.some((row) => row.rights.includes(right) || row.rights.includes('manage'));
  if (body.kind === 'assigned')
    return may('assign') ? [] : [warning('POOL_WITHOUT_MEMBERS', 'Nobody may give out leads of this pool.', 'members')];
  return may('claim') ? [] : [warning('POOL_WITHOUT_MEMBERS', 'Nobody may claim from this pool.', 'members')];
}

function limitsOf(body: Pool): LintFinding[] {
  return body.limits.flatMap((limit, index) => {
    const path = `limits[${index}]`;
    const found: LintFinding[] = [];
    if ('max' in limit && limit.max === 0) found.push(warning('LIMIT_ZERO', 'A limit of 0 stops everybody it is for.', path));
    if (limit.scope === 'group' && !body.group)
      found.push(warning('GROUP_MISSING', 'This pool is in no group: the limit counts for this pool alone.', path));
    return found;
  });
}

/** Members are named, but nobody active is behind the names. */
async function peopleOf(kit: Kit, pools: PoolDirectory, body: Pool): Promise<LintFinding[]> {
  const right = body.kind === 'assigned' ? 'assign' : 'claim';
  const named = body.members.some((row) => row.rights.includes(right) || row.rights.includes('manage'));
  if (!named || (await pools.people()).some((person) => rightsIn(body, person).has(right))) return [];
  return [warning('POOL_WITHOUT_PEOPLE', 'Nobody active is among the members who may take or give out leads of this pool.', 'members')];
}

/** Leads that go round between pools. */
function circlesOf(body: Pool, key: string, all: readonly LivePool[]): LintFinding[] {
  const others = all.filter((pool) => pool.key !== key);
  const way = (circle: readonly string[] | null): string | null => circle && [...circle, key].map((one) => `"${one}"`).join(' → ');
  const [recycled, entered] = [recycleCircle({ key, body }, others), entryCircle({ key, body }, others)].map(way);
  return [
    ...(recycled ? [warning('RECYCLE_CIRCLE', `Leads that are taken back go round: ${recycled}.`, 'recycle')] : []),
    ...(entered ? [warning('ENTRY_CIRCLE', `Entry rules send leads round: ${entered}.`, 'entry.rules')] : []),
  ];
}

/** Problems of a pool's draft beyond its shape: unknown pools, members, roles, calendars and facts; rules that cannot work. */
export async function lintPool(kit: Kit, pools: PoolDirectory, body: Pool, ownKey: string): Promise<LintFinding[]> {
  const all = await pools.all();
  const live = new Set(all.map(({ key }) => key));
  const findings: LintFinding[] = [
    ...conditionsOf(body).flatMap(({ condition, path }) =>
      kit.conditions.check(condition, 'lead').map((finding) => ({ ...finding, path })),
    ),
    ...poolKeysOf(body).flatMap(({ key, path }) =>
      live.has(key) || key === ownKey ? [] : [warning('POOL_UNKNOWN', `There is no live pool "${key}" (yet).`, path)],
    ),
    ...body.entry.rules.flatMap((rule, index) =>
      rule.to === ownKey ? [error('POOL_SAME', 'An entry rule cannot send a lead to the pool itself.', `entry.rules[${index}].to`)] : [],
    ),
    ...rulesOf(body),
    ...membersOf(body),
    ...limitsOf(body),
    ...circlesOf(body, ownKey, all),
    ...(await peopleOf(kit, pools, body)),
  ];
  if (body.calendar && !(await kit.calendar(body.calendar)))
    findings.push(error('CALENDAR_UNKNOWN', `There is no live calendar "${body.calendar}".`, 'calendar'));
  return findings;
}

/** How many leads of how many people the recycle rules of a draft would concern now (before any grace). */
export async function previewPool(kit: Kit, body: Pool, poolId: number): Promise<Record<string, unknown>> {
  const now = kit.clock.now();
  const hits = body.recycle.rules.map((rule) =>
    rule.when ? kit.conditions.compile(rule.when, 'lead', 'l', { now, actor: null }) : { sql: 'TRUE', bindings: [] },
  );
  const [row] = await many<{ held: number; people: number; inside: number; rules: number[] }>(
    kit.db,
    `SELECT count(*) FILTER (WHERE owner_id IS NOT NULL AND home_pool_id = ?)::int AS held,
            count(DISTINCT owner_id) FILTER (WHERE home_pool_id = ?)::int AS people,
            count(*) FILTER (WHERE pool_id = ? AND owner_id IS NULL)::int AS inside,
            ARRAY[${hits.map((hit) => `count(*) FILTER (WHERE owner_id IS NOT NULL AND home_pool_id = ? AND ${hit.sql})`).join(', ')}]::int[] AS rules
     FROM crm_leads l WHERE merged_into IS NULL AND ((home_pool_id = ? AND owner_id IS NOT NULL) OR pool_id = ?)`,
    [poolId, poolId, poolId, ...hits.flatMap((hit) => [poolId, ...hit.bindings]), poolId, poolId],
  );
  const rules = body.recycle.rules.map(({ key, label }, index) => ({ key, label, leads: row?.rules[index] ?? 0 }));
  return { available: row?.inside ?? 0, held: row?.held ?? 0, people: row?.people ?? 0, rules };
}
