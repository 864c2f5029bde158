import type { Knex } from 'knex';
import { z } from 'zod';
import { notFound } from '../../../contracts';
import type { ResourceDefinition } from '../../../contracts';
import { insertRow } from '../services/rows';

/** What belongs to one person: notices and saved views; and what the product keeps: history, decisions, jobs. */
export function personalResources(db: Knex): readonly ResourceDefinition[] {
  return [
    {
      name: 'notifications',
      table: 'crm_notifications',
      rows: { owner: 'member_id', team: null, pool: null },
      fields: [
        { name: 'id', type: 'id' },
        { name: 'type', type: 'text' },
        { name: 'subject', type: 'text' },
        { name: 'subjectId', type: 'number' },
        { name: 'title', type: 'json' },
        { name: 'body', type: 'json' },
        { name: 'link', type: 'text' },
        { name: 'readAt', type: 'datetime' },
        { name: 'at', type: 'datetime' },
      ],
      defaultSort: ['id', 'DESC'],
      verbs: [
        {
          name: 'read',
          target: 'record',
          input: z.object({}),
          summary: 'Mark as read.',
          access: 'read',
          run: async ({ now }, ids) => {
            await db.raw('UPDATE crm_notifications SET read_at = coalesce(read_at, ?) WHERE id = ANY(?::bigint[])', [now, [...ids]]);
            return { results: ids.map((id) => ({ id, ok: true })) };
          },
        },
        {
          name: 'read-all',
          target: 'collection',
          input: z.object({}),
          summary: 'Mark everything in my inbox as read.',
          access: 'read',
          run: async ({ actor, now }) => {
            const { rowCount } = await db.raw<{ rowCount: number }>(
              'UPDATE crm_notifications SET read_at = ? WHERE member_id = ? AND read_at IS NULL',
              [now, actor.memberId],
            );
            await db.raw(`SELECT pg_notify('crm_notices', ?)`, [JSON.stringify([actor.memberId])]);
            return { read: rowCount };
          },
        },
      ],
    },
    {
      name: 'saved-views',
      table: 'crm_saved_views',
      rows: { owner: 'owner_id', team: null, pool: null },
      fields: [
        { name: 'id', type: 'id' },
        { name: 'resource', type: 'text', writable: true },
        { name: 'name', type: 'text', writable: true },
        { name: 'view', type: 'json', writable: true },
        { name: 'position', type: 'number', writable: true },
        { name: 'shared', type: 'boolean', writable: true },
        { name: 'owner', type: 'reference', column: 'owner_id', reference: 'members' },
      ],
      defaultSort: ['position', 'ASC'],
      create: ({ actor, now }, values) =>
        insertRow(
          db,
          'crm_saved_views',
          {
            resource: values['resource'],
            name: values['name'],
            view: values['view'] ?? {},
            position: values['position'] ?? 0,
            owner_id: actor.memberId,
            shared: values['shared'] === true,
          },
          now,
        ),
      update: async (_context, id, values) => {
        const patch: Record<string, unknown> = {};
        for (const name of ['name', 'position', 'shared']) if (values[name] !== undefined) patch[name] = values[name];
        if (values['view'] !== undefined) patch['view'] = JSON.stringify(values['view']);
        if ((await db('crm_saved_views').where({ id }).update(patch)) === 0) throw notFound('Saved view');
      },
      remove: async (_context, id) => {
        await db('crm_saved_views').where({ id }).delete();
      },
    },
    {
      // What colleagues share, seen by all who may read it; only its owner changes it, as one of his saved views.
      name: 'shared-views',
      table: 'crm_saved_views',
      rows: { owner: null, team: null, pool: null },
      base: (alias) => ({ sql: `${alias}.shared`, bindings: [] }),
      fields: [
        { name: 'id', type: 'id' },
        { name: 'resource', type: 'text' },
        { name: 'name', type: 'text' },
        { name: 'view', type: 'json' },
        { name: 'position', type: 'number' },
        { name: 'owner', type: 'reference', column: 'owner_id', reference: 'members' },
      ],
      defaultSort: ['position', 'ASC'],
    },
    {
      name: 'events',
      table: 'crm_events',
      rows: { owner: null, team: null, pool: null },
      fields: [
        { name: 'id', type: 'id' },
        { name: 'subject', type: 'text' },
        { name: 'subjectId', type: 'number' },
        { name: 'type', type: 'text' },
        { name: 'before', type: 'json', filterable: false },
        { name: 'after', type: 'json', filterable: false },
        { name: 'data', type: 'json', filterable: false },
        { name: 'actorKind', type: 'text' },
        { name: 'actorId', type: 'number' },
        { name: 'actorName', type: 'text' },
        { name: 'causeType', type: 'text' },
        { name: 'causeId', type: 'text' },
        { name: 'policyVersionId', type: 'number' },
        { name: 'at', type: 'datetime' },
      ],
      defaultSort: ['id', 'DESC'],
    },
    {
      name: 'decisions',
      table: 'crm_decisions',
      rows: { owner: null, team: null, pool: null },
      fields: [
        { name: 'id', type: 'id' },
        { name: 'kind', type: 'text' },
        { name: 'subject', type: 'text' },
        { name: 'subjectId', type: 'number' },
        { name: 'inputs', type: 'json', filterable: false },
        { name: 'candidates', type: 'json', filterable: false },
        { name: 'result', type: 'json', filterable: false },
        { name: 'cause', type: 'text' },
        { name: 'policyVersionId', type: 'number' },
        { name: 'at', type: 'datetime' },
      ],
      defaultSort: ['id', 'DESC'],
    },
    {
      name: 'jobs',
      table: 'crm_jobs',
      rows: { owner: null, team: null, pool: null },
      fields: [
        { name: 'id', type: 'id' },
        { name: 'kind', type: 'text' },
        { name: 'state', type: 'select' },
        { name: 'attempts', type: 'number' },
        { name: 'progressDone', type: 'number' },
        { name: 'progressTotal', type: 'number' },
        { name: 'progressNote', type: 'text' },
        { name: 'error', type: 'text' },
        { name: 'createdAt', type: 'datetime' },
        { name: 'finishedAt', type: 'datetime' },
      ],
      defaultSort: ['id', 'DESC'],
    },
  ];
}
