import { fakerEN as faker } from '@faker-js/faker';
import { getKit, many, type Actor, type Host, type Kit } from '@leadsea/crm-core';
import { getLeads, type ActivityInput, type LeadChange, type Leads } from '@leadsea/leads';
import { demoLeads, type DemoLead } from './people';

const DAY = 86_400_000;
const DAYS = 30;
const SLOTS = [2, 6] as const;

interface MovableClock {
  moveTo(instant: Date): void;
}

interface Open {
  readonly id: number;
  readonly owner: number;
  readonly stage: string;
  readonly email: string | null;
  readonly untouched: boolean;
}

const NOTES_ZH = [
  '客户对报价感兴趣，约下周演示。',
  '已发产品资料，等回复。',
  '暂时没有预算，明年再联系。',
  '负责人出差，改天再打。',
  '需求明确，正在内部评审。',
];
const NOTES_EN = [
  'Interested, demo next week.',
  'Sent the brochure.',
  'No budget this year.',
  'Asked to call again on Monday.',
  'Comparing us with two others.',
];
const ASSETS = ['/pricing', '/product/crm', '/case/manufacturing', '/docs', '/blog/lead-management'];

/** One lead's own doings on a day: the more interested, the more. */
function doings(lead: DemoLead, id: number, now: Date): LeadChange[] {
  const changes: LeadChange[] = [];
  const visits = lead.interest < 0.5 ? 0 : faker.number.int({ min: 0, max: Math.ceil(lead.interest * 3) });
  for (let visit = 0; visit < visits; visit += 1) {
    changes.push({
      op: 'engagement',
      id,
      engagement: {
        kind: 'visit',
        asset: faker.helpers.arrayElement(ASSETS),
        occurredAt: new Date(now.getTime() - faker.number.int({ min: 1, max: 600 }) * 1000),
      },
    });
  }
  if (faker.datatype.boolean(lead.interest ** 3 * 0.3))
    changes.push({ op: 'engagement', id, engagement: { kind: 'download', asset: '白皮书 Whitepaper', occurredAt: now } });
  if (faker.datatype.boolean(lead.interest ** 3 * 0.15))
    changes.push({ op: 'engagement', id, engagement: { kind: 'webinar', asset: '线索管理公开课 Webinar', occurredAt: now } });
  return changes;
}

function contact(zh: boolean, interest: number, now: Date): ActivityInput {
  const kind = faker.helpers.arrayElement(['call', 'call', 'call', 'mail', 'message', 'meeting'] as const);
  const reached = faker.datatype.boolean(0.35 + interest * 0.5);
  const outcome = kind === 'call' ? (reached ? 'connected' : 'no_answer') : kind === 'meeting' ? 'held' : reached ? 'replied' : 'sent';
  return {
    kind,
    direction: 'outbound',
    outcome,
    note: reached ? faker.helpers.arrayElement(zh ? NOTES_ZH : NOTES_EN) : null,
    durationSeconds: kind === 'call' && reached ? faker.number.int({ min: 35, max: 900 }) : null,
    occurredAt: now,
    nextActionAt: reached && faker.datatype.boolean(0.6) ? new Date(now.getTime() + faker.number.int({ min: 1, max: 6 }) * DAY) : null,
  };
}

const FORWARD: Readonly<Record<string, string>> = { lead: 'srl', mql: 'srl', srl: 'sql', sql: 'opportunity', opportunity: 'won' };

/** What the reps do in half a day: call a part of their leads, move some on, give some up. */
async function workDay(kit: Kit, leads: Leads, interestOf: ReadonlyMap<string, number>, now: Date): Promise<void> {
  const open = await many<Open>(
    kit.db,
    `SELECT id, owner_id AS owner, stage, email, (last_follow_up_at IS NULL OR last_follow_up_at < held_since) AS untouched FROM crm_leads WHERE owner_id IS NOT NULL AND merged_into IS NULL AND stage <> ALL(ARRAY['won', 'lost', 'disqualified', 'recycled']) ORDER BY id`,
  );
  const byOwner = new Map<number, Open[]>();
  for (const lead of open) byOwner.set(lead.owner, [...(byOwner.get(lead.owner) ?? []), lead]);
  for (const [owner, held] of byOwner) {
    const actor = await kit.actors.member(owner);
    const zh = actor.locale === 'zh';
    const changes: LeadChange[] = [];
    const fresh = held.filter((lead) => lead.untouched && faker.datatype.boolean(0.92));
    const others = held.filter((lead) => !lead.untouched);
    for (const lead of [...fresh, ...faker.helpers.arrayElements(others, Math.min(others.length, faker.number.int({ min: 3, max: 8 })))]) {
      const interest = interestOf.get(lead.email ?? '') ?? 0.4;
      const first = contact(zh, interest, now);
      changes.push({ op: 'activity', id: lead.id, activity: first });
      if (first.outcome === 'no_answer' && faker.datatype.boolean(0.85)) {
        changes.push({
          op: 'activity',
          id: lead.id,
          activity: {
            kind: 'message',
            direction: 'outbound',
            outcome: 'sent',
            note: zh ? '电话未接，已发短信。' : 'No answer, left a message.',
            occurredAt: now,
          },
        });
      }
      const next = FORWARD[lead.stage];
      if (next && faker.datatype.boolean(interest * 0.45)) changes.push({ op: 'stage', id: lead.id, to: next });
      else if (lead.stage === 'opportunity' && faker.datatype.boolean(0.1))
        changes.push({ op: 'stage', id: lead.id, to: 'lost', reason: 'price' });
      else if (interest < 0.3 && faker.datatype.boolean(0.12))
        changes.push({
          op: 'stage',
          id: lead.id,
          to: 'disqualified',
          reason: faker.helpers.arrayElement(['no_need', 'no_budget', 'wrong_contact', 'invalid']),
        });
    }
    if (changes.length > 0) await leads.apply({ changes, actor, cause: { type: 'demo' }, now });
  }
}

