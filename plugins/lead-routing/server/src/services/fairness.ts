import { many } from '@leadsea/crm-core';
import type { HostContext, Kit, LocalisedText, VerbContext } from '@leadsea/crm-core';
import { z } from 'zod';
import { jainIndex, type FairnessAnswer, type FairnessGroup, type FairnessRow, type RoutingPolicy } from '../../../contracts';
import { closedStages } from './lead-facts';

const querySchema = z.object({
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional(),
});

interface Row {
  grp: string;
  member: number;
  name: string;
  entitled: number;
  received: number;
  entitled_value: number;
  received_value: number;
  given_back: number;
}

/** What people were owed (by day) beside what they got (the ledger), per rule: groups of one rule are taken together. */
const ROWS = `
  WITH owed AS (SELECT regexp_replace(group_key, '[@#/].*$', '') AS grp, member_id, sum(leads) AS leads, sum(value) AS value
      FROM crm_routing_entitled WHERE day >= ?::date AND day <= ?::date GROUP BY 1, 2),
    got AS (SELECT regexp_replace(group_key, '[@#/].*$', '') AS grp, member_id, count(*) FILTER (WHERE given_back_at IS NULL) AS leads,
      coalesce(sum(value) FILTER (WHERE given_back_at IS NULL), 0) AS value, count(*) FILTER (WHERE given_back_at IS NOT NULL) AS back
      FROM crm_ledger WHERE group_key LIKE 'route:%' AND at >= ?::date AND at < ?::date + 1 GROUP BY 1, 2)
  SELECT grp, m.id AS member, m.name, coalesce(o.leads, 0)::float8 AS entitled, coalesce(g.leads, 0)::int AS received,
    coalesce(o.value, 0)::float8 AS entitled_value, coalesce(g.value, 0)::float8 AS received_value, coalesce(g.back, 0)::int AS given_back
  FROM owed o FULL JOIN got g USING (grp, member_id) JOIN crm_members m ON m.id = member_id ORDER BY grp, m.name, m.id`;

const lastDay = (month: string): string => {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year ?? 1970, number ?? 1, 0)).toISOString().slice(0, 10);
};

/**
 * What came back soon is received by nobody, so nobody was owed his part of it: what a group is owed is what was received of it. Who was
 * owed how much of the leads that came back is not kept; everybody's part shrinks alike.
 */
