import type { Knex } from 'knex';
import { AppError, notFound } from '../../../contracts';
import type { Actor, PoolAccess } from '../../../contracts';
import { many, one } from './rows';

interface MemberRow {
  id: number;
  name: string;
  email: string;
  user_id: number | null;
  team_id: number | null;
  roles: string[] | null;
  time_zone: string | null;
  locale: string | null;
  active: boolean;
}

type PoolSource = (member: { id: number; teamIds: readonly number[]; roles: readonly string[] }) => Promise<readonly number[] | PoolAccess>;

const isList = (answer: readonly number[] | PoolAccess): answer is readonly number[] => Array.isArray(answer);
const ascending = (ids: readonly number[]): number[] => [...new Set(ids)].sort((a, b) => a - b);

/** What all sources say together: pools seen, and per verb that any of them names the pools in which it may be used. */
function poolAccess(answers: readonly (readonly number[] | PoolAccess)[]): Pick<Actor, 'poolIds' | 'poolVerbs' | 'poolFields'> {
  const known = answers.map((answer): PoolAccess => (isList(answer) ? { seen: answer, verbs: {} } : answer));
  const verbs = new Set(known.flatMap((answer) => Object.keys(answer.verbs)));
  return {
    poolIds: ascending(known.flatMap((answer) => answer.seen)),
    poolFields: known.flatMap((answer) => answer.fields ?? []),
    poolVerbs: Object.fromEntries(
      [...verbs].map((verb) => [verb, ascending(known.flatMap((answer) => answer.verbs[verb] ?? answer.seen))]),
    ),
  };
}

/** Loads members as actors and keeps them until members, teams or policies change (NOTIFY) or thirty seconds have passed. */
export interface ActorService {
  system(name?: string): Actor;
  member(memberId: number): Promise<Actor>;
  /** @throws AppError UNAUTHENTICATED when the user has no active member profile. */
  byUser(userId: number): Promise<Actor>;
  addPoolSource(source: PoolSource): void;
  invalidate(): void;
}

const KEEP_MS = 30_000;

const SYSTEM: Actor = {
  kind: 'system',
  memberId: null,
  name: 'Leadsea',
  teamId: null,
  teamIds: [],
  roles: [],
  poolIds: [],
  timeZone: 'UTC',
  locale: 'en',
};

export function createActorService(db: Knex): ActorService {
  const sources: PoolSource[] = [];
  const byMember = new Map<number, { at: number; actor: Promise<Actor> }>();
  const userToMember = new Map<number, number>();

  const load = async (row: MemberRow): Promise<Actor> => {
    const teams =
      row.team_id === null
        ? []
        : await many<{ id: number }>(
            db,
            `WITH RECURSIVE below AS (SELECT id FROM crm_teams WHERE id = ? UNION SELECT t.id FROM crm_teams t JOIN below b ON t.parent_id = b.id) SELECT id FROM below ORDER BY id`,
            [row.team_id],
          );
    const teamIds = teams.map((team) => team.id);
    const roles = row.roles ?? [];
    const pools = await Promise.all(sources.map((source) => source({ id: row.id, teamIds, roles })));
    return {
      kind: 'member',
      memberId: row.id,
      name: row.name,
      teamId: row.team_id,
      teamIds,
      roles,
      ...poolAccess(pools),
      timeZone: row.time_zone ?? 'Asia/Shanghai',
      locale: row.locale === 'en' ? 'en' : 'zh',
    };
  };

  const columns = 'id, name, email, user_id, team_id, roles, time_zone, locale, active';

  const member = (memberId: number): Promise<Actor> => {
    const known = byMember.get(memberId);
    if (known && Date.now() - known.at < KEEP_MS) return known.actor;
    const actor = one<MemberRow>(db, `SELECT ${columns} FROM crm_members WHERE id = ? AND active`, [memberId]).then((row) => {
      if (!row) throw notFound('Member');
      return load(row);
    });
    actor.catch(() => byMember.delete(memberId));
    byMember.set(memberId, { at: Date.now(), actor });
    return actor;
  };

  return {
    system: (name) => (name ? { ...SYSTEM, name } : SYSTEM),
    member,
    byUser: async (userId) => {
      const known = userToMember.get(userId);
      if (known !== undefined) return member(known);
      const row = await one<{ id: number }>(db, 'SELECT id FROM crm_members WHERE user_id = ? AND active', [userId]);
      if (!row) throw new AppError('UNAUTHENTICATED', 401, 'This account has no active member profile. Ask an administrator.');
      userToMember.set(userId, row.id);
      return member(row.id);
    },
    addPoolSource: (source) => {
      sources.push(source);
    },
    invalidate: () => {
      byMember.clear();
      userToMember.clear();
    },
  };
}
