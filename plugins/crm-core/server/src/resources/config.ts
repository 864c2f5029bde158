import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { badRequest, type HostContext, type Kit, type VerbContext } from '../../../contracts';
import type { FullConfigService } from '../services/config';
import type { NoticeRoute } from './notices';

const request = z.object({
  bundle: z.union([z.string().max(5_000_000), z.record(z.string(), z.unknown())]),
  prune: z.boolean().default(false),
  base: z.string().max(64).optional(),
});

/** YAML or JSON, as text or as an object. @throws AppError CONFIG_UNREADABLE with the line */
function bundleOf(given: z.infer<typeof request>['bundle']): unknown {
  if (typeof given !== 'string') return given;
  try {
    return parse(given, { maxAliasCount: 100 }) as unknown;
  } catch (error) {
    throw badRequest('CONFIG_UNREADABLE', `The text cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`);
  }
}

/** `GET /config?format=yaml|json&sections=a,b`, `GET /config/schema` (JSON Schema of the text), `POST /config/plan`, `POST /config/apply { bundle, prune, base }`. */
export function configRoutes(kit: Kit, config: FullConfigService): readonly NoticeRoute[] {
  const { access } = kit;
  const read = async (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    access.assert(actor, 'config', 'read');
    const { format, sections } = ctx.query;
    const bundle = await config.export(actor, typeof sections === 'string' && sections !== '' ? sections.split(',') : undefined);
    if (format === 'json') {
      ctx.body = bundle;
      return;
    }
    ctx.set('Content-Disposition', 'attachment; filename="leadsea.yaml"');
    ctx.body = stringify(bundle, { lineWidth: 0, aliasDuplicateObjects: false });
    ctx.type = 'application/yaml; charset=utf-8';
  };
  const schema = (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    access.assert(actor, 'config', 'read');
    ctx.body = config.schema();
    ctx.type = 'application/schema+json; charset=utf-8';
    return Promise.resolve();
  };
  const plan = async (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    access.assert(actor, 'config', 'read');
    const { bundle, prune } = request.parse(ctx.request.body ?? {});
    ctx.body = await config.plan(actor, bundleOf(bundle), { prune });
  };
  const apply = async (ctx: HostContext, context: VerbContext): Promise<void> => {
    access.assert(context.actor, 'config', 'update');
    const { bundle, prune, base } = request.parse(ctx.request.body ?? {});
    ctx.body = await config.apply(context, bundleOf(bundle), { prune, ...(base === undefined ? {} : { base }) });
  };
  return [
    { method: 'GET', path: '/config', handler: read },
    { method: 'GET', path: '/config/schema', handler: schema },
    { method: 'POST', path: '/config/plan', handler: plan },
    { method: 'POST', path: '/config/apply', handler: apply },
  ];
}
