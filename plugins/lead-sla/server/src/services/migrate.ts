import { badRequest, type Actor, type Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { happen, type Happening } from '../domain/happening';
import { metricsOf } from '../domain/lead-clock';
import { effectOf } from '../domain/revise';
import { carryOut } from './change-clocks';
import { findClocks, lockClocks } from './clock-store';
import { contractsInForce } from './in-force';
import { lockConcerned } from './notices';
import { loadShelf } from './shelf';

const BATCH = 1000;

export interface Migration {
  readonly clocks: number;
  readonly moved: number;
  readonly breached: number;
  /** Clocks of metrics the version in force does not have: they go on as they are. */
  readonly retired: number;
  readonly applied: boolean;
}

const OPEN = `c.state IN ('running', 'paused', 'blocked', 'breached_open')`;

/** R-35 `migrate`: open clocks of other versions go on under the one in force, a thousand at a time; a preview writes nothing. */
export async function migrateClocks(kit: Kit, contractId: number, apply: boolean, actor: Actor, now: Date): Promise<Migration> {
  const running = (await contractsInForce(kit, now)).find((one) => one.contractId === contractId);
  if (!running) throw badRequest('CONTRACT_NOT_RUNNING', 'No version of this contract is in force.');
  const { versionId, body } = running;
  const known = metricsOf(body).map((metric) => metric.key);
  const total = { clocks: 0, moved: 0, breached: 0 };
  const happening: Happening = { kind: 'migrate', versionId };
  const batch = async (trx: Knex.Transaction, after: number): Promise<number | null> => {
    const seen = await findClocks(
      trx,
      `WHERE c.contract_id = ? AND c.version_id <> ? AND c.metric = ANY(?::text[]) AND ${OPEN} AND c.id > ? ORDER BY c.id LIMIT ${BATCH}`,
      [contractId, versionId, known, after],
    );
    const last = seen[seen.length - 1];
    if (!last) return null;
    if (apply)
      await lockConcerned(
        trx,
        seen.map((clock) => clock.leadId),
        now,
      );
    const clocks = apply
      ? (
          await lockClocks(
            trx,
            seen.map((clock) => clock.id),
          )
        ).filter((clock) => clock.segmentSince !== null)
      : seen;
    const shelf = await loadShelf(kit, clocks, { versions: [versionId] });
    const steps = apply
      ? await carryOut(
          kit,
          trx,
          clocks.map((clock) => ({ clock, happening })),
          shelf,
          { actor, cause: { type: 'migrate', id: String(contractId) } },
          now,
        )
      : clocks.map((clock) => happen(clock, happening, [], shelf, now));
    steps.forEach((step, index) => {
      const effect = effectOf(clocks[index]!, step);
      total.clocks += 1;
      total.moved += Number(effect.moved);
      total.breached += Number(effect.breached);
    });
    return last.id;
  };
  for (let after: number | null = 0; after !== null;) {
    const from: number = after;
    after = await kit.db.transaction((trx) => batch(trx, from));
  }
  const [retired] = await kit
    .db('crm_sla_clocks as c')
    .where({ contract_id: contractId })
    .whereNotIn('metric', known)
    .whereIn('state', ['running', 'paused', 'blocked', 'breached_open'])
    .count<{ count: string }[]>();
  return { ...total, retired: Number(retired?.count ?? 0), applied: apply };
}
