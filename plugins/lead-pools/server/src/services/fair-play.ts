import { forbidden, many } from '@leadsea/crm-core';
import type { Actor, Kit, LocalisedText, Sql } from '@leadsea/crm-core';
import type { Reactor } from '@leadsea/leads';
import { DateTime } from 'luxon';
import {
  FAIR_PLAY_DEFAULTS,
  FAIR_PLAY_LABELS,
  FAIR_PLAY_PATTERNS,
  RELEASE_REASONS,
  type FairPlay,
  type FairPlayPattern,
} from '../../../contracts';
import { copiedWork, emptyWork, fairPlayStatement, shortCall } from './fair-play-sql';
import type { LivePool, PoolDirectory } from './pools';

interface Row {
  member: number;
  others: number[];
  leads: number[];
  at: Date;
  count: number;
  /** Only suspected: it counts until somebody has confirmed it. */
  open?: boolean;
  evidence: { event: number | null; lead: number; at: string; text: string | null }[];
}
/** How heavy each pattern weighs in a person's score. */
const WEIGHTS: Readonly<Record<FairPlayPattern, number>> = {
  swap: 5,
  reclaim: 3,
  'empty-follow-up': 1,
  'copied-follow-up': 1,
  'short-call': 1,
  'transfer-before-recycle': 3,
  'midnight-hoard': 2,
  'pool-duplicate': 5,
};
/** What is only suspected weighs little. */
const SUSPECTED = 1;
/** Work patterns whose evidence quotes what somebody wrote. */
const QUOTING: ReadonlySet<FairPlayPattern> = new Set(['empty-follow-up', 'copied-follow-up', 'short-call']);
const WORDS: Readonly<Record<string, LocalisedText>> = {
  'lead.claimed': { zh: '领取', en: 'Claimed' },
  'lead.assigned': { zh: '分配', en: 'Assigned' },
  'lead.transferred': { zh: '转移', en: 'Transferred' },
  'lead.routed': { zh: '自动分配', en: 'Routed' },
  'lead.rerouted': { zh: '重新分配', en: 'Routed again' },
  created: { zh: '录入', en: 'Typed in' },
  'in the pool': { zh: '已在公海中', en: 'Lay in the pool' },
  ...Object.fromEntries(
    RELEASE_REASONS.map((reason) => [reason.value, { zh: `释放：${reason.label.zh}`, en: `Released: ${reason.label.en}` }]),
  ),
};
const SHOWN_EVIDENCE = 20;
const QUOTED = 80;

/** What a piece of evidence says, in words: quoted work only for those who may read it. */
function wordsOf(
  pattern: FairPlayPattern,
  text: string | null,
  { quote, zone }: { readonly quote: boolean; readonly zone: string },
): LocalisedText | string | null {
  if (text === null) return null;
  if (QUOTING.has(pattern)) return quote ? text.slice(0, QUOTED) : null;
  if (pattern !== 'transfer-before-recycle') return WORDS[text] ?? text;
  const due = DateTime.fromISO(text, { zone }).toFormat('yyyy-MM-dd HH:mm');
  return { zh: `原定 ${due} 回收`, en: `Was to go back on ${due}` };
}

export interface FairPlayFilter {
  readonly from: Date;
  readonly to: Date;
  readonly pool?: number | null;
  readonly member?: number | null;
  readonly pattern?: FairPlayPattern | null;
}

/**
 * Activities that are a game and no work, as a predicate over the alias `a`: they are not counted as effective follow-ups. What is shown to
 * the administrator as evidence is exactly what does not count.
 */
export const uncountedWork = (settings: FairPlay | null | undefined): Sql => {
  const rules = settings ?? FAIR_PLAY_DEFAULTS;
  return { sql: `(a.direction = 'outbound' AND (${emptyWork(rules)} OR ${shortCall(rules)} OR ${copiedWork(rules)}))`, bindings: [] };
};

