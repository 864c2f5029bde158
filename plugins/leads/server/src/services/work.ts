import { many } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { WorkItem } from '../../../contracts';
import { leadRowMask } from './history-gate';
import type { LeadsService } from './leads';

interface TaskRow {
  id: number;
  lead_id: number;
  kind: string;
  key: string;
  title: { zh: string; en: string };
  due_at: Date;
}

const HOUR = 3_600_000;
const LIMIT = 200;

/** Open tasks of the member: late ones first, then by the time that is left. */
export async function taskWork(kit: Kit, actor: Actor, now: Date): Promise<readonly WorkItem[]> {
  if (actor.memberId === null) return [];
  const tasks = await many<TaskRow>(
    kit.db,
    `SELECT id, lead_id, kind, key, title, due_at FROM crm_tasks WHERE owner_id = ? AND state = 'open' AND due_at < ? ORDER BY due_at LIMIT ${LIMIT}`,
    [actor.memberId, new Date(now.getTime() + 48 * HOUR)],
  );
  return tasks.map((task): WorkItem => {
    const left = task.due_at.getTime() - now.getTime();
    const late = left < 0;
    return {
      key: `task:${task.id}`,
      leadId: task.lead_id,
      action: task.kind === 'mail' ? 'mail' : task.kind === 'call' ? 'call' : 'task',
      dueAt: task.due_at,
      urgency: late ? 700 : left < 4 * HOUR ? 500 : 300,
      reasons: [{ code: late ? 'TASK_LATE' : 'TASK_DUE', text: task.title, tone: late ? 'danger' : left < 4 * HOUR ? 'warning' : 'info' }],
      taskId: task.id,
    };
  });
}

const CONTACT = new Set(['email', 'phone']);
const GRADE_BONUS: Readonly<Record<string, number>> = { hot: 60, warm: 30, cold: 0 };

/** A field its pool does not show this person while nobody owns the lead. */
const coveredInPool = (actor: Actor, row: Readonly<Record<string, unknown>>, field: string): boolean =>
  row['owner'] === null && (actor.poolFields ?? []).some((cover) => cover.field === field && cover.pools.includes(Number(row['pool'])));

/** One line per lead: the most urgent reason leads, the others stand beside it; hotter leads first among equals. */
export async function workList(
  kit: Kit,
  leads: LeadsService,
  actor: Actor,
  now: Date,
): Promise<{ items: Record<string, unknown>[]; counts: Record<string, number> }> {
  const items = [...(await leads.workFor(actor, now))];
  if (items.length === 0) return { items: [], counts: { total: 0, late: 0 } };
  const scope = kit.access.scope(actor, 'leads', 'read', 'l');
  const mask = leadRowMask(kit, actor, 'l');
  const rows = await many<{ id: number; label: string | null; masked: boolean } & Record<string, unknown>>(
    kit.db,
    `SELECT l.id, l.name, l.company, l.grade, l.label, l.score, l.stage, l.phone, l.email, l.source, l.owner_id AS owner, l.pool_id AS pool, l.next_action_at AS "nextActionAt",
            l.recycle_at AS "recycleAt", l.protected_until AS "protectedUntil", l.do_not_contact_until AS "doNotContactUntil",
            ${mask ? `coalesce(${mask.sql}, TRUE)` : 'FALSE'} AS masked
     FROM crm_leads l WHERE l.id = ANY(?::int[]) AND l.merged_into IS NULL AND ${scope.sql}`,
    [...(mask?.bindings ?? []), [...new Set(items.map((item) => item.leadId))], ...scope.bindings],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const closed = (field: string): boolean => field !== 'id' && !['read', 'write'].includes(kit.access.field(actor, 'leads', field));
  const grouped = new Map<number, WorkItem[]>();
  for (const item of items) if (byId.has(item.leadId)) grouped.set(item.leadId, [...(grouped.get(item.leadId) ?? []), item]);
  const merged = [...grouped].map(([leadId, own]) => {
    const sorted = [...own].sort((a, b) => b.urgency - a.urgency || (a.dueAt?.getTime() ?? Infinity) - (b.dueAt?.getTime() ?? Infinity));
    const first = sorted[0]!;
    const { masked, ...row } = byId.get(leadId)!;
    const lead = Object.fromEntries(
      Object.entries(row).filter(([field]) => !closed(field) && !(masked && CONTACT.has(field)) && !coveredInPool(actor, row, field)),
    );
    return {
      key: first.key,
      lead,
      action: first.action,
      dueAt: first.dueAt,
      urgency: first.urgency + (GRADE_BONUS[row.label ?? 'cold'] ?? 0),
      reasons: sorted.flatMap((item) => item.reasons),
      taskId: sorted.find((item) => item.taskId !== undefined)?.taskId ?? null,
      clockId: sorted.find((item) => item.clockId !== undefined)?.clockId ?? null,
    };
  });
  merged.sort((a, b) => b.urgency - a.urgency || (a.dueAt?.getTime() ?? Infinity) - (b.dueAt?.getTime() ?? Infinity));
  const late = merged.filter((item) => item.dueAt !== null && item.dueAt.getTime() < now.getTime()).length;
  return { items: merged.slice(0, LIMIT), counts: { total: merged.length, late } };
}
