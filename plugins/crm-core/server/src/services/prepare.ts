import { createHash } from 'node:crypto';
import type { Client, QueryConfig } from 'pg';

/** Statements a server keeps per connection; what is asked beyond that is planned each time. */
const MOST = 400;
/** A statement is prepared once it has come back: filters a person clicks together are mostly asked once. */
const AFTER = 3;

type Query = (config: unknown, ...rest: unknown[]) => unknown;

const isConfig = (value: unknown): value is QueryConfig =>
  typeof value === 'object' && value !== null && typeof (value as { text?: unknown }).text === 'string' && !('submit' in value);

/**
 * Names the statements of transactions that come back, so that PostgreSQL parses and plans each once per connection instead of once per use:
 * the statements of the door are long and short-lived, and planning them costs as much as running them. Lists are asked outside of
 * transactions and are planned for what they ask. A pooler between server and database that does not keep prepared statements needs
 * `LEADSEA_PREPARE=0`.
 * @returns for knex `pool.afterCreate`
 */
export function createPreparer(): (connection: Client) => void {
  const seen = new Map<string, { uses: number; name: string | null }>();
  let named = 0;

  const nameOf = (text: string): string | null => {
    let known = seen.get(text);
    if (!known) {
      if (seen.size >= 10 * MOST) for (const [key, one] of seen) if (one.name === null) seen.delete(key);
      known = { uses: 0, name: null };
      seen.set(text, known);
    }
    if (known.name !== null) return known.name;
    known.uses += 1;
    if (known.uses < AFTER || named >= MOST) return null;
    named += 1;
    known.name = `ls_${createHash('sha1').update(text).digest('base64url')}`;
    return known.name;
  };

  return (connection) => {
    const send = connection.query.bind(connection) as Query;
    let within = false;
    const query: Query = (config, ...rest) => {
      if (isConfig(config) && /^(?:BEGIN|COMMIT|ROLLBACK);?$/.test(config.text)) within = config.text.startsWith('BEGIN');
      const name = within && isConfig(config) && (config.values?.length ?? 0) > 0 ? nameOf(config.text) : null;
      return send(name === null ? config : { ...(config as QueryConfig), name }, ...rest);
    };
    Object.assign(connection, { query });
  };
}
