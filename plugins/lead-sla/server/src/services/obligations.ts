import type { EventInput, Kit, TimerHandler } from '@leadsea/crm-core';
import type { ActivityRow, Entry, Leads, Reactor, WorkingSet } from '@leadsea/leads';
import type { Contract, TouchObligation } from '../../../contracts';
import { isEvidence } from '../domain/evidence';
import { ENDED_WITH_HOLDING, judgeObligation, progressOf, type TakenBack, type Touch, type Verdict } from '../domain/obligation';
import { contractsInForce, type ContractVersion } from './in-force';
import { conditionsOfObligation, type ObligationRow, type ObligationWrite } from './obligation-store';
import * as store from './obligation-store';
import { carryOutMisses } from './obligation-breach';
import { pairKey } from './metrics';

interface Ref {
  readonly version: Pick<ContractVersion, 'contractId' | 'versionId'>;
  readonly rule: TouchObligation;
  readonly live: boolean;
}

const refKey = ({ version, rule }: Ref): string => `${version.versionId}:${rule.key}`;
const touchRules = (body: Contract): TouchObligation[] =>
  (body.obligations ?? []).filter((one): one is TouchObligation => one.kind === 'touch');

async function refsFor(kit: Kit, open: readonly ObligationRow[], now: Date): Promise<Ref[]> {
  const live = (await contractsInForce(kit, now)).flatMap((version) =>
    touchRules(version.body).map((rule): Ref => ({ version, rule, live: true })),
  );
  const known = new Set(live.map(({ version }) => version.versionId));
  const older = await Promise.all(
    [...new Set(open.map((row) => row.version_id))].filter((id) => !known.has(id)).map((id) => kit.policies.version<Contract>(id)),
  );
  return [
    ...live,
    ...older.flatMap(({ policyId, versionId, body }) =>
      touchRules(body).map((rule): Ref => ({ version: { contractId: policyId, versionId }, rule, live: false })),
    ),
  ];
}

/** Touches of a lead that are evidence for a rule: of kinds it counts, by the owner or whoever the rule names. */
function touchesOf(rule: TouchObligation, activities: readonly ActivityRow[], parties: Parameters<typeof isEvidence>[2]): Touch[] {
  const kinds = Object.keys(rule.minCounts);
  const evidence = {
    ...rule.evidence,
    kinds: rule.minChannels > kinds.length ? [...kinds, 'call', 'mail', 'message', 'meeting', 'visit'] : kinds,
  };
  return activities.filter((one) => isEvidence(one, evidence, parties)).map(({ id, kind, occurred_at: at }) => ({ id, kind, at }));
}

const event = (lead: number, row: Pick<ObligationRow, 'key' | 'label' | 'version_id'>, state: string, verdict: Verdict): EventInput => ({
  subject: 'lead',
  subjectId: lead,
  type: `obligation.${state}`,
  policyVersionId: row.version_id,
  data: {
    key: row.key,
    label: row.label,
    reason: verdict.reason,
    missing: verdict.progress.missing,
    counts: verdict.progress.counts,
    at: verdict.at,
  },
});

interface Judged {
  readonly rule: TouchObligation;
  readonly write: ObligationWrite;
  readonly verdict: Verdict;
  readonly changed: boolean;
}

/** Timers of an obligation: the end of its window, and the moment from which it cannot be met any more. */
const timersOf = (id: number, lead: number, verdict: Verdict, end: Date) => {
  const due =
    verdict.state !== 'running'
      ? null
      : verdict.progress.possibleUntil && verdict.progress.possibleUntil < end
        ? verdict.progress.possibleUntil
        : end;
  return due
    ? { kind: 'sla.obligation', key: `sla-obligation:${id}`, subject: 'sla-obligation', subjectId: id, dueAt: due, payload: { lead } }
    : null;
};

const DAY = 86_400_000;

/** R-37 over a change set: opens obligations whose start has become true, and judges those that run. Nothing without a contract that has one. */
export const obligationsReactor: Reactor = {
  stage: 'clocks',
  name: 'sla-obligations',
  run: async (set) => {
    const live = (await contractsInForce(set.kit, set.now)).some((version) => touchRules(version.body).length > 0);
    const old = set.entries.filter((entry) => !entry.isNew).map((entry) => entry.id);
    if (!live && !(await store.anyOpen(set.trx, old))) return;
    const rows = await store.lockLatest(set.trx, old);
    const refs = await refsFor(
      set.kit,
      rows.filter((row) => row.state === 'running'),
      set.now,
    );
    if (refs.length === 0) return;
    const hits = await set.matches(refs.flatMap((ref) => conditionsOfObligation(refKey(ref), ref.rule)));
    const touches = await store.activitiesSince(set, rows);
    const byPair = new Map(rows.map((row) => [`${row.lead_id}:${pairKey(row.contract_id, row.key)}`, row]));
    const judged: Judged[] = [];
    const fresh: { entry: Entry; ref: Ref }[] = [];
    const replaced: ObligationRow[] = [];
    for (const entry of set.entries) {
      const held = hits.get(entry.id) ?? new Set<string>();
      for (const ref of refs) {
        const row = byPair.get(`${entry.id}:${pairKey(ref.version.contractId, ref.rule.key)}`) ?? null;
        if (row?.state === 'running' && row.version_id === ref.version.versionId)
          judged.push(judge(set, entry, row, ref, held, touches.get(entry.id) ?? []));
        else if (isFree(row) && ref.live && opens(entry, held, ref, set)) {
          if (row !== null) replaced.push({ ...row, latest: false });
          fresh.push({ entry, ref });
        }
      }
    }
    const ids = await store.nextIds(set.trx, fresh.length);
    const opened = fresh.map(({ entry, ref }, index) => open(set, entry, ref, ids[index]!));
    stage(
      set,
      judged.filter((one) => one.changed),
      opened,
      replaced,
    );
  },
};

