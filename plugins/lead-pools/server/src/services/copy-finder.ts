import { many } from '@leadsea/crm-core';
import type { LocalisedText, NoticeInput } from '@leadsea/crm-core';
import { nameKey, soundKey } from '@leadsea/leads';
import type { Entry, LeadRow, Reactor, WorkingSet } from '@leadsea/leads';
import { FAIR_PLAY_DEFAULTS } from '../../../contracts';
import { likenessOf, type Likeness, type Who } from '../domain/copies';
import { managersOf } from './managers';
import type { LivePool, PoolDirectory } from './pools';

/** Of a large company only so many leads are looked through. */
const COLLEAGUES = 500;
/** A lead is suspected to be one lead of the pool, not many. */
interface Pooled {
  readonly typed: number;
  readonly id: number;
  readonly pool_id: number;
  readonly name: string | null;
  readonly company_key: string | null;
  readonly account_id: number | null;
  readonly domain_key: string | null;
  readonly linked: boolean;
}

interface Suspicion extends Likeness {
  readonly entry: Entry;
  readonly original: number;
  readonly pool: LivePool;
}

export const COPY_NOTICE = 'pool.copy';
const WHO_COLUMNS = ['name', 'company_key', 'account_id', 'domain_key'];

const whoOf = (row: Pick<LeadRow, 'name' | 'company_key' | 'account_id' | 'domain_key'>): Who => {
  const name = row.name === null ? null : nameKey(row.name);
  return { name, sound: soundKey(name), company: row.company_key, account: row.account_id, domain: row.domain_key };
};

/**
 * Leads somebody has just typed in: new ones, and his own whose name or company he changed. Of a file only those it gives to whoever brought
 * it. What arrives by forms, API or ads is nobody's trick.
 */
function typedIn(set: WorkingSet): readonly Entry[] {
  return set.entries.filter(({ id, isNew, row, changed }) => {
    const actor = set.actorOf(id);
    if (actor.memberId === null || (row.company_key === null && row.account_id === null && row.duplicate_of === null)) return false;
    const own = row.owner_id === actor.memberId;
    if (isNew) return actor.kind === 'member' || (actor.kind === 'import' && own);
    return actor.kind === 'member' && own && WHO_COLUMNS.some((column) => changed.has(column));
  });
}

/** Leads lying in these pools at the same company or account, and those the door has linked; of an edited lead only when he made it. One statement, by index. */
const pooledNear = (set: WorkingSet, entries: readonly Entry[], pools: readonly number[]): Promise<Pooled[]> => {
  const columns = 'l.id, l.pool_id, l.owner_id, l.name, l.company_key, l.account_id, l.domain_key';
  const near = (where: string, linked = false): string =>
    `(SELECT x.*, ${linked} AS linked FROM (SELECT ${columns} FROM crm_leads l WHERE ${where} AND l.merged_into IS NULL LIMIT ${COLLEAGUES}) x
      WHERE x.pool_id = ANY(?::int[]) AND x.owner_id IS NULL)`;
  return many<Pooled>(
    set.trx,
    `SELECT DISTINCT ON (n.id, o.id) n.id AS typed, o.* FROM unnest(?::int[], ?::text[], ?::int[], ?::int[], ?::int[]) AS n(id, company, account, double, edited_by)
     JOIN LATERAL (${near('l.company_key = n.company')} UNION ALL ${near('l.account_id = n.account')} UNION ALL ${near('l.id = n.double', true)}) o ON o.id <> n.id
     WHERE n.edited_by IS NULL OR EXISTS (SELECT 1 FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = n.id AND e.type = 'lead.created' AND e.actor_id = n.edited_by)
     ORDER BY n.id, o.id, o.linked DESC`,
    [
      entries.map(({ id }) => id),
      entries.map(({ row }) => row.company_key),
      entries.map(({ row }) => row.account_id),
      entries.map(({ row }) => row.duplicate_of),
      entries.map(({ id, isNew }) => (isNew ? null : set.actorOf(id).memberId)),
      ...Array.from({ length: 3 }, () => [...pools]),
    ],
  );
};

/** The most alike one of a person's pools, where it is alike enough for that pool. */
function mostAlike(entry: Entry, near: readonly Pooled[], pools: ReadonlyMap<number, LivePool>): Suspicion | null {
  const who = whoOf(entry.row);
  const suspicions = near.flatMap((one): Suspicion[] => {
    const pool = pools.get(one.pool_id);
    const enough = (pool?.body.fairPlay ?? FAIR_PLAY_DEFAULTS).likeness;
    const found = likenessOf(who, whoOf(one), { linked: one.linked });
    return pool && enough !== null && found && found.share >= enough ? [{ ...found, entry, original: one.id, pool }] : [];
  });
  return suspicions.sort((a, b) => b.share - a.share || a.original - b.original)[0] ?? null;
}

