import { insertRow } from '@leadsea/crm-core';
import type { Kit, LocalisedText, PolicyVersion } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { GRADING_KIND, SHADOW_DAYS } from '../../../../contracts';
import type { GradingModel } from '../../../../contracts';
import { openStudy } from './store';

/** Fires each quarter for a live model: a check-up is made and its author told. */
export const CHECKUP_TIMER = 'grading.checkup';
/** Fires when a silent model has scored for as long as it says: it is compared with the live one and its author told. */
export const CHALLENGE_TIMER = 'grading.challenge';
const DAY_MS = 86_400_000;
const QUARTER_MS = 91 * DAY_MS;
const REVIEW_DAYS = 14;

export const checkupKey = (policyId: number): string => `grading:checkup:${policyId}`;

export const armCheckup = (kit: Kit, trx: Knex.Transaction, policyId: number, now: Date): Promise<void> =>
  kit.timers.arm(
    trx,
    [
      {
        kind: CHECKUP_TIMER,
        key: checkupKey(policyId),
        subject: 'policy',
        subjectId: policyId,
        dueAt: new Date(now.getTime() + QUARTER_MS),
      },
    ],
    now,
  );

export const challengeKey = (policyId: number): string => `grading:challenge:${policyId}`;

/** A silent model has its comparison ahead of it, another has none any more. */
export async function armChallenge(
  kit: Kit,
  trx: Knex.Transaction,
  { policyId, body }: PolicyVersion<GradingModel>,
  now: Date,
): Promise<void> {
  const key = challengeKey(policyId);
  if (body.mode !== 'shadow') return kit.timers.cancel(trx, [key], now);
  const dueAt = new Date(now.getTime() + (body.shadowDays ?? SHADOW_DAYS) * DAY_MS);
  await kit.timers.arm(trx, [{ kind: CHALLENGE_TIMER, key, subject: 'policy', subjectId: policyId, dueAt }], now);
}

/** Who answers for a model: whoever published the live version. Null when the product itself did, or the person has left. */
async function ownerOf(trx: Knex.Transaction, versionId: number): Promise<number | null> {
  const { rows } = await trx.raw<{ rows: { id: number }[] }>(
    'SELECT m.id FROM crm_policy_versions v JOIN crm_members m ON m.id = v.published_by WHERE v.id = ? AND m.active',
    [versionId],
  );
  return rows[0]?.id ?? null;
}

/** What is asked of whoever answers for a model, and in which words. */
interface Request {
  readonly tab: 'checkup' | 'compare';
  readonly type: string;
  readonly key: string;
  readonly title: LocalisedText;
  readonly body: LocalisedText;
}

const reviewOf = ({ policyId, name }: PolicyVersion<GradingModel>): Request => ({
  tab: 'checkup',
  type: 'grading.checkup',
  key: checkupKey(policyId),
  title: { zh: `请检查评级模型“${name}”`, en: `Check the grading model “${name}”` },
  body: {
    zh: '季度检查已完成：无效、反向、重复或泄漏的规则，以及分数漂移。',
    en: 'The quarterly check-up is ready: rules that are dead, inverted, doubled or leaking, and how scores have drifted.',
  },
});

const challengeOf = ({ policyId, name, body }: PolicyVersion<GradingModel>): Request => ({
  tab: 'compare',
  type: 'grading.challenge',
  key: challengeKey(policyId),
  title: { zh: `请决定挑战者“${name}”是否上线`, en: `Decide on the challenger “${name}”` },
  body: {
    zh: `已静默评分 ${body.shadowDays ?? SHADOW_DAYS} 天，与线上模型的比较已完成。`,
    en: `It has scored silently for ${body.shadowDays ?? SHADOW_DAYS} days; the comparison with the live model is ready.`,
  },
});

/** A task with the report behind it, in the place of the one before that nobody did, and a notice. */
async function ask(
  kit: Kit,
  trx: Knex.Transaction,
  policyId: number,
  { tab, type, key, title, body }: Request,
  { owner, study }: { readonly owner: number; readonly study: number },
  now: Date,
): Promise<void> {
  const link = `/setup/grading/${policyId}/lab?tab=${tab}&study=${study}`;
  await trx('crm_tasks').where({ key, state: 'open' }).update({ state: 'cancelled', closed_at: now });
  const dueAt = new Date(now.getTime() + REVIEW_DAYS * DAY_MS);
  await insertRow(trx, 'crm_tasks', { owner_id: owner, kind: 'review', key, title, link, due_at: dueAt, state: 'open' }, now);
  await kit.notify(
    trx,
    [
      {
        memberId: owner,
        type,
        subject: 'policy',
        subjectId: policyId,
        title,
        body,
        link,
      },
    ],
    now,
  );
}

/** Makes the study of a live or silent model that is due, in the name of the product, and asks whoever answers for it. */
async function report(
  kit: Kit,
  trx: Knex.Transaction,
  model: PolicyVersion<GradingModel>,
  kind: 'checkup' | 'compare',
  request: Request,
  now: Date,
): Promise<void> {
  const { policyId, body, versionId } = model;
  const study = await openStudy(kit, trx, { kind, policyId, model: body, options: { scheduled: true } }, null, now);
  const owner = await ownerOf(trx, versionId);
  if (owner !== null) await ask(kit, trx, policyId, request, { owner, study }, now);
}

/** The quarterly report of each live model, and the comparison of a challenger when its days are over. */
export function handleCheckups(kit: Kit): void {
  const published = async (policyId: number): Promise<PolicyVersion<GradingModel> | undefined> =>
    (await kit.policies.live<GradingModel>(GRADING_KIND)).find((model) => model.policyId === policyId);
  kit.timers.handle(CHECKUP_TIMER, async (trx, due, now) => {
    for (const { subjectId } of due) {
      const model = await published(subjectId);
      if (!model) continue;
      await armCheckup(kit, trx, subjectId, now);
      await report(kit, trx, model, 'checkup', reviewOf(model), now);
    }
  });
  kit.timers.handle(CHALLENGE_TIMER, async (trx, due, now) => {
    for (const { subjectId } of due) {
      const model = await published(subjectId);
      if (model?.body.mode === 'shadow') await report(kit, trx, model, 'compare', challengeOf(model), now);
    }
  });
}
