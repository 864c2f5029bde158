import { useMe, useMeta } from '../api/session-context';
import type { Who } from './api';

/** The list's filter that says whose leads a report counted. */
export const useScopeFilter = (who: Who): Record<string, unknown> => {
  const { member } = useMe();
  const { teams } = useMeta();
  if (who === 'me') return { owner_in: [member.id] };
  if (who === 'all' || member.teamId === null) return {};
  const below = new Set<number>([member.teamId]);
  for (let grown = true; grown;) {
    grown = false;
    for (const team of teams)
      if (team.parent !== null && team.parent !== undefined && below.has(team.parent) && !below.has(team.id)) {
        below.add(team.id);
        grown = true;
      }
  }
  return { team_in: [...below] };
};
