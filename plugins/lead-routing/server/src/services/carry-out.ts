import type { NoticeInput } from '@leadsea/crm-core';
import type { WorkingSet } from '@leadsea/leads';
import type { Plan } from '../domain/facts';
import type { Verdict } from '../domain/route';
import { askAgain } from './ladder';
import type { LedgerLine } from './ledger';
import type { RoutedEntry } from './lead-facts';
import { groupKey } from './plans';

export const retryKey = (leadId: number): string => `routing-retry:${leadId}`;

function hold(set: WorkingSet, { entry, policy }: RoutedEntry, verdict: Verdict): void {
  if (!verdict.retry || verdict.rule === null) return;
  set.arm({
    kind: 'routing.retry',
    key: retryKey(entry.id),
    subject: 'lead',
    subjectId: entry.id,
    dueAt: verdict.retry.at,
    payload: { rule: verdict.rule, since: verdict.retry.since.toISOString(), ...(verdict.asks ? { webhook: true } : {}) },
  });
  if (!verdict.asks || set.dryRun) return;
  set.enqueue({
    kind: 'routing.webhook',
    key: `routing-webhook:${entry.id}:${verdict.rule}`,
    payload: { lead: entry.id, version: policy.versionId, rule: verdict.rule },
    maxAttempts: 1,
  });
}

/** R-63 `offer`: everybody of the rules for this lead who has not had it hears that it is free. */
function tellOffered(set: WorkingSet, { entry, lead }: RoutedEntry, plan: Plan | undefined): void {
  const had = new Set([entry.row.owner_id, entry.before?.owner_id ?? null, ...lead.previousOwners]);
  const people = new Set(
    (plan?.rules ?? [])
      .filter(({ rule }) => lead.holds.has(rule.key))
      .flatMap(({ target }) => (target.kind === 'people' ? target.candidates.map(({ id }) => id) : [])),
  );
  for (const memberId of people) {
    if (had.has(memberId)) continue;
    const notice: NoticeInput = {
      memberId,
      type: 'routing.offered',
      subject: 'lead',
      subjectId: entry.id,
      title: { zh: '有线索超时开放领取，先到先得', en: 'A lead was passed on and is free to claim' },
      link: `/leads/${entry.id}`,
    };
    set.notify(notice);
  }
}

/** Puts a verdict into the change set; answers with the ledger line of a lead that was given to a person. */
export function carryOut(set: WorkingSet, routed: RoutedEntry, verdict: Verdict, plan: Plan | undefined): LedgerLine | null {
  const { entry, policy, lead } = routed;
  if (lead.test) return null;
  if (verdict.reason === 'OUT_OF_HOURS') {
    if (verdict.retry) askAgain(set, entry, verdict.retry.at);
    return null;
  }
  if (verdict.retry) {
    hold(set, routed, verdict);
    return null;
  }
  if (verdict.owner === null && verdict.pool === null) return null;
  const before = { owner: entry.row.owner_id, pool: entry.row.pool_id };
  if (before.owner !== verdict.owner || (verdict.pool !== null && before.pool !== verdict.pool)) {
    if (verdict.reason === 'OFFERED') tellOffered(set, routed, plan);
    set.set(lead.id, verdict.owner === null ? { owner_id: null, pool_id: verdict.pool } : { owner_id: verdict.owner });
    set.emit({
      subject: 'lead',
      subjectId: lead.id,
      type: lead.reroute ? 'lead.rerouted' : 'lead.routed',
      before,
      after: { owner: verdict.owner, pool: verdict.pool },
      policyVersionId: policy.versionId,
      data: {
        rule: verdict.rule,
        policy: policy.key,
        destination: verdict.destination,
        reasonCode: verdict.reason,
        ...(verdict.guard ? { guard: verdict.guard } : {}),
        ...(verdict.standsFor === undefined ? {} : { standsFor: verdict.standsFor }),
      },
    });
  }
  if (verdict.owner === null || verdict.owner === before.owner) return null;
  return {
    group: verdict.group ?? groupKey(policy.key, verdict.destination ?? 'other'),
    member: verdict.owner,
    lead: lead.id,
    value: lead.value ?? 1,
  };
}
