import { many } from '@leadsea/crm-core';
import type { Kit, LocalisedText, NoticeInput } from '@leadsea/crm-core';
import type { WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';
import { OTHERWISE, type RuleVerdict } from '../../../contracts';
import type { Verdict } from '../domain/route';
import type { LivePolicy } from './plans';

const HOUR_MS = 3_600_000;
const TYPE = 'routing.nobody';
const FOUND_NOBODY: ReadonlySet<RuleVerdict> = new Set(['empty', 'no-row', 'ambiguous', 'no-answer', 'held']);

interface Decided {
  readonly policy: LivePolicy;
  readonly verdict: Verdict;
  /** It has waited before: that was told then. */
  readonly waited: boolean;
}

/** By policy and rule: leads for which nobody was found, where the rule wants that told; of the last rule always, since nothing comes after it. */
function emptyRules(
  decided: readonly Decided[],
): readonly { policy: LivePolicy; rule: string; label: LocalisedText | null; leads: number }[] {
  const found = new Map<string, { policy: LivePolicy; rule: string; label: LocalisedText | null; leads: number }>();
  for (const { policy, verdict, waited } of decided) {
    if (waited) continue;
    for (const { rule: key, verdict: outcome } of verdict.trace) {
      // What another system is asked about waits for its answer, and not for want of people.
      if (!FOUND_NOBODY.has(outcome) || (outcome === 'held' && verdict.asks)) continue;
      const rule = policy.body.rules.find((one) => one.key === key);
      if (key === OTHERWISE ? verdict.reason !== 'NO_CANDIDATE' : !rule?.tellWhenEmpty) continue;
      const name = `${policy.versionId} ${key}`;
      const known = found.get(name) ?? { policy, rule: key, label: rule?.label ?? null, leads: 0 };
      found.set(name, { ...known, leads: known.leads + 1 });
    }
  }
  return [...found.values()];
}

/** Who may change routing policies, as long as nobody was told of this rule within the hour. */
const KEEPERS = `
  WITH keepers AS (SELECT key FROM crm_roles WHERE jsonb_array_length(
    CASE jsonb_typeof(resources->'routing-policies'->'update') WHEN 'array' THEN (resources->'routing-policies'->'update') - 'none' ELSE '[]' END) > 0)
  SELECT m.id FROM crm_members m WHERE coalesce(m.active, true) AND EXISTS (SELECT 1 FROM keepers k WHERE jsonb_exists(coalesce(m.roles, '[]'::jsonb), k.key))
    AND NOT EXISTS (SELECT 1 FROM crm_notifications n WHERE n.member_id = m.id AND n.type = ? AND n.subject_id = ? AND n.link = ? AND n.at > ?) ORDER BY m.id`;

async function tell(
  kit: Kit,
  trx: Knex.Transaction,
  { policy, rule, label, leads }: ReturnType<typeof emptyRules>[number],
  now: Date,
): Promise<void> {
  const link = `/routing/monitor?policy=${policy.policyId}&rule=${rule}`;
  const people = await many<{ id: number }>(trx, KEEPERS, [TYPE, policy.policyId, link, new Date(now.getTime() - HOUR_MS)]);
  const title: LocalisedText = label
    ? {
        zh: `规则“${label.zh}”没有可用人选（${leads} 条线索）`,
        en: `The rule “${label.en}” finds nobody (${leads === 1 ? '1 lead' : `${leads} leads`})`,
      }
    : {
        zh: `“${policy.name}”：${leads} 条线索没有人可接`,
        en: `“${policy.name}”: nobody could take ${leads === 1 ? 'a lead' : `${leads} leads`}`,
      };
  await kit.notify(
    trx,
    people.map(({ id }): NoticeInput => ({ memberId: id, type: TYPE, subject: 'policy', subjectId: policy.policyId, title, link })),
    now,
  );
}

/** R-51 `notify`: says in good time that a rule finds nobody. No statement where every lead has found somebody. */
export function tellNobody(kit: Kit, set: WorkingSet, decided: readonly Decided[]): void {
  const empty = set.dryRun ? [] : emptyRules(decided);
  if (empty.length === 0) return;
  set.defer(async (trx) => {
    for (const one of empty) await tell(kit, trx, one, set.now);
  });
}
