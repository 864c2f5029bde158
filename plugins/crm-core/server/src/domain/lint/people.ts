import type { LintItem, RoleSpec } from '../../../../contracts';

export interface PersonFacts {
  readonly id: number;
  readonly name: string;
  readonly team: number | null;
  readonly manager: number | null;
  readonly roles: readonly string[];
  readonly calendarKey: string | null;
  readonly active: boolean;
  /** An account to sign in with. */
  readonly hasAccount: boolean;
}
export interface TeamFacts {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly parent: number | null;
  readonly calendarKey: string | null;
}
export interface PeopleFacts {
  readonly members: readonly PersonFacts[];
  readonly teams: readonly TeamFacts[];
  readonly roles: readonly RoleSpec[];
  /** Keys of live calendars. */
  readonly calendars: readonly string[];
}

const byTeam = (role: RoleSpec | undefined): boolean =>
  Object.values(role?.resources ?? {}).some((verbs) =>
    Object.values(verbs).some((scopes) => scopes.includes('team') || scopes.includes('teamBelow')),
  );

/** Ids that lead back to themselves by following `next`. */
export function circular(ids: readonly number[], next: (id: number) => number | null): readonly number[] {
  return ids.filter((start) => {
    const passed = new Set<number>();
    for (let at = next(start); at !== null && !passed.has(at); at = next(at)) {
      if (at === start) return true;
      passed.add(at);
    }
    return false;
  });
}

function ofMembers({ members, roles, calendars }: PeopleFacts): LintItem[] {
  const known = new Map(roles.map((role) => [role.key, role]));
  const people = new Map(members.map((member) => [member.id, member]));
  const rings = new Set(
    circular(
      members.map(({ id }) => id),
      (id) => people.get(id)?.manager ?? null,
    ),
  );
  return members
    .filter(({ active }) => active)
    .flatMap((member) => {
      const about = { resource: 'members', id: member.id, key: String(member.id), name: member.name } as const;
      const found: LintItem[] = [];
      const say = (level: LintItem['level'], code: string, message: string, path: string, values?: LintItem['values']): void =>
        void found.push({ ...about, level, code, message, path, ...(values ? { values } : {}) });
      const held = member.roles.filter((key) => known.has(key));
      for (const role of member.roles.filter((key) => !known.has(key)))
        say('error', 'MEMBER_ROLE_UNKNOWN', `Holds the role "${role}", which does not exist.`, 'roles', { role });
      if (held.length === 0) say('warning', 'MEMBER_WITHOUT_ROLE', 'Holds no role: sees nothing and can do nothing.', 'roles');
      if (member.team === null && held.some((key) => byTeam(known.get(key))))
        say('warning', 'MEMBER_WITHOUT_TEAM', 'A role reaches as far as the team, but the member is in none.', 'team');
      if (!member.hasAccount) say('warning', 'MEMBER_WITHOUT_ACCOUNT', 'Has no account to sign in with.', 'email');
      if (member.calendarKey && !calendars.includes(member.calendarKey))
        say('error', 'MEMBER_CALENDAR_UNKNOWN', `The calendar "${member.calendarKey}" is not live.`, 'calendarKey', {
          calendar: member.calendarKey,
        });
      const manager = member.manager === null ? undefined : people.get(member.manager);
      if (manager && !manager.active)
        say('warning', 'MANAGER_INACTIVE', `Reports to ${manager.name}, who is no longer active.`, 'manager', { manager: manager.name });
      if (rings.has(member.id)) say('error', 'MANAGER_CIRCLE', 'Is his own manager, directly or through others.', 'manager');
      return found;
    });
}

function ofTeams({ members, teams, calendars }: PeopleFacts): LintItem[] {
  const known = new Map(teams.map((team) => [team.id, team]));
  const rings = new Set(
    circular(
      teams.map(({ id }) => id),
      (id) => known.get(id)?.parent ?? null,
    ),
  );
  const lived = new Set(members.filter(({ active }) => active).map(({ team }) => team));
  const parents = new Set(teams.map(({ parent }) => parent));
  return teams.flatMap((team) => {
    const about = { resource: 'teams', id: team.id, key: team.key, name: team.name } as const;
    const found: LintItem[] = [];
    if (rings.has(team.id))
      found.push({ ...about, level: 'error', code: 'TEAM_CIRCLE', message: 'Stands below itself in the tree.', path: 'parent' });
    if (!lived.has(team.id) && !parents.has(team.id))
      found.push({ ...about, level: 'warning', code: 'TEAM_EMPTY', message: 'Nobody active is in this team, and no team is below it.' });
    if (team.calendarKey && !calendars.includes(team.calendarKey))
      found.push({
        ...about,
        level: 'error',
        code: 'TEAM_CALENDAR_UNKNOWN',
        message: `The calendar "${team.calendarKey}" is not live.`,
        path: 'calendarKey',
        values: { calendar: team.calendarKey },
      });
    return found;
  });
}

/** Members and teams as they stand: who cannot work, whose time cannot be counted, where the tree is none. Pure. */
export const lintPeople = (facts: PeopleFacts): readonly LintItem[] => [...ofMembers(facts), ...ofTeams(facts)];
