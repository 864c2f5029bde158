import { insertRow } from '@leadsea/crm-core';
import type { Kit, PolicyVersion } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { GRADING_KIND } from '../../../../contracts';
import type { GradingModel } from '../../../../contracts';
import { openStudy } from './store';

/** Fires each quarter for a live model: a check-up is made and its author told. */
export const CHECKUP_TIMER = 'grading.checkup';
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

/** Who answers for a model: whoever published the live version. Null when the product itself did, or the person has left. */
async function ownerOf(trx: Knex.Transaction, versionId: number): Promise<number | null> {
  const { rows } = await trx.raw<{ rows: { id: number }[] }>(
    'SELECT m.id FROM crm_policy_versions v JOIN crm_members m ON m.id = v.published_by WHERE v.id = ? AND m.active',
    [versionId],
  );
  return rows[0]?.id ?? null;
}

/** A task with the report behind it, in the place of the one before that nobody did, and a notice. */
async function askForReview(
  kit: Kit,
  trx: Knex.Transaction,
  { policyId, name }: PolicyVersion<GradingModel>,
  { owner, study }: { readonly owner: number; readonly study: number },
  now: Date,
): Promise<void> {
  const link = `/setup/grading/${policyId}/lab?tab=checkup&study=${study}`;
  const title = { zh: `请检查评级模型“${name}”`, en: `Check the grading model “${name}”` };
  const key = checkupKey(policyId);
  await trx('crm_tasks').where({ key, state: 'open' }).update({ state: 'cancelled', closed_at: now });
  const dueAt = new Date(now.getTime() + REVIEW_DAYS * DAY_MS);
  await insertRow(trx, 'crm_tasks', { owner_id: owner, kind: 'review', key, title, link, due_at: dueAt, state: 'open' }, now);
  await kit.notify(
    trx,
    [
      {
        memberId: owner,
        type: 'grading.checkup',
        subject: 'policy',
        subjectId: policyId,
        title,
        body: {
          zh: '季度检查已完成：无效、反向、重复或泄漏的规则，以及分数漂移。',
          en: 'The quarterly check-up is ready: rules that are dead, inverted, doubled or leaking, and how scores have drifted.',
        },
        link,
      },
    ],
    now,
  );
}

/** The quarterly report: a check-up of each live model that is due, in the name of the product, and a task for whoever answers for the model. */
export function handleCheckups(kit: Kit): void {
  kit.timers.handle(CHECKUP_TIMER, async (trx, due, now) => {
    const live = await kit.policies.live<GradingModel>(GRADING_KIND);
    for (const { subjectId } of due) {
      const model = live.find(({ policyId }) => policyId === subjectId);
      if (!model) continue;
      const asked = { kind: 'checkup', policyId: subjectId, model: model.body, options: { scheduled: true } } as const;
      const study = await openStudy(kit, trx, asked, null, now);
      await armCheckup(kit, trx, subjectId, now);
      const owner = await ownerOf(trx, model.versionId);
      if (owner !== null) await askForReview(kit, trx, model, { owner, study }, now);
    }
  });
}
