import { many, one } from '@leadsea/crm-core';
import type { Kit, EventInput, VerbContext } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { ipKey } from '../domain/identity/ip-range';
import type { LeadsService } from './leads';

/** Joins leads that are here already to accounts whose ranges were added. */
export const RANGES_JOB = 'leads.account-ranges';
export const ASK = 'account-ip';
const CHANNEL = 'crm_account_ranges';
const BATCH = 5000;
const CHANGES = 500;

/** Whether there are any ranges; unknown until asked. */
const known = new WeakMap<Kit, boolean>();

export const mayHaveRanges = (kit: Kit): boolean => known.get(kit) ?? true;

async function look(kit: Kit): Promise<void> {
  known.set(kit, (await one(kit.db, 'SELECT 1 FROM crm_account_ranges LIMIT 1', [])) !== null);
}

/** Keeps in mind whether there are ranges, so that a capture is not charged for a table nobody has filled. */
export async function watchRanges(kit: Kit): Promise<void> {
  kit.live.on(CHANNEL, () => {
    look(kit).catch((error: unknown) => kit.log.error('The address ranges of accounts could not be read.', error));
  });
  await look(kit);
}

/** Tells every node that there are ranges or none, and queues the look at the leads that are here. */
async function rangesChanged(kit: Kit, trx: Knex.Transaction, added: boolean): Promise<void> {
  if (added) known.set(kit, true);
  await trx.raw(`SELECT pg_notify('${CHANNEL}', '')`);
  if (added) await kit.jobs.enqueue(trx, [{ kind: RANGES_JOB, payload: {}, key: RANGES_JOB }]);
}

/** A network of an account, with the text it was written as. */
export interface RangeInput {
  readonly account: number;
  readonly network: string;
  readonly written: string;
}

const PUT = `
  INSERT INTO crm_account_ranges AS r (account_id, network, range, created_at)
  SELECT n.account, n.network, n.written, ? FROM jsonb_to_recordset(?::jsonb) AS n(account int, network cidr, written text) ORDER BY n.network
  ON CONFLICT (network) DO UPDATE SET account_id = excluded.account_id, range = excluded.range, created_at = excluded.created_at
  RETURNING r.id`;

/** Adds networks in one statement; a network belongs to one account at a time: the last one that names it. Returns their ids. */
async function putRanges(trx: Knex.Transaction, ranges: readonly RangeInput[], now: Date): Promise<number[]> {
  const last = new Map(ranges.map((range) => [range.network, range]));
  if (last.size === 0) return [];
  const rows = await many<{ id: number }>(trx, PUT, [now, JSON.stringify([...last.values()])]);
  return rows.map(({ id }) => id);
}

/** Who held networks before: of an account they are taken from, its history tells too. */
interface Held {
  readonly network: string;
  readonly account: number;
}

const grouped = (rows: readonly Held[]): Map<number, string[]> => {
  const byAccount = new Map<number, string[]>();
  for (const { account, network } of rows) byAccount.set(account, [...(byAccount.get(account) ?? []), network]);
  return byAccount;
};

/** What becomes of networks, in the history of each account that got or lost some; what stays where it was is no change. */
function rangeEvents(added: readonly Held[], removed: readonly Held[]): EventInput[] {
  const told = (rows: readonly Held[], type: string, side: 'before' | 'after'): EventInput[] =>
    [...grouped(rows)].map(([account, networks]) => ({ subject: 'account', subjectId: account, type, [side]: { networks } }));
  return [...told(removed, 'account.networks_removed', 'before'), ...told(added, 'account.networks_added', 'after')];
}

/**
 * Puts networks into force and tells it in the history of the accounts, in a constant number of statements. One at a time in the whole
 * installation, so that what is told to have been taken from an account was there. Returns the ids of the networks.
 */
