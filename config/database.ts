interface Env {
  (key: string, fallback?: string): string;
  int(key: string, fallback: number): number;
}

/** PostgreSQL only: conditions, queues and locks are its own. */
export default ({ env }: { env: Env }): Record<string, unknown> => ({
  connection: {
    client: 'postgres',
    connection: { connectionString: env('DATABASE_URL') },
    pool: { min: 2, max: env.int('DATABASE_POOL', 6) },
    acquireConnectionTimeout: 20_000,
  },
});
