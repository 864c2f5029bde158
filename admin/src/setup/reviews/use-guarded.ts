import { useMeta } from '../../api/session-context';

/** Whether changes of this resource wait for a second person. */
export const useIsGuarded = (resource: string): boolean => useMeta().fourEyes?.includes(resource) ?? false;
