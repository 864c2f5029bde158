/**
 * Everything an event says, in one text that is the same whenever it is written. The salt is part of it, so that what the hash covers cannot
 * be guessed from the hash; events from before there was a salt have none.
 * @param alias of crm_events
 */
export const rowHash = (alias: string): string => {
  const columns = [
    ...['id', 'subject', 'subject_id', 'type', 'before', 'after', 'data', 'actor_kind', 'actor_id', 'actor_name'],
    ...['cause_type', 'cause_id', 'cause_note', 'policy_version_id'],
  ].map((column) => `${alias}.${column}`);
  const values = `jsonb_build_array(${columns.join(', ')}, extract(epoch FROM ${alias}.at))`;
  const salt = `CASE WHEN ${alias}.salt IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(${alias}.salt) END`;
  return `encode(sha256(convert_to((${values} || ${salt})::text, 'UTF8')), 'hex')`;
};
