import { calendarTime, insertRow, many, type EventInput, type Kit, type TimerHandler } from '@leadsea/crm-core';
import { closedStages, type LeadRow, type Reactor, type StageGuard, type WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { HandOffRules } from '../../../contracts';
import { checkBant, handOffMove, type HandOffState } from '../domain/hand-off';
import { contractsInForce, type ContractVersion } from './in-force';

export interface HandOffRow {
  readonly id: number;
  readonly lead_id: number;
  readonly number: number;
  readonly contract_id: number;
  readonly version_id: number;
  readonly state: HandOffState;
  readonly offered_to: number | null;
  readonly reason: string | null;
  readonly replied_at: Date | null;
}

interface Rules {
  readonly version: ContractVersion;
  readonly rules: HandOffRules;
}

/** The hand-off of the first contract in force that has one. */
export async function handOffRules(kit: Kit, now: Date): Promise<Rules | null> {
  const version = (await contractsInForce(kit, now)).find((one) => one.body.handOff);
  return version?.body.handOff ? { version, rules: version.body.handOff } : null;
}

const latestOf = (trx: Knex | Knex.Transaction, leadIds: readonly number[]): Promise<HandOffRow[]> =>
  leadIds.length === 0
    ? Promise.resolve([])
    : many<HandOffRow>(trx, 'SELECT * FROM crm_sla_hand_offs WHERE lead_id = ANY(?::int[]) AND latest', [[...leadIds]]);

export const handOffEvent = (
  row: Pick<HandOffRow, 'lead_id' | 'version_id' | 'number'>,
  type: string,
  data: Record<string, unknown> = {},
): EventInput => ({
  subject: 'lead',
  subjectId: row.lead_id,
  type: `handoff.${type}`,
  policyVersionId: row.version_id,
  data: { number: row.number, ...data },
});

export const handOffTimer = (lead: number): string => `sla-hand-off:${lead}`;
const timer = (lead: number, dueAt: Date) => ({ kind: 'sla.hand-off', key: handOffTimer(lead), subject: 'lead', subjectId: lead, dueAt });

interface Move {
  readonly row: LeadRow;
  readonly known: HandOffRow | null;
  readonly move: NonNullable<ReturnType<typeof handOffMove>>;
}

async function expiryOf(kit: Kit, { version, rules }: Rules, now: Date): Promise<Date> {
  const calendar = await kit.calendar(version.body.calendar);
  const due = calendar ? calendarTime.add(calendar, now, rules.answerSeconds) : null;
  return due?.ok ? due.at : new Date(now.getTime() + rules.answerSeconds * 1000);
}

/** Offers of a change set: written at once, because clocks ask about them in the same change set. */
async function offer(set: WorkingSet, found: Rules, moves: readonly Move[], expiresAt: Date): Promise<void> {
  if (moves.length === 0) return;
  const { trx, now } = set;
  await trx.raw('UPDATE crm_sla_hand_offs SET latest = false WHERE latest AND lead_id = ANY(?::int[])', [moves.map(({ row }) => row.id)]);
  const rows = moves.map(({ row, known }) => ({
    lead_id: row.id,
    number: (known?.number ?? 0) + 1,
    latest: true,
    contract_id: found.version.contractId,
    version_id: found.version.versionId,
    state: 'offered' as const,
    offered_at: now,
    offered_to: row.owner_id,
    expires_at: expiresAt,
  }));
  await trx.batchInsert('crm_sla_hand_offs', rows, 1000);
  for (const row of rows) {
    set.emit(handOffEvent(row, 'offered', { to: row.offered_to, expiresAt }));
    set.arm(timer(row.lead_id, expiresAt));
  }
}

async function answer(
  set: WorkingSet,
  { rules }: Rules,
  moves: readonly Move[],
  state: 'accepted' | 'confirmed' | 'withdrawn',
): Promise<void> {
  const known = moves.flatMap(({ known: row }) => (row ? [row] : []));
  if (known.length === 0) return;
  const { trx, now } = set;
  const confirmBy = state === 'accepted' && rules.confirmWithinDays ? new Date(now.getTime() + rules.confirmWithinDays * 86_400_000) : null;
  await trx.raw(
    `UPDATE crm_sla_hand_offs h SET state = ?, answered_at = coalesce(answered_at, ?), answered_by = coalesce(answered_by, a.member), confirm_by = ?,
       confirmed_at = CASE WHEN ? = 'confirmed' THEN ?::timestamptz END FROM unnest(?::int[], ?::int[]) AS a(id, member) WHERE h.id = a.id`,
    [state, now, confirmBy, state, now, known.map((row) => row.id), known.map((row) => set.actorOf(row.lead_id).memberId)],
  );
  for (const row of known) {
    set.emit(handOffEvent(row, state));
    if (confirmBy) set.arm(timer(row.lead_id, confirmBy));
    else set.disarm(handOffTimer(row.lead_id));
  }
}

/** Follows leads between the stages of a hand-off: offered, accepted, confirmed, withdrawn. Nothing without a contract that has one. */
export const handOffReactor: Reactor = {
  stage: 'clocks',
  name: 'sla-hand-off',
  run: async (set) => {
    const moved = set.entries.filter(({ isNew, changed }) => isNew || changed.has('stage'));
    if (moved.length === 0) return;
    const found = await handOffRules(set.kit, set.now);
    if (!found) return;
    const { rules } = found;
    const known = new Map(
      (
        await latestOf(
          set.trx,
          moved.filter((entry) => !entry.isNew).map((entry) => entry.id),
        )
      ).map((row) => [row.lead_id, row]),
    );
    const closed = await closedStages(set.kit);
    const moves = moved.flatMap(({ row, before }): Move[] => {
      if (row.quarantine !== null || row.is_test) return [];
      const latest = known.get(row.id) ?? null;
      const move = handOffMove(rules, latest?.state ?? null, before?.stage ?? null, row.stage, closed);
      return move ? [{ row: { ...row }, known: latest, move }] : [];
    });
    if (moves.length === 0) return;
    const of = (kind: Move['move']): Move[] => moves.filter((one) => one.move === kind);
    await offer(set, found, of('offer'), await expiryOf(set.kit, found, set.now));
    await answer(set, found, of('accept'), 'accepted');
    await answer(set, found, of('confirm'), 'confirmed');
    await answer(set, found, of('withdraw'), 'withdrawn');
  },
};

/** Nobody confirms a lead whose BANT is not known as agreed. */
export const bantGuard =
  (kit: Kit): StageGuard =>
  async (rows, targetOf, now) => {
    const found = await handOffRules(kit, now);
    if (!found || found.rules.bant.length === 0) return new Map();
    return new Map(
      rows.flatMap((row) => {
        if (targetOf(row) !== found.rules.confirmed) return [];
        const findings = checkBant(row.bant, found.rules, now);
        const message = `Sales confirms only what is known: ${findings.map(({ part, problem }) => `${part} (${problem})`).join(', ')}.`;
        return findings.length > 0 ? [[row.id, { code: 'BANT_INCOMPLETE', message, details: { findings } }] as const] : [];
      }),
    );
  };

/** `sla.hand-off`: an offer nobody answered expires; an accepted lead that was not confirmed has to be confirmed again. */
export const onHandOffDue =
  (kit: Kit): TimerHandler =>
  async (trx, due, now) => {
    const rows = await many<HandOffRow & { name: string | null; manager_id: number | null; owner_id: number | null }>(
      trx,
      `SELECT h.*, coalesce(l.name, l.company) AS name, l.owner_id, m.manager_id FROM crm_sla_hand_offs h JOIN crm_leads l ON l.id = h.lead_id
       LEFT JOIN crm_members m ON m.id = l.owner_id WHERE h.lead_id = ANY(?::int[]) AND h.latest AND h.state IN ('offered', 'accepted')
       ORDER BY h.id FOR UPDATE OF h`,
      [due.map((one) => one.subjectId)],
    );
    const expired = rows.filter((row) => row.state === 'offered');
    if (expired.length > 0) {
      await trx.raw(`UPDATE crm_sla_hand_offs SET state = 'expired' WHERE id = ANY(?::int[])`, [expired.map((row) => row.id)]);
      await kit.events.append(
        trx,
        expired.map((row) => handOffEvent(row, 'expired')),
        kit.actors.system('SLA'),
        { type: 'timer', id: 'sla.hand-off' },
        now,
      );
    }
    const stale = rows.filter((row) => row.state === 'accepted' && row.owner_id !== null);
    for (const row of stale) {
      const title = { zh: `请再次确认：${row.name ?? `#${row.lead_id}`}`, en: `Confirm again: ${row.name ?? `#${row.lead_id}`}` };
      const task = {
        lead_id: row.lead_id,
        owner_id: row.owner_id,
        kind: 'review',
        key: 'hand-off-confirm',
        title,
        due_at: now,
        state: 'open',
      };
      await trx.raw(
        `UPDATE crm_tasks SET state = 'cancelled', closed_at = ? WHERE lead_id = ? AND key = 'hand-off-confirm' AND state = 'open'`,
        [now, row.lead_id],
      );
      await insertRow(trx, 'crm_tasks', task, now);
    }
    await kit.notify(
      trx,
      expired.flatMap((row) =>
        [row.owner_id, row.manager_id].flatMap((memberId) =>
          memberId === null
            ? []
            : [
                {
                  memberId,
                  type: 'sla.hand-off',
                  subject: 'lead',
                  subjectId: row.lead_id,
                  title: {
                    zh: `移交超期未答复：${row.name ?? `#${row.lead_id}`}`,
                    en: `Nobody has answered the offer: ${row.name ?? `#${row.lead_id}`}`,
                  },
                  link: `/leads/${row.lead_id}`,
                },
              ],
        ),
      ),
      now,
    );
  };
