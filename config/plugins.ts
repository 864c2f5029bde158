import path from 'node:path';

interface Env {
  (key: string, fallback?: string): string;
}

/** Plugins are found by name through the workspace; `crm-core` comes first because the others build on it. */
export default ({ env }: { env: Env }): Record<string, unknown> => ({
  'users-permissions': { config: { jwtSecret: env('JWT_SECRET'), jwt: { expiresIn: '7d' } } },
  'crm-core': {
    enabled: true,
    config: { consoleDir: path.join(process.cwd(), 'admin/dist'), guardDocuments: env('LEADSEA_GUARD', '1') !== '0' },
  },
  leads: { enabled: true, config: { country: env('LEADSEA_COUNTRY', 'CN') } },
});
