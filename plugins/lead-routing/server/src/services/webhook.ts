import { createHmac } from 'node:crypto';
import { many, one } from '@leadsea/crm-core';
import type { Host, JobHandler, Kit } from '@leadsea/crm-core';
import type { Leads } from '@leadsea/leads';
import { z } from 'zod';
import type { RoutingPolicy } from '../../../contracts';
import type { WebhookAnswer } from '../domain/facts';
import { webhookAsk } from './asks';
import { postSigned } from './outbound';
import { livePools } from './plans';

/** What the other system may answer: a person by id or e-mail, a pool by key, or nothing. */
const answerSchema = z.union([
  z.object({ member: z.union([z.int().min(1), z.string().min(3).max(320)]) }),
  z.object({ pool: z.string().min(1).max(100) }),
]);

/** The secret with which requests of one rule are signed: derived, so that no policy, export or log holds one. */
export function webhookSecret(host: Host, policy: string, rule: string): string {
  const base = host.config.get<string>('admin.secrets.encryptionKey', '') || host.config.get<string>('admin.apiToken.salt', '');
  return createHmac('sha256', base).update(`lead-routing webhook ${policy}/${rule}`).digest('hex');
}

async function read(kit: Kit, status: number, body: string): Promise<WebhookAnswer> {
  if (status < 200 || status >= 300) return { kind: 'failed' };
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { kind: 'failed' };
  }
  const answer = answerSchema.safeParse(json);
  if (!answer.success) return { kind: 'failed' };
  if ('pool' in answer.data) {
    const pool = (await livePools(kit)).get(answer.data.pool);
    return pool === undefined ? { kind: 'failed' } : { kind: 'pool', pool };
  }
  const ref = answer.data.member;
  const column = typeof ref === 'number' ? 'id = ?' : 'lower(email) = lower(?)';
  const member = await one<{ id: number }>(kit.db, `SELECT id FROM crm_members WHERE ${column}`, [ref]);
  return member ? { kind: 'member', member: member.id } : { kind: 'failed' };
}

const LEAD = `SELECT id, name, title, email, phone, company, website, industry, employees, country, province, city, language, source, medium, campaign,
  product, score, grade, label, stage, custom, captured_at FROM crm_leads WHERE id = ? AND merged_into IS NULL AND owner_id IS NULL`;

/**
 * `routing.webhook`: asks the system a rule names, after the change that stored the lead has committed, and routes the lead on with the
 * answer. No answer in time, or one that makes no sense, is `failed`: the rule's fallback decides.
 */
export const webhookJob =
  (host: Host, kit: Kit, leads: Leads): JobHandler =>
  async ({ payload }) => {
    const { lead: id, version, rule: key } = z.object({ lead: z.int(), version: z.int(), rule: z.string() }).parse(payload);
    const policy = await kit.policies.version<RoutingPolicy>(version);
    const rule = policy.body.rules.find((one_) => one_.key === key);
    const [lead] = await many<Record<string, unknown>>(kit.db, LEAD, [id]);
    if (!lead || rule?.destination.kind !== 'webhook') return;
    const { url, timeoutMs } = rule.destination;
    const now = kit.clock.now();
    const body = JSON.stringify({ lead, policy: policy.key, rule: key, at: now });
    let answer: WebhookAnswer;
    try {
      const secret = webhookSecret(host, policy.key, key);
      const got = await postSigned({ url, body, secret, timeoutMs, at: now });
      answer = await read(kit, got.status, got.body);
      if (answer.kind === 'failed')
        kit.log.warn(`The webhook of rule ${policy.key}/${key} answered ${got.status} without a person or pool that exists.`);
    } catch (error) {
      answer = { kind: 'failed' };
      kit.log.warn(`The webhook of rule ${policy.key}/${key} could not be asked: ${error instanceof Error ? error.message : 'no answer'}`);
    }
    await leads.apply({
      changes: [{ op: 'touch', id, ask: ['route', webhookAsk(key, answer), `waiting:${key}:${now.getTime()}`] }],
      actor: kit.actors.system('Routing'),
      cause: { type: 'webhook', id: key },
      now,
    });
  };
