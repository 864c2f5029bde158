import type { Kit, LocalisedText, ResourceDefinition } from '@leadsea/crm-core';
import { liveModels } from './models';

interface ScoreRow {
  readonly id: number;
  readonly score: number;
  readonly qualified: boolean;
  readonly breadth: number;
  readonly missing: readonly string[];
  readonly leads: number;
  readonly champion_id: number | null;
}

/** Adds `grading` to accounts that are read: their score, how many roles are engaged, and which needed ones are missing, in words. */
export const accountScores =
  (kit: Kit): NonNullable<ResourceDefinition['decorate']> =>
  async ({ actor }, rows) => {
    if (!['read', 'write'].includes(kit.access.field(actor, 'leads', 'score'))) return;
    const ids = rows.map((row) => Number(row['id'])).filter(Number.isInteger);
    if (ids.length === 0) return;
    const scores = await kit.db<ScoreRow>('crm_account_scores').whereIn('id', ids);
    if (scores.length === 0) return;
    const roles = new Map<string, LocalisedText>(
      (await liveModels(kit)).flatMap(({ body }) => body.account?.roles ?? []).map((role) => [role.key, role.label]),
    );
    const byId = new Map(scores.map((score) => [score.id, score]));
    for (const row of rows) {
      const found = byId.get(Number(row['id']));
      if (!found) continue;
      const { score, qualified, breadth, leads } = found;
      row['grading'] = { score, qualified, breadth, leads, missing: found.missing.map((key) => roles.get(key) ?? { zh: key, en: key }) };
    }
  };
