import { facts } from '@leadsea/crm-core';
import type { FactDefinition, Kit } from '@leadsea/crm-core';
import type { Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { AccountScoring } from '../../../contracts';
import { accountScore } from '../domain/account';
import type { AccountLead, AccountScore } from '../domain/account';
import { bind, join, raw, sql } from '../sql/fragments';
import { rowsOf } from './evaluate';
import { compilerFor, liveModels } from './models';

/** Scores companies whose leads were graded since they were scored last. Queued once however many leads change. */
export const ACCOUNTS_JOB = 'grading.accounts';
const BATCH = 500;

interface LeadScore extends AccountLead {
  readonly account_id: number;
}

interface Before {
  readonly id: number;
  readonly qualified: boolean;
}

/** The scoring of the first live model that has one. */
async function scoringOf(kit: Kit): Promise<AccountScoring | null> {
  return (await liveModels(kit)).find(({ body }) => body.account)?.body.account ?? null;
}

async function leadsOf(
  kit: Kit,
  trx: Knex.Transaction,
  scoring: AccountScoring,
  accounts: readonly number[],
): Promise<readonly LeadScore[]> {
  const compile = compilerFor(kit, 'l', kit.clock.now());
  const arms = scoring.roles.map((role, index) => sql`WHEN (${compile(role.when)}) THEN ${index}`);
  const role = arms.length === 0 ? raw('NULL::int') : sql`CASE ${join(arms, ' ')} END`;
  return rowsOf<LeadScore>(
    trx,
    sql`SELECT l.account_id, l.id, coalesce(l.score, 0) AS score, ${role} AS role FROM crm_leads l
      WHERE l.account_id = ANY(${bind('int[]', [...accounts])}) AND l.merged_into IS NULL AND l.label IS DISTINCT FROM 'disqualified' ORDER BY l.id`,
  );
}

/** Scores one batch and tells of companies that have become qualified; their leads are looked at again, as their conditions may ask for it. */
async function scoreBatch(kit: Kit, leads: Leads, scoring: AccountScoring, accounts: readonly number[]): Promise<void> {
  await kit.db.transaction(async (trx) => {
    const now = kit.clock.now();
    // Two runs side by side would both find a company not qualified yet and tell of it twice.
    await trx.raw(`SELECT pg_advisory_xact_lock(hashtext('${ACCOUNTS_JOB}'))`);
    const rows = await leadsOf(kit, trx, scoring, accounts);
    const before = new Map((await trx<Before>('crm_account_scores').whereIn('id', [...accounts])).map((row) => [row.id, row]));
    const scores = accounts.map((id) => ({
      id,
      ...accountScore(
        scoring,
        rows.filter((row) => row.account_id === id),
      ),
    }));
    await trx.raw(
      `INSERT INTO crm_account_scores (id, score, qualified, breadth, missing, leads, champion_id, at)
       SELECT id, score, qualified, breadth, missing, leads, champion, ?::timestamptz FROM jsonb_to_recordset(?::jsonb) x(id int, score int, qualified boolean, breadth int, missing jsonb, leads int, champion int)
       ON CONFLICT (id) DO UPDATE SET score = excluded.score, qualified = excluded.qualified, breadth = excluded.breadth, missing = excluded.missing,
         leads = excluded.leads, champion_id = excluded.champion_id, at = excluded.at`,
      [now, JSON.stringify(scores)],
    );
    const risen = scores.filter(({ id, qualified }) => qualified && before.get(id)?.qualified !== true);
    if (risen.length === 0) return;
    const actor = kit.actors.system('grading');
    const eventOf = ({ id, score, breadth }: AccountScore & { id: number }) => ({
      subject: 'account',
      subjectId: id,
      type: 'account.qualified',
      after: { score, breadth },
    });
    await kit.events.append(trx, risen.map(eventOf), actor, { type: 'grading' }, now);
    const members = new Set(risen.map(({ id }) => id));
    const changes = rows.filter((row) => members.has(row.account_id)).map(({ id }) => ({ op: 'touch' as const, id, ask: ['regrade'] }));
    await leads.apply({ changes, actor, cause: { type: 'grading', id: 'account.qualified' }, now, trx });
  });
}

/** The job `grading.accounts`; every company anew with `{ all: true }`, else those with a lead graded or moved since. */
export function handleAccounts(kit: Kit, leads: Leads): void {
  kit.jobs.handle(ACCOUNTS_JOB, async (job) => {
    const scoring = await scoringOf(kit);
    if (!scoring) return;
    await job.freeKey();
    const all = job.payload['all'] === true;
    let after = 0;
    for (;;) {
      if (job.shouldStop()) return;
      const rows = await rowsOf<{ id: number }>(
        kit.db,
        sql`SELECT a.id FROM crm_accounts a LEFT JOIN crm_account_scores s ON s.id = a.id
          WHERE a.id > ${after} AND (${raw(all ? 'TRUE' : 'FALSE')} OR s.id IS NULL OR s.leads <> (SELECT count(*) FROM crm_leads n WHERE n.account_id = a.id AND n.merged_into IS NULL AND n.label IS DISTINCT FROM 'disqualified')
            OR EXISTS (SELECT 1 FROM crm_leads l WHERE l.account_id = a.id AND l.graded_at >= s.at)) ORDER BY a.id LIMIT ${BATCH}`,
      );
      const ids = rows.map((row) => row.id);
      if (ids.length === 0) return;
      await scoreBatch(kit, leads, scoring, ids);
      after = ids.at(-1) ?? after;
      await job.progress(after, null);
    }
  });
}

/** The company's score as facts of its leads, for conditions: `account.score`, `account.qualified`, `account.breadth`. */
export const accountFacts: readonly FactDefinition[] = facts.factsFromRelated({
  subject: 'lead',
  prefix: 'account',
  table: 'crm_account_scores',
  foreignKey: 'account_id',
  accessResource: 'accounts',
  facts: [
    { name: 'score', type: 'number', label: { zh: '客户得分', en: 'Account score' } },
    { name: 'qualified', type: 'boolean', label: { zh: '客户已合格', en: 'Account qualified' } },
    { name: 'breadth', type: 'number', label: { zh: '参与角色数', en: 'Roles engaged' } },
  ],
});