/** Patterns that game the rules of a pool, with their evidence, for those who manage it. */
export async function fairPlay(kit: Kit, pools: PoolDirectory, actor: Actor, filter: FairPlayFilter): Promise<Record<string, unknown>> {
  const all = kit.access.can(actor, 'pools', 'update');
  const managed: LivePool[] = [];
  for (const pool of await pools.all()) {
    if (filter.pool && pool.policyId !== filter.pool) continue;
    if (all || (await pools.rightsOf(pool, actor)).has('manage')) managed.push(pool);
  }
  if (managed.length === 0) throw forbidden('You manage no such pool.');
  const settings = (managed.length === 1 ? managed[0]?.body.fairPlay : null) ?? FAIR_PLAY_DEFAULTS;
  const question = { from: filter.from, to: filter.to, pools: managed.map((pool) => pool.policyId), settings };
  const patterns = FAIR_PLAY_PATTERNS.filter((pattern) => !filter.pattern || pattern === filter.pattern);
  const found: { pattern: FairPlayPattern; row: Row }[] = [];
  for (const pattern of patterns) {
    const { sql, bindings } = fairPlayStatement(pattern, question);
    const { rows } = await kit.db.raw<{ rows: Row[] }>(sql, bindings as Record<string, never>);
    for (const row of rows) if (!filter.member || row.member === filter.member) found.push({ pattern, row });
  }
  const ids = [...new Set(found.flatMap(({ row }) => [row.member, ...row.others]))];
  const names = new Map(
    (await many<{ id: number; name: string }>(kit.db, 'SELECT id, name FROM crm_members WHERE id = ANY(?::int[])', [ids])).map((row) => [
      row.id,
      row.name,
    ]),
  );
  const mayQuote = kit.access.can(actor, 'activities', 'read') && ['read', 'write'].includes(kit.access.field(actor, 'activities', 'note'));
  const people = new Map<number, { score: number; counts: Partial<Record<FairPlayPattern, number>> }>();
  for (const { pattern, row } of found) {
    const known = people.get(row.member) ?? { score: 0, counts: {} };
    known.score += (row.open ? SUSPECTED : WEIGHTS[pattern]) * row.count;
    known.counts[pattern] = (known.counts[pattern] ?? 0) + row.count;
    people.set(row.member, known);
  }
  return {
    from: filter.from,
    to: filter.to,
    patterns: FAIR_PLAY_PATTERNS.map((key) => ({ key, label: FAIR_PLAY_LABELS[key] })),
    people: [...people]
      .map(([member, { score, counts }]) => ({ member, name: names.get(member) ?? null, score, counts }))
      .sort((a, b) => b.score - a.score || a.member - b.member),
    findings: found
      .sort((a, b) => b.row.at.getTime() - a.row.at.getTime())
      .map(({ pattern, row }) => ({
        pattern,
        member: row.member,
        name: names.get(row.member) ?? null,
        others: row.others.map((id) => ({ id, name: names.get(id) ?? null })),
        leads: row.leads,
        at: row.at,
        count: row.count,
        counted: row.open === true,
        evidence: row.evidence
          .slice(0, SHOWN_EVIDENCE)
          .map((one) => ({ ...one, text: wordsOf(pattern, one.text, { quote: mayQuote, zone: actor.timeZone }) })),
      })),
  };
}
/**
 * A lead that comes back to the person who had it a few days ago (released and claimed again, or through a friend) is the same holding: its
 * recycle clock goes on from when he first took it. One statement when leads are taken out of pools, none otherwise.
 */
export const sameHoldingReactor = (pools: PoolDirectory): Reactor => ({
  stage: 'hold',
  name: 'pool-same-holding',
  run: async (set) => {
    const taken = set.entries.filter(
      ({ isNew, before, row }) => !isNew && row.owner_id !== null && before !== null && before.owner_id === null && before.pool_id !== null,
    );
    if (taken.length === 0 || set.cause.type === 'undo') return;
    const live = await pools.all();
    const daysOf = (poolId: number | null): number =>
      (live.find((pool) => pool.policyId === poolId)?.body.fairPlay ?? FAIR_PLAY_DEFAULTS).sameHoldingDays;
    const rows = await many<{ id: number; since: string | null; at: Date }>(
      set.trx,
      `SELECT t.id, r.before->>'heldSince' AS since, r.at FROM unnest(?::int[], ?::int[], ?::timestamptz[]) AS t(id, owner, earliest)
       JOIN LATERAL (SELECT e.before, e.at FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = t.id AND e.type = 'lead.released'
                       AND e.before->>'owner' = t.owner::text AND e.at >= t.earliest AND e.data->>'via' IS NULL ORDER BY e.id DESC LIMIT 1) r ON true`,
      [
        taken.map(({ id }) => id),
        taken.map(({ row }) => row.owner_id),
        taken.map(({ before }) => new Date(set.now.getTime() - daysOf(before?.pool_id ?? null) * 86_400_000)),
      ],
    );
    for (const { id, since } of rows) {
      const first = since === null ? null : new Date(since);
      if (first === null || daysOf(set.entry(id).before?.pool_id ?? null) === 0) continue;
      set.set(id, { held_since: first });
      set.emit({ subject: 'lead', subjectId: id, type: 'lead.same_holding', data: { since: first, owner: set.entry(id).row.owner_id } });
    }
  },
});
