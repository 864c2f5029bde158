import { many } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { DISQUALIFY_REASONS } from '../../../contracts';
import { liveLifecycle } from '../services/reactors/lifecycle';
import { reasonLabels } from '../services/reason-labels';

const o = (value: string, zh: string, en: string): { value: string; label: { zh: string; en: string } } => ({ value, label: { zh, en } });

const CALL = [
  o('connected', '已接通', 'Connected'),
  o('no_answer', '未接听', 'No answer'),
  o('busy', '占线', 'Busy'),
  o('wrong_number', '号码错误', 'Wrong number'),
  o('refused', '拒绝沟通', 'Refused'),
];
const WRITTEN = [o('sent', '已发送', 'Sent'), o('replied', '已回复', 'Replied'), o('bounced', '退信', 'Bounced')];

export const ACTIVITY_KINDS = [
  { key: 'call', label: { zh: '电话', en: 'Call' }, outcomes: CALL },
  { key: 'mail', label: { zh: '邮件', en: 'Mail' }, outcomes: WRITTEN },
  { key: 'message', label: { zh: '微信/短信', en: 'Message' }, outcomes: WRITTEN },
  { key: 'meeting', label: { zh: '会议', en: 'Meeting' }, outcomes: [o('held', '已进行', 'Held'), o('no_show', '未到场', 'No show')] },
  { key: 'visit', label: { zh: '拜访', en: 'Visit' }, outcomes: [o('met', '已见面', 'Met'), o('absent', '未见到', 'Not met')] },
  { key: 'note', label: { zh: '备注', en: 'Note' }, outcomes: [] },
];

/** What the console needs to draw leads: the live stage graph, outcomes of activities, reasons. */
export async function metaOf(kit: Kit): Promise<Record<string, unknown>> {
  const { graph } = await liveLifecycle(kit);
  const [live] = await kit.policies.live('lifecycle');
  const sources = await many<{ name: string }>(kit.db, 'SELECT name FROM crm_sources WHERE active ORDER BY name');
  return {
    stages: graph.stages.map((stage, order) => ({ ...stage, order })),
    transitions: graph.transitions.map(({ auto, guard, ...move }) => ({ ...move, automatic: Boolean(auto), guarded: Boolean(guard) })),
    /** Which version says what the stages mean; null = the standard graph that ships with the product. */
    definitions: live ? { policyId: live.policyId, version: live.number, publishedAt: live.publishedAt } : null,
    sources: sources.map((source) => source.name),
    activityKinds: ACTIVITY_KINDS,
    disqualifyReasons: DISQUALIFY_REASONS,
    /** What every reason is called that ever could be given; the ones of today last, so that their names count. */
    reasonLabels: Object.fromEntries([
      ...(await reasonLabels(kit)),
      ...[...DISQUALIFY_REASONS, ...graph.transitions.flatMap(({ reasons }) => reasons)].map(({ value, label }) => [value, label] as const),
    ]),
  };
}
