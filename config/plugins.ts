import path from 'node:path';

interface Env {
  (key: string, fallback?: string): string;
}

/** Plugins of an implementer that are no packages: `name=folder`, comma-separated, folders from the root of the project. */
const own = (list: string): Record<string, unknown> =>
  Object.fromEntries(
    list.split(',').flatMap((entry) => {
      const [name, folder] = entry.split('=').map((part) => part.trim());
      return name && folder ? [[name, { enabled: true, resolve: folder }]] : [];
    }),
  );

/** Plugins are found by name through the workspace; `crm-core` comes first because the others build on it. */
export default ({ env }: { env: Env }): Record<string, unknown> => ({
  'users-permissions': { config: { jwtSecret: env('JWT_SECRET'), jwt: { expiresIn: '7d' } } },
  'crm-core': {
    enabled: true,
    config: { consoleDir: path.join(process.cwd(), 'admin/dist'), guardDocuments: env('LEADSEA_GUARD', '1') !== '0' },
  },
  leads: { enabled: true, config: { country: env('LEADSEA_COUNTRY', 'CN') } },
  ...own(env('LEADSEA_PLUGINS', '')),
});
