import { AppError, badRequest, many, notFound, one } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { SplitRule } from '../../../contracts';
import { splitLeads, type Assignment, type Destination } from '../domain/handover';
import type { LivePool, PoolDirectory } from './pools';

export interface HandedRow {
  readonly id: number;
  readonly stage: string;
  readonly home_pool_id: number | null;
  /** Whose lead it is, when the person himself only keeps it. */
  readonly kept_for_id: number | null;
  readonly meeting: boolean;
  readonly opportunity: boolean;
  readonly guarded: boolean;
  readonly in_reach: boolean;
  readonly hits: readonly boolean[];
}

export interface HandoverPlan {
  readonly rows: readonly HandedRow[];
  readonly outOfReach: number;
  readonly assignments: readonly Assignment[];
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly member?: number }[];
}

interface Candidate {
  readonly id: number;
  readonly name: string;
  readonly active: boolean;
  readonly team_id: number | null;
  readonly away: boolean;
}

export interface HandoverQuestion {
  readonly member: number;
  readonly split: readonly SplitRule[];
  readonly at: Date;
}

/** Who the leads of a rule may go to: at work, not the person himself; of a team also not those who are away then. */
async function peopleOf(
  db: Knex | Knex.Transaction,
  { split, at }: HandoverQuestion,
): Promise<(where: { ids?: readonly number[]; team?: number }) => readonly Candidate[]> {
  const ids = split.flatMap(({ to }) =>
    to.type === 'member' ? [to.id] : to.type === 'shares' ? to.shares.map((share) => share.member) : [],
  );
  const teams = split.flatMap(({ to }) => (to.type === 'team' ? [to.id] : []));
  const rows = await many<Candidate>(
    db,
    `SELECT id, name, coalesce(active, false) AS active, team_id, coalesce(leave_from <= ? AND leave_to > ?, false) AS away
     FROM crm_members WHERE id = ANY(?::int[]) OR team_id = ANY(?::int[]) ORDER BY id`,
    [at, at, ids, teams],
  );
  return ({ ids: wanted, team }) => rows.filter((row) => (wanted ? wanted.includes(row.id) : row.team_id === team));
}

/** The rules with their people and pools resolved, and what the person who plans should know. */
async function resolve(
  kit: Kit,
  pools: PoolDirectory,
  actor: Actor,
  question: HandoverQuestion,
): Promise<{ destinations: Destination[]; warnings: HandoverPlan['warnings'] }> {
  const find = await peopleOf(kit.db, question);
  const warnings: HandoverPlan['warnings'][number][] = [];
  const own = actor.memberId === question.member;
  const byHand = (id: number, weight: number): { id: number; weight: number } => {
    const [person] = find({ ids: [id] });
    if (!person?.active || id === question.member)
      throw badRequest('OWNER_UNKNOWN', 'This person is not an active member, or the one who hands over.', { field: 'split', member: id });
    if (own && person.team_id !== actor.teamId && !kit.access.can(actor, 'pools', 'update'))
      throw new AppError('FORBIDDEN', 403, 'You may hand your leads to colleagues of your own team only.', { field: 'split', member: id });
    if (person.away) warnings.push({ code: 'TARGET_ON_LEAVE', message: `${person.name} is on leave then.`, member: id });
    return { id, weight };
  };
  const live = await pools.all();
  const destinations: Destination[] = [];
  for (const { to } of question.split) {
    switch (to.type) {
      case 'member':
        destinations.push({ type: 'people', people: [byHand(to.id, 1)] });
        break;
      case 'shares':
        destinations.push({ type: 'people', people: to.shares.map((share) => byHand(share.member, share.weight)) });
        break;
      case 'team': {
        if (own && to.id !== actor.teamId && !kit.access.can(actor, 'pools', 'update'))
          throw new AppError('FORBIDDEN', 403, 'You may hand your leads to your own team only.', { field: 'split', team: to.id });
        const team = find({ team: to.id }).filter((person) => person.active && !person.away && person.id !== question.member);
        if (team.length === 0) warnings.push({ code: 'TEAM_EMPTY', message: 'Nobody of this team is at work then.' });
        destinations.push({ type: 'people', people: team.map((person) => ({ id: person.id, weight: 1 })) });
        break;
      }
      case 'pool':
        if (!live.some((pool) => pool.policyId === to.id))
          throw badRequest('POOL_UNKNOWN', 'This pool does not exist or is not live.', { field: 'split' });
        destinations.push({ type: 'pool', pool: to.id });
        break;
      case 'home':
        destinations.push({ type: 'home' });
        break;
    }
  }
  return { destinations, warnings };
}

