import { many } from '@leadsea/crm-core';
import type { Kit, LintFinding, PolicyKind } from '@leadsea/crm-core';
import { accountMatchingSchema, type AccountMatching, type LeadRow } from '../../../../contracts';
import { bestMatches } from '../../domain/identity/account-match';
import { accountsNear, indexed, liveMatching, matchLeadOf } from './candidates';

/** What cannot work: asking only where nothing is left to ask, or fields that can never reach a threshold. */
export function lintMatching({ auto, suggest, points }: AccountMatching): LintFinding[] {
  const findings: LintFinding[] = [];
  if (suggest > auto)
    findings.push({
      level: 'error',
      code: 'SUGGEST_ABOVE_AUTO',
      message: 'A suggestion must need no more points than joining.',
      path: 'suggest',
    });
  const most = points.domain + points.phone + Math.max(points.company, points.place, points.sound) + points.city;
  if (most < auto)
    findings.push({
      level: 'warning',
      code: 'AUTO_UNREACHABLE',
      message: `All fields together give ${most} points: no lead is joined by itself.`,
      path: 'auto',
    });
  for (const field of ['place', 'sound'] as const)
    if (points[field] >= auto)
      findings.push({
        level: 'warning',
        code: 'WEAK_FIELD_JOINS',
        message: 'A likeness of names alone joins leads to accounts.',
        path: `points.${field}`,
      });
  return findings;
}

const DAYS = 90;
const MOST = 5000;
type Sampled = Pick<LeadRow, 'id' | 'domain_key' | 'company_key' | 'phone_key' | 'city' | 'province' | 'account_id'>;

interface Tally {
  readonly auto: number;
  readonly suggest: number;
  readonly none: number;
}

/** What would become of the leads of the last days, by the draft and by what is live; nothing is written. */
async function preview(kit: Kit, draft: AccountMatching): Promise<Record<string, unknown>> {
  const leads = await many<Sampled>(
    kit.db,
    `SELECT id, domain_key, company_key, phone_key, city, province, account_id FROM crm_leads
     WHERE captured_at >= ? AND merged_into IS NULL AND is_test IS NOT TRUE ORDER BY captured_at DESC, id DESC LIMIT ${MOST}`,
    [new Date(kit.clock.now().getTime() - DAYS * 86_400_000)],
  );
  const live = await liveMatching(kit);
  const verdicts = async (matching: AccountMatching): Promise<readonly ('auto' | 'suggest' | 'none')[]> => {
    const compared = leads.map((row) => matchLeadOf(row, matching));
    const near = indexed(await accountsNear(kit.db, compared));
    return compared.map((lead) => bestMatches(lead, near(lead), matching)?.verdict ?? 'none');
  };
  const tally = (list: readonly ('auto' | 'suggest' | 'none')[]): Tally => ({
    auto: list.filter((one) => one === 'auto').length,
    suggest: list.filter((one) => one === 'suggest').length,
    none: list.filter((one) => one === 'none').length,
  });
  const [before, after] = [await verdicts(live), await verdicts(draft)];
  return {
    days: DAYS,
    leads: leads.length,
    limited: leads.length === MOST,
    before: tally(before),
    after: tally(after),
    changed: before.filter((verdict, index) => verdict !== after[index]).length,
  };
}

/** What a matching policy is to the kit: shape, checks, preview. */
export const accountMatchingKind = (kit: Kit): PolicyKind<AccountMatching> => ({
  kind: 'account-matching',
  resource: 'account-matching',
  label: { zh: '客户匹配', en: 'Account matching' },
  schema: accountMatchingSchema,
  lint: lintMatching,
  preview: (body) => preview(kit, body),
  shadow: {
    instead: 'preview',
    reason: {
      zh: '每次匹配都会建立或充实客户，后来的线索又与之匹配：不真正建立客户，试运行几天的结果就不可信。预览在最近的线索上逐条比较新旧规则。',
      en: 'Each match makes or fills an account that later leads are matched with; without really making them a silent run would soon be wrong. The preview compares both rules on the latest leads, one by one.',
    },
  },
});