/** Reps with room take a few leads out of their pool. */
async function claimSome(kit: Kit, leads: Leads, now: Date): Promise<void> {
  const people = await many<{ id: number }>(kit.db, `SELECT id FROM crm_members WHERE active AND jsonb_exists(roles, 'sales') ORDER BY id`);
  for (const { id } of people) {
    if (!faker.datatype.boolean(0.5)) continue;
    const actor: Actor = await kit.actors.member(id);
    const found = await many<{ id: number; pool_id: number }>(
      kit.db,
      'SELECT id, pool_id FROM crm_leads WHERE pool_id = ANY(?::int[]) AND owner_id IS NULL AND merged_into IS NULL ORDER BY score DESC NULLS LAST, id LIMIT ?',
      [[...actor.poolIds], faker.number.int({ min: 1, max: 3 })],
    );
    const changes = found.map((lead): LeadChange => ({
      op: 'hold',
      id: lead.id,
      to: { ownerId: id, poolId: null },
      event: 'lead.claimed',
      expect: { ownerId: null, poolId: lead.pool_id },
      data: { pool: lead.pool_id },
    }));
    if (changes.length === 0) continue;
    await leads.apply({ changes, actor, cause: { type: 'claim' }, now });
    await kit.db.raw(
      `INSERT INTO crm_ledger (group_key, member_id, lead_id, value, cause, at) SELECT 'claim:' || x.pool_id, ?, x.id, 1, 'claim', ? FROM jsonb_to_recordset(?::jsonb) AS x(id int, pool_id int)`,
      [id, now, JSON.stringify(found)],
    );
  }
}

/** People read what they are told: of the days played only the last one's notices wait in the inbox. */
async function readOldNotices(kit: Kit, now: Date): Promise<void> {
  await kit.db.raw('UPDATE crm_notifications SET read_at = at WHERE read_at IS NULL AND at < ?', [new Date(now.getTime() - DAY)]);
}

/** Thirty days of a company's life, played through the one door with the clock moved along, so that history, clocks and recycling are real. */
export async function playHistory(strapi: Host, count: number): Promise<void> {
  const kit = getKit(strapi);
  const leads = getLeads(strapi);
  const { clock } = strapi.plugin('crm-core').service('core') as { clock: MovableClock };
  const people = demoLeads(count);
  const interestOf = new Map(
    people.flatMap((lead) => (typeof lead.values['email'] === 'string' ? [[lead.values['email'], lead.interest] as const] : [])),
  );
  faker.seed(20260104);
  const end = kit.clock.now();
  const start = new Date(Math.floor(end.getTime() / DAY) * DAY - DAYS * DAY);
  const slots = Array.from({ length: DAYS }, (_, day) =>
    SLOTS.map((hour) => new Date(start.getTime() + day * DAY + hour * 3_600_000)),
  ).flat();
  const perSlot = Math.ceil(count / slots.length);
  const known: { id: number; lead: DemoLead }[] = [];
  const capture: Actor = { ...kit.actors.system('Capture'), kind: 'capture' };
  try {
    for (const [index, now] of slots.entries()) {
      clock.moveTo(now);
      await kit.timers.drain(now);
      const batch = people.slice(index * perSlot, (index + 1) * perSlot);
      const creates = batch.map((lead): LeadChange => ({
        op: 'create',
        values: { ...lead.values, capturedAt: now },
        engagement: { kind: 'form', asset: String(lead.values['source']), occurredAt: now },
      }));
      const { outcomes } = await leads.apply({ changes: creates, actor: capture, cause: { type: 'capture' }, now });
      outcomes.forEach((outcome, position) => {
        if (outcome.ok) known.push({ id: outcome.id, lead: batch[position]! });
      });
      const active = faker.helpers.arrayElements(known, Math.min(known.length, 40));
      const behaviour = active.flatMap(({ id, lead }) => doings(lead, id, now));
      if (behaviour.length > 0) await leads.apply({ changes: behaviour, actor: capture, cause: { type: 'tracking' }, now });
      const weekday = now.getUTCDay();
      if (weekday === 0 || weekday === 6) continue;
      await workDay(kit, leads, interestOf, now);
      await claimSome(kit, leads, now);
    }
  } finally {
    clock.moveTo(new Date());
  }
  await kit.timers.drain(kit.clock.now());
  await readOldNotices(kit, end);
}
