import { notFound, one, updateRow } from '@leadsea/crm-core';
import type { Kit, LocalisedText, ResourceDefinition, ResourceField } from '@leadsea/crm-core';
import { customValues } from '../services/record-values';
import { customResourceFields } from './custom-fields';

const l = (zh: string, en: string): LocalisedText => ({ zh, en });
const field = (name: string, type: ResourceField['type'], zh: string, en: string, more: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type,
  label: l(zh, en),
  sortable: true,
  filterable: true,
  ...more,
});

/** What people wrote themselves may be corrected; when and how they were in touch is evidence and stays. */
const CORRECTED = ['subject', 'note'] as const;

/**
 * Follow-ups: logged through the lead (`POST /leads/:id/activities`), read by whoever reads the lead. Wording and custom fields may be corrected by
 * those whose role changes activities.
 */
export function activitiesResource(kit: Kit): ResourceDefinition {
  return {
    name: 'activities',
    table: 'crm_activities',
    subject: 'activity',
    rows: { via: { column: 'lead_id', resource: 'leads' } },
    fields: [
      { name: 'id', type: 'id', sortable: true, filterable: true },
      field('lead', 'reference', '线索', 'Lead', { column: 'lead_id', reference: 'leads' }),
      field('member', 'reference', '跟进人', 'By', { column: 'member_id', reference: 'members' }),
      field('kind', 'select', '方式', 'Kind'),
      field('direction', 'select', '方向', 'Direction'),
      field('outcome', 'select', '结果', 'Outcome'),
      field('subject', 'text', '主题', 'Subject', { writable: true }),
      field('note', 'text', '内容', 'Note', { sortable: false, writable: true }),
      field('durationSeconds', 'number', '时长（秒）', 'Seconds'),
      field('occurredAt', 'datetime', '时间', 'When'),
      field('automatic', 'boolean', '自动', 'Automatic'),
    ],
    dynamicFields: customResourceFields(kit, 'activity'),
    defaultSort: ['occurredAt', 'DESC'],
    update: (context, id, values) =>
      kit.db.transaction(async (trx) => {
        const before = await one<Record<string, unknown> & { id: number; lead_id: number }>(
          trx,
          'SELECT * FROM crm_activities WHERE id = ? FOR UPDATE',
          [id],
        );
        if (!before) throw notFound('Activity');
        const columns = Object.fromEntries(CORRECTED.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
        const given = (values['custom'] ?? {}) as Record<string, unknown>;
        const after = { ...before, ...columns };
        const custom = await customValues(kit, trx, context, { entity: 'activity', given, before, after });
        await updateRow(trx, 'crm_activities', id, { ...columns, custom }, context.now);
        const told = { subject: 'lead', subjectId: before.lead_id, type: 'lead.activity_edited', data: { activity: id } };
        await kit.events.append(trx, [told], context.actor, { type: 'edit', id: context.requestId }, context.now);
      }),
  };
}
