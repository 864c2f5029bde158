import { many } from '@leadsea/crm-core';
import type { Kit, LocalisedText, ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
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

const TITLES: Readonly<Record<string, LocalisedText>> = {
  'lead.created': { zh: '线索进入', en: 'Lead came in' },
  'lead.moment': { zh: '值得关注', en: 'Interesting moment' },
  'lead.updated': { zh: '资料修改', en: 'Edited' },
  'lead.duplicate_merged': { zh: '重复提交，已合并', en: 'Came in again, merged' },
  'lead.duplicate_found': { zh: '发现疑似重复', en: 'Likely duplicate found' },
  'lead.account_matched': { zh: '匹配到客户', en: 'Matched to an account' },
  'lead.account_suggested': { zh: '可能属于某客户', en: 'May belong to an account' },
  'lead.accepted': { zh: '已接收', en: 'Accepted' },
  'lead.rejected': { zh: '被拒收', en: 'Refused' },
  'lead.quarantined': { zh: '已隔离', en: 'Put into quarantine' },
  'lead.disputed': { zh: '改派存在争议', en: 'Re-route contested' },
  'lead.given_back': { zh: '归还原负责人', en: 'Given back to the former owner' },
  'lead.graded': { zh: '评级变化', en: 'Grade changed' },
  'lead.stage_changed': { zh: '阶段变化', en: 'Stage changed' },
  'lead.stage_held': { zh: '阶段未自动变更：缺少必填项', en: 'Not moved on: values are missing' },
  'lead.routed': { zh: '自动分配', en: 'Routed' },
  'lead.rerouted': { zh: '超时改派', en: 'Re-routed' },
  'lead.claimed': { zh: '领取', en: 'Claimed' },
  'lead.released': { zh: '退回公海', en: 'Released' },
  'lead.assigned': { zh: '分配', en: 'Assigned' },
  'lead.transferred': { zh: '转移', en: 'Transferred' },
  'lead.recycled': { zh: '回收到公海', en: 'Recycled' },
  'lead.converted': { zh: '转为商机', en: 'Converted to an opportunity' },
  'lead.opportunity_closed': { zh: '商机关闭', en: 'Opportunity closed' },
  'lead.undone': { zh: '撤销操作', en: 'Taken back' },
  'lead.recycle_warned': { zh: '即将回收提醒', en: 'Recycle warning' },
  'lead.moved': { zh: '转入另一公海', en: 'Moved to another pool' },
  'lead.forwarded': { zh: '按规则转入公海', en: 'Sent on to another pool by rule' },
  'lead.exhausted': { zh: '线索耗尽，移出公海', en: 'Exhausted: left the pool' },
  'lead.revived': { zh: '耗尽后恢复', en: 'Came back after being exhausted' },
  'lead.move_undone': { zh: '批量移动已撤销', en: 'Bulk move taken back' },
  'lead.same_holding': { zh: '视为同一次持有', en: 'The same holding goes on' },
  'lead.limit_overridden': { zh: '超限放行', en: 'Limit overridden' },
  'lead.protected': { zh: '进入保护', en: 'Protected' },
  'lead.protection_asked': { zh: '申请保护', en: 'Protection asked for' },
  'lead.protection_refused': { zh: '保护申请未通过', en: 'Protection refused' },
  'lead.do_not_contact': { zh: '设为免打扰', en: 'Do not contact' },
  'lead.activity': { zh: '跟进', en: 'Follow-up' },
  'lead.engaged': { zh: '客户行为', en: 'Engagement' },
  'lead.revealed': { zh: '查看联系方式', en: 'Contact data revealed' },
  'clock.started': { zh: '计时开始', en: 'Clock started' },
  'clock.warned': { zh: '即将超时', en: 'Close to the deadline' },
  'clock.breached': { zh: '已超时', en: 'Deadline missed' },
  'clock.met': { zh: '按时完成', en: 'Met' },
  'clock.closed': { zh: '超时后完成', en: 'Done after the deadline' },
  'clock.paused': { zh: '计时暂停', en: 'Clock paused' },
  'clock.resumed': { zh: '计时恢复', en: 'Clock resumed' },
  'clock.retargeted': { zh: '时限变更', en: 'Target changed' },
  'clock.blocked': { zh: '无工作时间，计时停止', en: 'No working time' },
  'clock.cancelled': { zh: '计时取消', en: 'Clock cancelled' },
  'clock.pause_limit': { zh: '暂停已达上限', en: 'Pause limit reached' },
  'clock.waived': { zh: '超时已豁免', en: 'Miss waived' },
  'clock.unwaived': { zh: '豁免已撤销', en: 'Waiver taken back' },
  'clock.unbreached': { zh: '日历修订后不再超时', en: 'No longer missed by the revised calendar' },
  'clock.replanned': { zh: '日历修订，截止时间变更', en: 'Deadline moved by a revised calendar' },
  'clock.migrated': { zh: '改用新版合约计时', en: 'Moved to the new version of the contract' },
  'clock.restored': { zh: '撤销合并，计时恢复', en: 'Clock restored by un-merging' },
  'clock.disputed': { zh: '超时有争议', en: 'Miss disputed' },
  'obligation.started': { zh: '跟进义务开始', en: 'Obligation started' },
  'obligation.met': { zh: '跟进义务完成', en: 'Obligation met' },
  'obligation.breached': { zh: '跟进义务未完成', en: 'Obligation missed' },
  'obligation.cancelled': { zh: '跟进义务取消', en: 'Obligation cancelled' },
  'handoff.offered': { zh: '移交给销售', en: 'Offered to sales' },
  'handoff.accepted': { zh: '销售已接收', en: 'Accepted by sales' },
  'handoff.rejected': { zh: '销售已退回', en: 'Rejected by sales' },
  'handoff.expired': { zh: '移交超期未答复', en: 'Offer expired' },
  'handoff.confirmed': { zh: '销售已确认', en: 'Confirmed by sales' },
  'handoff.withdrawn': { zh: '移交已撤回', en: 'Offer withdrawn' },
  'handoff.replied': { zh: '市场已答复退回', en: 'Marketing answered the rejection' },
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
        title: momentOf(row) ?? TITLES[row.type] ?? { zh: row.type, en: row.type },
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