/** One obligation per lead and contract; what ended because the lead was taken away makes room for that of its next owner. */
const isFree = (row: ObligationRow | null): boolean => row === null || (row.end_reason !== null && ENDED_WITH_HOLDING.has(row.end_reason));

/**
 * Whether a lead is taken back in this change, and for what. A pool's rule says what it counts from; a missed deadline of a clock is want of
 * follow-ups as long as none has been counted. What its owner gives back himself goes on: his side still owes it.
 */
function takenBackOf({ row, before, emitted }: Entry, done: number): TakenBack | undefined {
  if (row.owner_id !== null || (before?.owner_id ?? null) === null) return undefined;
  const recycled = emitted.findLast(({ type }) => type === 'lead.recycled');
  if (!recycled) return undefined;
  const { since, reason } = recycled.data ?? {};
  return since === 'follow-up' || (reason === 'sla-breach' && done === 0) ? 'neglected' : 'other';
}

/** Like a clock, an obligation begins when its start becomes true, not because a contract is younger than the lead. */
function opens(entry: Entry, held: ReadonlySet<string>, ref: Ref, set: WorkingSet): boolean {
  const { row } = entry;
  if (set.clocks === 'none' || row.quarantine !== null || row.is_test || row.merged_into !== null || row.owner_id === null) return false;
  if (!held.has(`${refKey(ref)}:start`) || held.has(`${refKey(ref)}:closed`)) return false;
  const ownerOf = (state: Entry['before']): number | null => state?.kept_for_id ?? state?.owner_id ?? null;
  return entry.isNew || entry.asks.has('clocks:start') || ownerOf(row) !== ownerOf(entry.before) || entry.changed.has('stage');
}

function judge(
  set: WorkingSet,
  entry: Entry,
  row: ObligationRow,
  ref: Ref,
  held: ReadonlySet<string>,
  before: readonly ActivityRow[],
): Judged {
  const activities = [...new Map([...before, ...entry.activities].map((one) => [one.id, one])).values()];
  const parties = {
    holders: [entry.row.owner_id, entry.before?.owner_id ?? null],
    leadTeamId: entry.row.team_id,
    authorTeamId: set.actorOf(entry.id).teamId,
  };
  const closed = held.has(`${refKey(ref)}:closed`);
  const touches = touchesOf(ref.rule, activities, parties);
  const takenBack = takenBackOf(entry, progressOf(ref.rule, touches, row.started_at, row.window_ends_at).counted.length);
  const facts = {
    start: held.has(`${refKey(ref)}:start`),
    closed,
    reason: entry.row.disposition,
    touches,
    ...(takenBack ? { takenBack } : {}),
  };
  const verdict = judgeObligation(ref.rule, facts, row.started_at, row.window_ends_at, set.now);
  // Who had it answers for the end of it.
  const owner = takenBack ? (entry.before?.owner_id ?? null) : entry.row.owner_id;
  const write = store.written({ ...row, owner_id: owner }, verdict);
  return { rule: ref.rule, write, verdict, changed: JSON.stringify(write) !== JSON.stringify(store.written(row, store.verdictOf(row))) };
}

function open(set: WorkingSet, entry: Entry, { version, rule }: Ref, id: number): Judged {
  const end = new Date(set.now.getTime() + rule.windowDays * DAY);
  const verdict = judgeObligation(rule, { start: true, closed: false, reason: null, touches: [] }, set.now, end, set.now);
  const row = store.fresh({
    id,
    leadId: entry.id,
    ownerId: entry.row.owner_id,
    rule,
    contractId: version.contractId,
    versionId: version.versionId,
    start: set.now,
    end,
    verdict,
  });
  return { rule, write: row, verdict, changed: true };
}

function stage(set: WorkingSet, changed: readonly Judged[], opened: readonly Judged[], replaced: readonly ObligationRow[]): void {
  for (const { write, verdict } of [...changed, ...opened]) {
    const isNew = opened.some((one) => one.write === write);
    if (isNew) set.emit(event(write.lead_id, write, 'started', verdict));
    if (verdict.state !== 'running') set.emit(event(write.lead_id, write, verdict.state, verdict));
    const timer = timersOf(write.id, write.lead_id, verdict, write.window_ends_at);
    if (timer) set.arm(timer);
    else set.disarm(`sla-obligation:${write.id}`);
  }
  const missed = changed.filter(({ verdict }) => verdict.state === 'breached');
  carryOutMisses(
    set,
    missed.map(({ rule, write }) => ({ rule, row: write })),
  );
  if (changed.length + opened.length > 0) {
    set.defer((trx) =>
      store.save(
        trx,
        [...replaced, ...changed.map((one) => one.write)],
        opened.map((one) => one.write),
      ),
    );
  }
}

/** `sla.obligation`: asks the leads again through the one door; the reactor judges, and tells those concerned. */
export const onObligation =
  (kit: Kit, leads: Leads): TimerHandler =>
  async (trx, due, now) => {
    const ids = [...new Set(due.map((timer) => Number(timer.payload['lead'])))];
    await leads.apply({
      trx,
      changes: ids.map((id) => ({ op: 'touch', id })),
      actor: kit.actors.system('SLA'),
      cause: { type: 'timer', id: 'sla.obligation' },
      now,
    });
  };
