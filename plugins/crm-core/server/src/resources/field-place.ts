import { z } from 'zod';
import { badRequest, ENTITY_OF_LAYOUT, notFound, type CustomField, type Kit, type Layout, type ResourceVerb } from '../../../contracts';
import { withField } from '../domain/layouts';
import type { ResourceGateway } from '../services/resources';
import { many, one } from '../services/rows';

const input = z.object({
  layouts: z
    .array(z.object({ id: z.int().min(1), section: z.string().max(40).optional() }))
    .min(1)
    .max(100),
});

/**
 * `place` of fields: puts a field at the end of forms and lists that are laid out, in the section that is named. Each layout is changed through the
 * gate, with its own history.
 * @throws AppError LAYOUT_OTHER_KIND, what the gate refuses
 */
export const placeVerb = (kit: Kit, gateway: ResourceGateway): ResourceVerb => ({
  name: 'place',
  target: 'record',
  input,
  summary: 'Put a field on forms and lists that are laid out already.',
  access: 'read',
  run: async ({ actor }, ids, given) => {
    const asked = input.parse(given).layouts;
    const field = await one<Pick<CustomField, 'entity' | 'key'>>(kit.db, 'SELECT entity, key FROM crm_fields WHERE id = ?', [ids[0]]);
    if (!field) throw notFound('Field');
    const layouts = await many<Layout>(kit.db, 'SELECT id, resource, view, role, body FROM crm_layouts WHERE id = ANY(?::int[])', [
      asked.map(({ id }) => id),
    ]);
    const byId = new Map(layouts.map((layout) => [layout.id, layout]));
    for (const { id } of asked) {
      const layout = byId.get(id);
      if (!layout) throw notFound('Layout');
      if (ENTITY_OF_LAYOUT[layout.resource] !== field.entity)
        throw badRequest('LAYOUT_OTHER_KIND', 'This layout is for another kind of record.', { field: 'layouts', id });
    }
    for (const { id, section } of asked) {
      const { body } = byId.get(id)!;
      const next = withField(body, `custom.${field.key}`, section);
      if (next !== body) await gateway.update({ actor }, 'layouts', id, { body: next });
    }
    return { placed: asked.length };
  },
});