const TO_MANAGERS = (person: string): LocalisedText => ({
  zh: `${person} 录入的线索疑似公海中的线索`,
  en: `${person} entered a lead that looks like one in the pool`,
});
const TO_TYPIST = (lead: string): LocalisedText => ({
  zh: `你录入的“${lead}”疑似公海中的线索，等待公海管理员确认`,
  en: `"${lead}", which you entered, looks like a lead in a pool; its administrator decides`,
});

/** Tells the person and, once for all leads of a change set, those who manage each pool. */
async function tell(set: WorkingSet, suspicions: readonly Suspicion[]): Promise<void> {
  const notices: NoticeInput[] = suspicions.map(({ entry: { id, row } }) => ({
    memberId: set.actorOf(id).memberId!,
    type: COPY_NOTICE,
    subject: 'lead',
    subjectId: id,
    title: TO_TYPIST(row.name ?? row.company ?? `#${id}`),
    link: `/leads/${id}`,
  }));
  for (const pool of new Set(suspicions.map((one) => one.pool))) {
    const [first] = suspicions.filter((one) => one.pool === pool);
    for (const memberId of await managersOf(set.trx, pool))
      notices.push({ memberId, type: COPY_NOTICE, title: TO_MANAGERS(set.actorOf(first!.entry.id).name), link: '/pools/fair-play' });
  }
  for (const notice of notices) set.notify(notice);
}

/**
 * A lead typed in that looks like one lying in a pool its author may claim from is suspected to be that one, so as to have it without a
 * claim. It is only told and kept for the pool's administrator: nothing is withheld on a likeness. Pairs that were judged are not raised again.
 */
export const copyReactor = (pools: PoolDirectory): Reactor => ({
  stage: 'hold',
  name: 'pool-copies',
  run: async (set) => {
    const typed = set.dryRun || set.cause.type === 'undo' ? [] : typedIn(set);
    if (typed.length === 0) return;
    const looked = (await pools.all()).filter((pool) => (pool.body.fairPlay ?? FAIR_PLAY_DEFAULTS).likeness !== null);
    const mine = new Map<LivePool, ReadonlySet<number | null>>();
    const authors = new Map(typed.map(({ id }) => [set.actorOf(id).memberId, set.actorOf(id)]));
    for (const pool of looked) {
      const claimants: (number | null)[] = [];
      for (const [memberId, actor] of authors) if ((await pools.rightsOf(pool, actor)).has('claim')) claimants.push(memberId);
      if (claimants.length > 0) mine.set(pool, new Set(claimants));
    }
    if (mine.size === 0) return;
    const near = await pooledNear(
      set,
      typed,
      [...mine.keys()].map((pool) => pool.policyId),
    );
    const suspicions = typed.flatMap((entry): Suspicion[] => {
      const author = set.actorOf(entry.id).memberId;
      const open = new Map([...mine].filter(([, who]) => who.has(author)).map(([pool]) => [pool.policyId, pool]));
      const found = mostAlike(
        entry,
        near.filter((one) => one.typed === entry.id),
        open,
      );
      return found ? [found] : [];
    });
    await raise(set, suspicions);
  },
});

async function raise(set: WorkingSet, suspicions: readonly Suspicion[]): Promise<void> {
  if (suspicions.length === 0) return;
  const known = await many<{ lead_id: number; original_id: number }>(
    set.trx,
    'SELECT lead_id, original_id FROM crm_pool_copies WHERE lead_id = ANY(?::int[])',
    [suspicions.map(({ entry }) => entry.id)],
  );
  const fresh = suspicions.filter(
    ({ entry, original }) => !known.some((pair) => pair.lead_id === entry.id && pair.original_id === original),
  );
  if (fresh.length === 0) return;
  for (const { entry, original, pool, share, grounds } of fresh)
    set.emit({
      subject: 'lead',
      subjectId: entry.id,
      type: 'lead.copy_suspected',
      policyVersionId: pool.versionId,
      data: { of: original, pool: pool.key, likeness: share, grounds },
    });
  set.defer(async (trx) => {
    await trx.raw(
      `INSERT INTO crm_pool_copies (lead_id, original_id, pool_id, member_id, state, likeness, grounds, at)
       SELECT lead, original, pool, member, 'suspected', likeness, grounds::jsonb, ? FROM unnest(?::int[], ?::int[], ?::int[], ?::int[], ?::real[], ?::text[]) AS t(lead, original, pool, member, likeness, grounds)
       ON CONFLICT (lead_id, original_id) DO NOTHING`,
      [
        set.now,
        fresh.map(({ entry }) => entry.id),
        fresh.map(({ original }) => original),
        fresh.map(({ pool }) => pool.policyId),
        fresh.map(({ entry }) => set.actorOf(entry.id).memberId),
        fresh.map(({ share }) => share),
        fresh.map(({ grounds }) => JSON.stringify(grounds)),
      ],
    );
  });
  await tell(set, fresh);
}