function withoutReturned(members: readonly Row[]): readonly Row[] {
  const sum = (of: (row: Row) => number): number => members.reduce((total, row) => total + of(row), 0);
  const part = (received: number, owed: number): number => (owed > received && owed > 0 ? received / owed : 1);
  if (members.every((row) => row.given_back === 0)) return members;
  const leads = part(
    sum((row) => row.received),
    sum((row) => row.entitled),
  );
  const value = part(
    sum((row) => row.received_value),
    sum((row) => row.entitled_value),
  );
  return members.map((row) => ({ ...row, entitled: row.entitled * leads, entitled_value: row.entitled_value * value }));
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Groups that are no rule: leads that went to somebody who already knew them. */
const OTHER: Readonly<Record<string, LocalisedText>> = {
  otherwise: { zh: '兜底', en: 'Otherwise' },
  sticky: { zh: '已有负责人', en: 'Known owner' },
  manager: { zh: '交给主管', en: 'To the manager' },
};

async function labels(kit: Kit): Promise<(group: string) => { policy: string; rule: string; label: LocalisedText }> {
  const live = await kit.policies.live<RoutingPolicy>('routing-policy');
  return (group) => {
    const [, policy = '', rule = ''] = group.split(':');
    const found = live.find((one) => one.key === policy);
    const label = found?.body.rules.find(({ key }) => key === rule)?.label ?? OTHER[rule] ?? { zh: rule, en: rule };
    return { policy: found?.name ?? policy, rule, label };
  };
}

const OVER = `SELECT m.id AS member, m.name, m.capacity, count(*)::int AS load FROM crm_members m JOIN crm_leads l ON l.owner_id = m.id
  WHERE m.capacity IS NOT NULL AND l.merged_into IS NULL AND l.is_test IS NOT TRUE AND l.stage <> ALL(?::text[])
  GROUP BY m.id HAVING count(*) > m.capacity ORDER BY count(*) - m.capacity DESC LIMIT 100`;

/**
 * `GET /routing/fairness?month=2026-03` (or `from`, `to`): entitled against received, by count and by value, with Jain's index. Whoever may
 * read routing policies sees everybody; a rep sees his own lines and the index of his groups: his statement of the month.
 */
export const fairness =
  (kit: Kit) =>
  async (ctx: HostContext, { actor, now }: VerbContext): Promise<void> => {
    const query = querySchema.parse(ctx.query);
    const month = query.month ?? now.toISOString().slice(0, 7);
    const [from, to] = [query.from ?? `${month}-01`, query.to ?? lastDay(month)];
    const all = actor.kind !== 'member' || kit.access.can(actor, 'routing-policies', 'read');
    const rows = await many<Row>(kit.db, ROWS, [from, to, from, to]);
    const names = await labels(kit);
    const byGroup = new Map<string, Row[]>();
    for (const row of rows) byGroup.set(row.grp, [...(byGroup.get(row.grp) ?? []), row]);
    const groups = [...byGroup].flatMap(([key, found]): FairnessGroup[] => {
      const members = withoutReturned(found);
      const shown = members.filter((row) => all || row.member === actor.memberId);
      if (shown.length === 0) return [];
      return [
        {
          key,
          ...names(key),
          rows: shown.map((row): FairnessRow => ({
            member: row.member,
            name: row.name,
            entitled: round(row.entitled),
            received: row.received,
            entitledValue: round(row.entitled_value),
            receivedValue: round(row.received_value),
            givenBack: row.given_back,
            you: row.member === actor.memberId,
          })),
          jain: jainIndex(members),
          jainValue: jainIndex(members.map((row) => ({ entitled: row.entitled_value, received: row.received_value }))),
        },
      ];
    });
    const answer: FairnessAnswer = {
      from,
      to,
      groups,
      overCapacity: all ? await many(kit.db, OVER, [[...(await closedStages(kit))]]) : [],
      performance: all
        ? await many(
            kit.db,
            `SELECT f.member_id AS member, m.name, f.won, f.received, f.factor::float8 AS factor FROM crm_routing_factors f
             JOIN crm_members m ON m.id = f.member_id WHERE f.month = date_trunc('month', ?::date)::date ORDER BY f.factor DESC, m.name`,
            [from],
          )
        : [],
    };
    ctx.body = answer;
  };

const questionSchema = z.object({
  month: z.string().regex(/^\d{4}-\d{2}$/),
  group: z.string().max(200),
  note: z.string().min(3).max(2000),
});

/** `POST /routing/fairness/question`: a rep disputes a line of his statement; his manager is told, and it stays in his history. */
export const fairnessQuestion =
  (kit: Kit) =>
  async (ctx: HostContext, { actor, now, requestId }: VerbContext): Promise<void> => {
    const { month, group, note } = questionSchema.parse(ctx.request.body ?? {});
    await kit.db.transaction(async (trx) => {
      const member =
        actor.memberId === null
          ? undefined
          : await trx<{ id: number; manager_id: number | null }>('crm_members').where({ id: actor.memberId }).first();
      if (!member) return;
      const event = { subject: 'member', subjectId: member.id, type: 'member.fairness_questioned', data: { month, group, note } };
      await kit.events.append(trx, [event], actor, { type: 'fairness', id: requestId }, now);
      if (member.manager_id === null) return;
      const title = { zh: `${actor.name} 对 ${month} 的分配有疑问`, en: `${actor.name} questions the shares of ${month}` };
      const about = { memberId: member.manager_id, type: 'routing.fairness-question', subject: 'member', subjectId: member.id };
      await kit.notify(trx, [{ ...about, title, body: { zh: note, en: note }, link: `/routing/fairness?month=${month}` }], now);
    });
    ctx.body = { ok: true };
  };
