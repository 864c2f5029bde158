import { z } from 'zod';
import type { ResourceDefinition, ResourceField, ResourceVerb } from '../../../contracts';

type Json = Readonly<Record<string, unknown>>;

const FORMATS: Readonly<Record<ResourceField['type'], Json>> = {
  id: { type: 'integer' },
  text: { type: 'string' },
  number: { type: 'number' },
  money: { type: 'number' },
  boolean: { type: 'boolean' },
  datetime: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  select: { type: 'string' },
  multiselect: { type: 'array', items: { type: 'string' } },
  reference: { type: 'integer' },
  json: {},
};

function fieldSchema(field: ResourceField): Json {
  const base = FORMATS[field.type];
  const choices = field.type === 'select' && field.options ? { enum: [...field.options.map((option) => option.value), null] } : {};
  return {
    ...base,
    ...(typeof base['type'] === 'string' && field.name !== 'id' && { type: [base['type'], 'null'] }),
    ...choices,
    ...(field.label && { title: field.label.en }),
    ...(field.reference && { description: `Id in ${field.reference}` }),
    ...(field.writable !== true && { readOnly: true }),
  };
}

/** `custom.<key>` fields become one nested object, as they are sent. */
function recordSchema(fields: readonly ResourceField[]): Json {
  const plain = fields.filter((field) => !field.name.startsWith('custom.'));
  const custom = fields.filter((field) => field.name.startsWith('custom.'));
  const properties = Object.fromEntries(plain.map((field) => [field.name, fieldSchema(field)]));
  const nested = Object.fromEntries(custom.map((field) => [field.name.slice('custom.'.length), fieldSchema(field)]));
  return {
    type: 'object',
    properties: {
      ...properties,
      ...(custom.length > 0 && { custom: { type: 'object', properties: nested } }),
      _masked: { type: 'array', items: { type: 'string' }, readOnly: true, description: 'Fields shown masked' },
    },
  };
}

const ERROR = { $ref: '#/components/responses/Error' };
const json = (schema: Json, description: string): Json => ({ description, content: { 'application/json': { schema } } });
const answers = (schema: Json, description: string): Json => ({ 200: json(schema, description), default: ERROR });
const body = (schema: Json): Json => ({ required: true, content: { 'application/json': { schema } } });

/** What a schema cannot say in JSON Schema (dates made from text, refinements) is left open. */
function inputSchema(verb: ResourceVerb): Json {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(verb.input, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' });
  return schema;
}

const withIds = (schema: Json): Json => ({
  allOf: [
    {
      type: 'object',
      required: ['ids'],
      properties: { ids: { type: 'array', minItems: 1, maxItems: 10_000, items: { type: 'integer' } } },
    },
    schema,
  ],
});

const ID_PARAMETER = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } };
const parameter = (name: string, description: string): Json => ({ name, in: 'query', schema: { type: 'string' }, description });

const LIST_PARAMETERS = [
  parameter(
    'filter',
    'JSON object. Keys are fields, optionally with _gte _lte _gt _lt _like _in _nin _null _ne; `q` searches; `where` is a condition tree.',
  ),
  parameter('range', 'JSON [first, last], both inclusive, 1,000 rows at most.'),
  parameter('sort', 'JSON [field, "ASC" or "DESC"].'),
];

function queryParameters(verb: ResourceVerb): readonly Json[] {
  const schema = inputSchema(verb);
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Json>>;
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.entries(properties).map(([name, property]) => ({ name, in: 'query', required: required.includes(name), schema: property }));
}

function operation(resource: string, verb: ResourceVerb, form: 'record' | 'bulk' | 'collection'): Json {
  const schema = inputSchema(verb);
  const input =
    verb.method === 'GET' ? { parameters: queryParameters(verb) } : { requestBody: body(form === 'bulk' ? withIds(schema) : schema) };
  return {
    tags: [resource],
    operationId: `${resource}.${verb.name}${form === 'bulk' ? '.bulk' : ''}`,
    summary: verb.summary,
    ...input,
    responses: answers(
      form === 'bulk' ? { $ref: '#/components/schemas/BulkAnswer' } : {},
      form === 'bulk' ? 'An answer per id' : 'The answer',
    ),
  };
}

