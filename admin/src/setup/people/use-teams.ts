import { useMeta } from '../../api/session-context';
import type { Choice } from '../kit/inputs';

/** Teams by id. */
export const useTeamsById = (): readonly Choice[] => useMeta().teams.map((team) => ({ value: String(team.id), label: team.name }));