export async function keepRanges(
  kit: Kit,
  trx: Knex.Transaction,
  ranges: readonly RangeInput[],
  { actor, now, requestId }: VerbContext,
  cause: 'edit' | 'import',
): Promise<number[]> {
  if (ranges.length === 0) return [];
  await trx.raw(`SELECT pg_advisory_xact_lock(hashtextextended('crm_account_ranges', 0))`);
  const before = await many<Held>(
    trx,
    'SELECT network::text AS network, account_id AS account FROM crm_account_ranges WHERE network = ANY(?::cidr[])',
    [ranges.map(({ network }) => network)],
  );
  const ids = await putRanges(trx, ranges, now);
  const holder = new Map(before.map(({ network, account }) => [network, account]));
  const last = [...new Map(ranges.map((range) => [range.network, range])).values()];
  const added = last.filter(({ network, account }) => holder.get(network) !== account);
  const taken = new Map(added.map(({ network, account }) => [network, account]));
  const removed = before.filter(({ network }) => taken.has(network));
  await kit.events.append(trx, rangeEvents(added, removed), actor, { type: cause, id: requestId }, now);
  await rangesChanged(kit, trx, true);
  return ids;
}

/** Takes a network from its account; nothing where it is gone already. */
export async function dropRange(kit: Kit, trx: Knex.Transaction, id: number, { actor, now, requestId }: VerbContext): Promise<void> {
  const gone = await many<Held>(
    trx,
    'DELETE FROM crm_account_ranges WHERE id = ? RETURNING network::text AS network, account_id AS account',
    [id],
  );
  await kit.events.append(trx, rangeEvents([], gone), actor, { type: 'edit', id: requestId }, now);
  await rangesChanged(kit, trx, false);
}

/** Address → the account whose narrowest network holds it, with that network. One statement, an index look-up each. */
export async function accountsByIp(
  db: Knex,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, { readonly account: number; readonly network: string }>> {
  const rows = await many<{ ip: string; account: number; network: string }>(
    db,
    `SELECT q.ip, r.account_id AS account, r.network::text AS network FROM unnest(?::text[]) q(ip)
     CROSS JOIN LATERAL (SELECT account_id, network FROM crm_account_ranges WHERE network >>= q.ip::inet ORDER BY masklen(network) DESC LIMIT 1) r`,
    [[...new Set(addresses)]],
  );
  return new Map(rows.map(({ ip, account, network }) => [ip, { account, network }]));
}

interface Waiting {
  readonly id: number;
  readonly ip: string;
}

/** The job `leads.account-ranges`: leads without an account that came from a known range go through the door again and are joined there. */
export function handleRanges(kit: Kit, leads: Pick<LeadsService, 'apply'>): void {
  kit.jobs.handle(RANGES_JOB, async (job) => {
    await job.freeKey();
    for (let after = 0; !job.shouldStop();) {
      const rows = await many<Waiting>(
        kit.db,
        `SELECT id, ip FROM crm_leads WHERE id > ? AND account_id IS NULL AND ip IS NOT NULL AND merged_into IS NULL ORDER BY id LIMIT ${BATCH}`,
        [after],
      );
      if (rows.length === 0) return;
      const keyed = rows.flatMap(({ id, ip }) => {
        const key = ipKey(ip);
        return key === null ? [] : [{ id, key }];
      });
      const found = await accountsByIp(
        kit.db,
        keyed.map(({ key }) => key),
      );
      const ids = keyed.filter(({ key }) => found.has(key)).map(({ id }) => id);
      for (let start = 0; start < ids.length; start += CHANGES) {
        await leads.apply({
          changes: ids.slice(start, start + CHANGES).map((id) => ({ op: 'touch', id, ask: [ASK] })),
          actor: kit.actors.system('Accounts'),
          cause: { type: 'account-ranges' },
          now: kit.clock.now(),
        });
      }
      after = rows.at(-1)?.id ?? after;
      await job.progress(after, null);
    }
  });
}
