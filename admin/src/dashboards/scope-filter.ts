import { useMe, useMeta } from '../api/session-context';
import type { Who } from './api';

/** The teams a report over `team` counts: one's own with those below it; null for all. */
const useScopeTeams = (who: Who): readonly number[] | null => {
  const { member } = useMe();
  const { teams } = useMeta();
  if (who !== 'team' || member.teamId === null) return null;
  const below = new Set<number>([member.teamId]);
  for (let grown = true; grown;) {
    grown = false;
    for (const team of teams)
      if (team.parent !== null && team.parent !== undefined && below.has(team.parent) && !below.has(team.id)) {
        below.add(team.id);
        grown = true;
      }
  }
  return [...below];
};

/** The list's filter that says whose leads a report counted. */
export const useScopeFilter = (who: Who): Record<string, unknown> => {
  const { member } = useMe();
  const teams = useScopeTeams(who);
  if (who === 'me') return { owner_in: [member.id] };
  return teams ? { team_in: [...teams] } : {};
};

/** Whose promises are counted, where leads are not asked for their team; null for everybody's. */
export const useScopePeople = (who: Who): readonly number[] | null => {
  const { member } = useMe();
  const { members } = useMeta();
  const teams = useScopeTeams(who);
  if (who === 'me') return [member.id];
  return teams && members.filter(({ teamId }) => teamId !== null && teams.includes(teamId)).map(({ id }) => id);
};
