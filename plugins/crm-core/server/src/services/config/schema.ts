import { z } from 'zod';
import type { ConfigSection } from '../../../../contracts';

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where the product holds the id of a person, a team or a pool, text holds its name. */
const REFERENCE = {
  type: 'object',
  properties: { $ref: { type: 'string', pattern: '^(members|teams|pools):.+$' } },
  required: ['$ref'],
  additionalProperties: false,
} as const;

/** Numbers may be ids, so a name is allowed in their place; what JSON Schema cannot say is left open. */
function withReferences(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withReferences);
  if (!isRecord(schema)) return schema;
  if (schema['type'] === 'integer' || schema['type'] === 'number') return { anyOf: [schema, REFERENCE] };
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withReferences(value)]));
}

/** A zod schema as JSON Schema, as somebody writes it: what has a default may be left out. */
export function schemaOf(schema: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' });
  return withReferences(rest) as Json;
}

/** A part of the text with its definitions moved to the text's own, under names nobody else has. */
function placed(part: unknown, prefix: string, definitions: Map<string, unknown>): unknown {
  if (Array.isArray(part)) return part.map((item) => placed(item, prefix, definitions));
  if (!isRecord(part)) return part;
  const own = part['$defs'];
  if (isRecord(own))
    for (const [name, value] of Object.entries(own)) definitions.set(`${prefix}.${name}`, placed(value, prefix, definitions));
  return Object.fromEntries(
    Object.entries(part)
      .filter(([key]) => key !== '$defs')
      .map(([key, value]) => [
        key,
        key === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', `#/$defs/${prefix}.`) : placed(value, prefix, definitions),
      ]),
  );
}

/** What a whole configuration text looks like: for editors that complete and check it while somebody writes. Sections without a schema are open. */
export function textSchema(sections: readonly Pick<ConfigSection, 'key' | 'schema'>[], form: number): Json {
  const definitions = new Map<string, unknown>();
  const arrays = sections.map(({ key, schema }) => {
    const items = schema ? placed(schema(), key, definitions) : { type: 'object' };
    return [key, { type: 'array', items }] as const;
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Leadsea configuration',
    type: 'object',
    required: ['leadsea'],
    properties: { leadsea: { const: form }, ...Object.fromEntries(arrays) },
    additionalProperties: false,
    $defs: Object.fromEntries(definitions),
  };
}
