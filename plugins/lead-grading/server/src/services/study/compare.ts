import type { Kit, LocalisedText } from '@leadsea/crm-core';
import type { CompareResult, GradingModel } from '../../../../contracts';
import { aucDifference } from '../../domain/study/auc';
import { bind, sql } from '../../sql/fragments';
import { rowsOf } from '../evaluate';
import { liveModels, shadowModels } from '../models';
import { aucOfScores, pairs } from './backtest';
import type { Asked } from './backtest';
import { readHistory } from './decided';
import { scoreHistory } from './score';
import type { Progress } from './store';

const DAY_MS = 86_400_000;
/** Fewer outcomes of either kind since the challenger began say nothing yet. */
const LEAST = 20;

const both = (zh: string, en: string): LocalisedText => ({ zh, en });

function adviceOf(
  silent: boolean,
  won: number,
  lost: number,
  difference: CompareResult['difference'],
): { advice: LocalisedText; ready: boolean } {
  if (!silent)
    return {
      ready: false,
      advice: both(
        '此模型没有静默评分：以“静默评分”模式发布后才会开始比较。',
        'This model does not score silently: publish it as a silent one to begin.',
      ),
    };
  if (won < LEAST || lost < LEAST)
    return {
      ready: false,
      advice: both(
        `自开始以来有 ${won} 条赢单、${lost} 条输单，各至少需要 ${LEAST} 条。请再等等。`,
        `Since it began ${won} leads were won and ${lost} lost; ${LEAST} of each are needed. Wait a little longer.`,
      ),
    };
  if (difference && difference.low > 0)
    return { ready: true, advice: both('挑战者明显更好，可以上线。', 'The challenger is better beyond chance. It can be promoted.') };
  if (difference && difference.high < 0)
    return {
      ready: false,
      advice: both('挑战者明显更差，请保留现有模型。', 'The challenger is worse beyond chance. Keep the live model.'),
    };
  return { ready: false, advice: both('差别还不能排除偶然。', 'The difference may be chance still.') };
}

/**
 * Champion against challenger: on leads decided since the challenger began to score silently, as each was when sales met it, and on the
 * labels of all leads as they stand.
 */
export async function compare(kit: Kit, draft: GradingModel, { policyId }: Asked, progress: Progress): Promise<CompareResult> {
  const silent = (await shadowModels(kit)).find((model) => model.policyId === policyId) ?? null;
  const champion = (await liveModels(kit)).find((model) => model.policyId !== policyId) ?? null;
  const since = silent?.publishedAt ?? null;
  const history = await readHistory(kit, progress, { since });
  const challenger = silent?.body ?? draft;
  const challenged = await scoreHistory(kit, challenger, history, progress);
  const scored = champion ? await scoreHistory(kit, champion.body, history) : [];
  const leads = pairs(scored, challenged);
  const won = leads.map(({ a }) => a.won);
  const wins = won.filter(Boolean).length;
  const difference = aucDifference(
    leads.map(({ b }) => b.score),
    leads.map(({ a }) => a.score),
    won,
  );
  const labels = silent
    ? await rowsOf<CompareResult['labels'][number]>(
        kit.db,
        sql`SELECT coalesce(l.label, '') AS champion, s.label AS challenger, count(*)::int AS leads FROM crm_grading_shadow s JOIN crm_leads l ON l.id = s.lead_id AND l.merged_into IS NULL
          WHERE s.version_id = ${bind('int', silent.versionId)} GROUP BY 1, 2 ORDER BY 1, 2`,
      )
    : [];
  return {
    since: since?.toISOString() ?? null,
    days: since ? Math.floor((kit.clock.now().getTime() - since.getTime()) / DAY_MS) : 0,
    champion: champion && { id: champion.policyId, name: champion.name, version: champion.number },
    decided: { won: wins, lost: won.length - wins },
    aucs: { champion: aucOfScores(leads.map(({ a }) => a)), challenger: aucOfScores(leads.map(({ b }) => b)) },
    difference,
    labels,
    ...adviceOf(silent !== null, wins, won.length - wins, difference),
  };
}
