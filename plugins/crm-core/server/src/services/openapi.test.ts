import { z } from 'zod';
import type { ResourceDefinition, ResourceVerb } from '../../../contracts';
import { buildOpenApi } from './openapi';

const claim: ResourceVerb = {
  name: 'claim',
  target: 'record',
  input: z.object({ reason: z.string().optional() }),
  summary: 'Claim',
  run: async () => null,
};
const explain: ResourceVerb = {
  name: 'explain/score',
  target: 'record',
  method: 'GET',
  input: z.object({ at: z.iso.datetime() }),
  summary: 'Why this score',
  run: async () => null,
};
const start: ResourceVerb = {
  name: 'start',
  target: 'collection',
  input: z.object({ on: z.string().transform((text) => new Date(text)) }),
  summary: 'Start',
  run: async () => null,
};
const leads: ResourceDefinition = {
  name: 'leads',
  table: 'crm_leads',
  fields: [
    { name: 'id', type: 'id' },
    { name: 'stage', type: 'select', writable: true, options: [{ value: 'new', label: { zh: '新', en: 'New' } }] },
  ],
  dynamicFields: () => [{ name: 'custom.budget', type: 'number', writable: true }],
  update: async () => undefined,
  verbs: [claim, explain, start],
};

test('the document names every path a definition serves, and no other', () => {
  const document = JSON.parse(JSON.stringify(buildOpenApi([leads]))) as {
    openapi: string;
    paths: Record<string, Record<string, unknown>>;
    components: { schemas: Record<string, unknown> };
  };
  expect(document.openapi).toBe('3.1.0');
  expect(
    Object.entries(document.paths).map(
      ([path, methods]) =>
        `${path} ${Object.keys(methods)
          .filter((key) => key !== 'parameters')
          .join(' ')}`,
    ),
  ).toEqual([
    '/api/console/leads get',
    '/api/console/leads/{id} get put',
    '/api/console/leads/{id}/claim post',
    '/api/console/leads/claim post',
    '/api/console/leads/{id}/explain/score get',
    '/api/console/leads/start post',
  ]);
  expect(document.components.schemas['leads']).toMatchObject({
    properties: {
      id: { type: 'integer', readOnly: true },
      stage: { type: ['string', 'null'], enum: ['new', null] },
      custom: { properties: { budget: { type: ['number', 'null'] } } },
    },
  });
  expect(document.paths['/api/console/leads/{id}/explain/score']?.['get']).toMatchObject({
    parameters: [{ name: 'at', in: 'query', required: true }],
  });
});