function verbPaths(definition: ResourceDefinition, prefix: string): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  const add = (path: string, method: string, value: Json): void => {
    paths[path] = { ...paths[path], [method]: value };
  };
  for (const verb of definition.verbs ?? []) {
    const method = (verb.method ?? 'POST').toLowerCase();
    const root = `${prefix}/${definition.name}`;
    if (verb.target === 'collection') {
      add(`${root}/${verb.name}`, method, operation(definition.name, verb, 'collection'));
      continue;
    }
    paths[`${root}/{id}/${verb.name}`] = { ...paths[`${root}/{id}/${verb.name}`], parameters: [ID_PARAMETER] };
    add(`${root}/{id}/${verb.name}`, method, operation(definition.name, verb, 'record'));
    if (method === 'post') add(`${root}/${verb.name}`, method, operation(definition.name, verb, 'bulk'));
  }
  return paths;
}

function resourcePaths(definition: ResourceDefinition, prefix: string): Record<string, unknown> {
  const { name } = definition;
  const record = { $ref: `#/components/schemas/${name}` };
  const common = (action: string, summary: string): Json => ({ tags: [name], operationId: `${name}.${action}`, summary });
  const list = {
    ...common('list', `List ${name}`),
    parameters: LIST_PARAMETERS,
    responses: {
      200: {
        ...json({ type: 'array', items: record }, 'A page'),
        headers: {
          'Content-Range': { schema: { type: 'string' }, description: `${name} first-last/total` },
          'X-Total-Estimated': {
            schema: { type: 'string' },
            description: '"true" when the total is an estimate (more than 10,000 rows match)',
          },
          'X-Search': {
            schema: { type: 'string' },
            description: '"beginnings" when "q" has one or two letters and was looked for at the beginnings of words only',
          },
        },
      },
      default: ERROR,
    },
  };
  return {
    [`${prefix}/${name}`]: {
      get: list,
      ...(definition.create && {
        post: { ...common('create', `Create in ${name}`), requestBody: body(record), responses: answers(record, 'The new record') },
      }),
    },
    [`${prefix}/${name}/{id}`]: {
      parameters: [ID_PARAMETER],
      get: { ...common('get', `Read one of ${name}`), responses: answers(record, 'The record') },
      ...(definition.update && {
        put: { ...common('update', `Change one of ${name}`), requestBody: body(record), responses: answers(record, 'The changed record') },
      }),
      ...(definition.remove && {
        delete: { ...common('delete', `Delete one of ${name}`), responses: answers(record, 'The deleted record') },
      }),
    },
    ...verbPaths(definition, prefix),
  };
}

const COMPONENT_SCHEMAS = {
  BulkAnswer: {
    type: 'object',
    required: ['results'],
    properties: {
      results: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'ok'],
          properties: { id: { type: 'integer' }, ok: { type: 'boolean' }, code: { type: 'string' }, message: { type: 'string' } },
        },
      },
    },
  },
  Error: {
    type: 'object',
    required: ['data', 'error'],
    properties: {
      data: { type: 'null' },
      error: {
        type: 'object',
        required: ['status', 'name', 'message', 'details'],
        properties: {
          status: { type: 'integer' },
          name: { type: 'string' },
          message: { type: 'string' },
          details: { type: 'object', required: ['code'], properties: { code: { type: 'string' } } },
        },
      },
    },
  },
};

/** OpenAPI 3.1 of the generic console API, from the same definitions and zod schemas that serve it. */
export function buildOpenApi(
  definitions: readonly ResourceDefinition[],
  options: { readonly prefix?: string; readonly version?: string } = {},
): Json {
  const prefix = options.prefix ?? '/api/console';
  const schemas = definitions.map(
    (definition) => [definition.name, recordSchema([...definition.fields, ...(definition.dynamicFields?.() ?? [])])] as const,
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Leadsea console API', version: options.version ?? '0.1.0' },
    security: [{ bearer: [] }],
    tags: definitions.map((definition) => ({ name: definition.name })),
    paths: Object.assign({}, ...definitions.map((definition) => resourcePaths(definition, prefix))) as Json,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { ...COMPONENT_SCHEMAS, ...Object.fromEntries(schemas) },
      responses: { Error: json({ $ref: '#/components/schemas/Error' }, 'Refused: see error.details.code') },
    },
  };
}
