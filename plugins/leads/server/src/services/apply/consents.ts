import { databaseJson, many } from '@leadsea/crm-core';
import { createHash } from 'node:crypto';
import { CONSENT_CHANNELS, NEVER } from '../../../../contracts';
import type { ConsentInput, LeadChange, Outcome } from '../../../../contracts';
import { leadEvent } from './changes';
import type { PipelineSet } from './working-set';

/** Tasks that mean talking to the lead, on whatever channel. */
const ANY_CONTACT = ['follow-up', 'first-contact', 'meeting', 'visit'] as const;

interface Given {
  readonly leadId: number;
  readonly input: ConsentInput;
}

const hashOf = (text: string | null | undefined): string | null => (text ? createHash('sha256').update(text).digest('hex') : null);

const givenBy = (set: PipelineSet, changes: readonly LeadChange[], outcomes: readonly (Outcome | undefined)[]): Given[] =>
  changes.flatMap((change, index): Given[] => {
    const outcome = outcomes[index];
    if (change.op === 'create' && change.consents && outcome?.ok && outcome.status !== 'skipped')
      return change.consents.map((input) => ({ leadId: outcome.id, input }));
    return change.op === 'consent' && set.has(change.id) ? change.consents.map((input) => ({ leadId: change.id, input })) : [];
  });

/** What each of these leads has allowed and forbidden now, newest word per channel. */
async function statesOf(set: PipelineSet, ids: readonly number[]): Promise<ReadonlyMap<number, ReadonlyMap<string, string>>> {
  const rows = await many<{ lead_id: number; channel: string; state: string }>(
    set.trx,
    `SELECT DISTINCT ON (lead_id, channel) lead_id, channel, state FROM crm_consents WHERE lead_id = ANY(?::int[]) ORDER BY lead_id, channel, at DESC, id DESC`,
    [ids],
  );
  const states = new Map<number, Map<string, string>>();
  for (const { lead_id: id, channel, state } of rows) states.set(id, (states.get(id) ?? new Map<string, string>()).set(channel, state));
  return states;
}

/**
 * Writes what people said before any condition over it is asked: three statements for any number, none when nobody said anything. A withdrawal
 * ends the open tasks of that channel; who has withdrawn all of them is not contacted again.
 */
export async function storeConsents(
  set: PipelineSet,
  changes: readonly LeadChange[],
  outcomes: readonly (Outcome | undefined)[],
): Promise<void> {
  const given = givenBy(set, changes, outcomes);
  if (given.length === 0) return;
  const rows = given.map(({ leadId, input }) => ({
    lead_id: leadId,
    channel: input.channel,
    state: input.state,
    basis: input.basis ?? 'consent',
    text: input.text ?? null,
    text_hash: hashOf(input.text),
    source: input.source ?? null,
    ip: input.ip ?? null,
    note: input.note ?? null,
    member_id: set.actorOf(leadId).memberId,
    at: input.at ?? set.now,
  }));
  await set.trx.raw(
    `INSERT INTO crm_consents (lead_id, channel, state, basis, text, text_hash, source, ip, note, member_id, at)
     SELECT lead_id, channel, state, basis, text, text_hash, source, ip, note, member_id, at
     FROM json_to_recordset(?::json) AS c(lead_id int, channel text, state text, basis text, text text, text_hash text, source text, ip text, note text, member_id int, at timestamptz)`,
    [databaseJson(rows)],
  );
  const states = await statesOf(set, [...new Set(given.map(({ leadId }) => leadId))]);
  for (const { leadId, input } of given) {
    const { channel, state } = input;
    const data = {
      channel,
      basis: input.basis ?? 'consent',
      source: input.source ?? null,
      text: input.text ?? null,
      note: input.note ?? null,
    };
    set.emit(leadEvent(leadId, state === 'granted' ? 'lead.consent_granted' : 'lead.consent_withdrawn', { data }));
  }
  const shutOff: { lead_id: number; kinds: readonly string[] }[] = [];
  for (const [id, now] of states) {
    const entry = set.mutable(id);
    const isNever = CONSENT_CHANNELS.every((channel) => now.get(channel) === 'withdrawn');
    const wasNever = entry.row.do_not_contact_until?.getTime() === NEVER.getTime();
    if (isNever) set.set(id, { do_not_contact_until: NEVER });
    else if (wasNever) set.set(id, { do_not_contact_until: null });
    const shut = CONSENT_CHANNELS.filter((channel) => now.get(channel) === 'withdrawn');
    if (shut.length > 0) shutOff.push({ lead_id: id, kinds: isNever ? [...shut, ...ANY_CONTACT] : shut });
  }
  if (shutOff.length === 0) return;
  set.defer(async (trx) => {
    await trx.raw(
      `UPDATE crm_tasks t SET state = 'cancelled', closed_at = ? FROM json_to_recordset(?::json) AS s(lead_id int, kinds jsonb)
       WHERE t.lead_id = s.lead_id AND t.state = 'open' AND jsonb_exists(s.kinds, t.kind)`,
      [set.now, databaseJson(shutOff)],
    );
  });
}
