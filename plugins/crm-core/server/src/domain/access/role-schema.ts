import { z } from 'zod';
import { badRequest, ROW_SCOPES } from '../../../../contracts';

const name = z.string().min(1).max(80);
const limit = z.record(
  z.string().regex(/^(custom\.[a-z][a-z0-9_]*|[a-z][A-Za-z0-9]*)$/, 'A field as lists name it.'),
  z.array(z.string().min(1).max(200)).min(1).max(200),
);

/** The parts of a role that say what may be done. Verbs and resources are open: plugins bring their own. */
const parts = {
  resources: z.record(name, z.record(name, z.array(z.enum(ROW_SCOPES)).max(ROW_SCOPES.length))),
  fields: z.record(name, z.record(name, z.enum(['hidden', 'masked', 'read', 'write']))),
  only: z.record(name, limit),
  revealPerDay: z.number().int().min(0).max(1_000_000).nullable(),
} as const;

/**
 * Checks what is given of a role, as the console and configuration text write it.
 * @throws AppError ROLE_INVALID with the path of every problem
 */
export function assertRole(values: Readonly<Record<string, unknown>>): void {
  const issues = Object.entries(parts).flatMap(([part, schema]) => {
    const value = values[part];
    if (value === undefined || value === null) return [];
    const parsed = schema.safeParse(value);
    return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => ({ path: [part, ...path].join('.'), message }));
  });
  const [first] = issues;
  if (first) throw badRequest('ROLE_INVALID', `The role is not valid: ${first.path}: ${first.message}`, { issues, field: first.path });
}