/** The open leads of a person, best first, with what is attached to them and which rules fit. One statement. */
async function leadsOf(
  kit: Kit,
  db: Knex | Knex.Transaction,
  actor: Actor,
  question: HandoverQuestion,
  lock: boolean,
): Promise<HandedRow[]> {
  const context = { now: question.at, actor: null };
  const always = { sql: 'TRUE', bindings: [] };
  const compiled = question.split.map(({ when }) => (when ? kit.conditions.compile(when, 'lead', 'l', context) : always));
  const scope = actor.memberId === question.member || actor.kind !== 'member' ? always : kit.access.scope(actor, 'leads', 'assign', 'l');
  if (lock)
    await db.raw('SELECT 1 FROM crm_leads WHERE owner_id = ? AND merged_into IS NULL ORDER BY id FOR NO KEY UPDATE', [question.member]);
  return many<HandedRow>(
    db,
    `SELECT l.id, l.stage, l.home_pool_id, l.kept_for_id, coalesce(l.protected_until > ?, false) AS guarded, coalesce(l.next_action_at > ?, false) AS meeting,
            EXISTS (SELECT 1 FROM crm_opportunities o WHERE o.lead_id = l.id AND o.stage NOT IN ('won', 'lost') AND o.closed_at IS NULL) AS opportunity,
            coalesce(${scope.sql}, false) AS in_reach, ARRAY[${compiled.map((one) => `(${one.sql})`).join(', ')}]::boolean[] AS hits
     FROM crm_leads l WHERE l.owner_id = ? AND l.merged_into IS NULL AND l.stage <> ALL(?::text[])
     ORDER BY l.score DESC NULLS LAST, l.id`,
    [
      question.at,
      question.at,
      ...scope.bindings,
      ...compiled.flatMap((one) => [...one.bindings]),
      question.member,
      [...(await closedStages(kit))],
    ],
  );
}

/** Who gets which lead if the hand-over began at `question.at`. */
export async function planHandover(
  kit: Kit,
  pools: PoolDirectory,
  actor: Actor,
  question: HandoverQuestion,
  { db = kit.db, lock = false }: { readonly db?: Knex | Knex.Transaction; readonly lock?: boolean } = {},
): Promise<HandoverPlan> {
  const { destinations, warnings } = await resolve(kit, pools, actor, question);
  const rows = await leadsOf(kit, db, actor, question, lock);
  const reach = rows.filter((row) => row.in_reach);
  const live = await pools.all();
  const home = (id: number | null): LivePool | undefined =>
    live.find((pool) => pool.policyId === id) ?? live.find((pool) => pool.body.isDefault);
  const assignments = splitLeads(
    reach.map((row) => ({ id: row.id, homePool: home(row.home_pool_id)?.policyId ?? null, fits: row.hits })),
    destinations,
  );
  const left = assignments.filter((one) => one.rule === null).length;
  return {
    rows: reach,
    outOfReach: rows.length - reach.length,
    assignments,
    warnings: left > 0 ? [...warnings, { code: 'NO_RULE', message: `${left} leads fit no rule and stay.` }] : warnings,
  };
}

export interface AwayPerson {
  readonly id: number;
  readonly name: string;
  readonly leave_from: Date | null;
  readonly leave_to: Date | null;
  readonly calendar_key: string | null;
  readonly active: boolean;
  readonly team_id: number | null;
}

export async function getAway(db: Knex | Knex.Transaction, id: number): Promise<AwayPerson> {
  const row = await one<AwayPerson>(
    db,
    `SELECT m.id, m.name, m.leave_from, m.leave_to, coalesce(m.calendar_key, t.calendar_key) AS calendar_key, coalesce(m.active, false) AS active, m.team_id
     FROM crm_members m LEFT JOIN crm_teams t ON t.id = m.team_id WHERE m.id = ?`,
    [id],
  );
  if (!row) throw notFound('Member');
  return row;
}
