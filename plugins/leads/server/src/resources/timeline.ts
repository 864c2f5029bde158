import { many } from '@leadsea/crm-core';
import type { Kit, LocalisedText, ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import { EVENT_TITLES } from '../../../contracts';
import { knownFields, withoutFields } from '../domain/history';
import { openHistory } from '../services/history-gate';

interface EventRow {
  id: string;
  type: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  data: Record<string, unknown> | null;
  actor_name: string;
  actor_kind: string;
  cause_type: string;
  at: Date;
}

/** A moment is called what the model calls it. */
const momentOf = ({ type, data }: EventRow): LocalisedText | null => {
  const label = type === 'lead.moment' ? data?.['label'] : null;
  return typeof label === 'object' && label !== null && 'zh' in label && 'en' in label
    ? { zh: String(label.zh), en: String(label.en) }
    : null;
};

/** Details of these events belong to records with permissions of their own. */
const DETAILS_OF: Readonly<Record<string, string>> = { 'lead.activity': 'activities', 'lead.engaged': 'engagements', 'task.done': 'tasks' };

/** The story of a lead, newest first; what the actor may not read of the lead itself he does not read in its story. */
export function timelineVerb(kit: Kit): ResourceVerb {
  const definition: ResourceVerb<{ before?: number; limit?: number }> = {
    name: 'timeline',
    target: 'record',
    method: 'GET',
    input: z.object({ before: z.coerce.number().int().optional(), limit: z.coerce.number().int().min(1).max(200).optional() }),
    summary: 'Events of a lead, newest first.',
    access: 'read',
    run: async ({ actor }, ids, { before, limit }) => {
      const rows = await many<EventRow>(
        kit.db,
        `SELECT id, type, before, after, data - 'step' AS data, actor_name, actor_kind, cause_type, at FROM crm_events
         WHERE subject = 'lead' AND subject_id = ? AND type <> 'clock.observed' AND (?::bigint IS NULL OR id < ?::bigint) ORDER BY id DESC LIMIT ?`,
        [ids[0], before ?? null, before ?? null, limit ?? 100],
      );
      const gate = await openHistory(kit, actor, ids);
      const withheld = gate.withheld(ids[0]!);
      const mayRead = (type: string): boolean => kit.access.can(actor, DETAILS_OF[type] ?? 'leads', 'read');
      const readable = (values: Record<string, unknown> | null): unknown => withoutFields(knownFields(values, gate.known), withheld);
      return rows.map((row) => ({
        id: Number(row.id),
        at: row.at,
        type: row.type,
        actor: row.actor_name,
        actorKind: row.actor_kind,
        cause: row.cause_type,
        title: momentOf(row) ?? EVENT_TITLES[row.type] ?? { zh: row.type, en: row.type },
        before: readable(row.before),
        after: readable(row.after),
        data: mayRead(row.type)
          ? withoutFields(row.data && 'raw' in row.data ? { ...row.data, raw: undefined } : row.data, withheld)
          : null,
      }));
    },
  };
  return definition;
}
