import { AppError, createBatcher, databaseJson, inTransaction, many, one } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { CONSENT_CHANNELS } from '../../../contracts';
import type { ConsentChannel, ConsentInput, LeadChange, Leads, Outcome } from '../../../contracts';
import { channelOf } from '../domain/consent';
import type { Consent } from '../domain/capture/result';

interface SourceRow {
  id: number;
  key: string;
  name: string;
  adapter: string | null;
  defaults: Record<string, unknown> | null;
  allowed_origins: string[] | null;
  country: string | null;
  active: boolean;
}

export interface CaptureRequest {
  readonly key: string;
  readonly payload: unknown;
  readonly idempotencyKey: string | null;
  readonly ip: string;
  readonly origin: string | null;
}

export interface CaptureAnswer {
  readonly accepted: number;
  readonly results: readonly { readonly status: string; readonly lead: number | null; readonly code?: string; readonly message?: string }[];
}

interface Item {
  readonly source: SourceRow;
  readonly payload: Record<string, unknown>;
  readonly idempotencyKey: string | null;
  readonly ip: string;
}

interface Written {
  readonly status: string;
  readonly lead: number | null;
  readonly code?: string;
  readonly message?: string;
  /** Answered from the log: nothing was written. */
  readonly again?: boolean;
}

interface KnownRow {
  readonly source_id: number;
  readonly idempotency_key: string;
  readonly lead_id: number | null;
  readonly status: string;
  readonly result: { readonly code?: string; readonly message?: string } | null;
}

const REFUSED = 'The lead was refused.';
const MAX_LEADS = 500;
const KEEP_MS = 10_000;
/** So many failures in a row from the first are no matter of single leads. */
const GIVE_UP = 3;

/** Another node took one of the idempotency keys meanwhile: undone and tried again, which finds its answer. */
class Overtaken extends Error {
  readonly code = '40001';
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What people paste may hold characters a database refuses; without them it is the same payload. */
const storable = (payload: Record<string, unknown>): Record<string, unknown> =>
  JSON.parse(databaseJson(payload)) as Record<string, unknown>;

/** The same request again gets the same answer: the lead it became, or why it was refused. */
const repeated = (row: KnownRow): Written =>
  row.status === 'refused'
    ? { status: 'refused', lead: null, code: row.result?.code ?? 'CAPTURE_INVALID', message: row.result?.message ?? REFUSED, again: true }
    : { status: 'repeated', lead: row.lead_id, again: true };

/** What was answered to these idempotency keys before. */
async function answered(trx: Knex.Transaction, items: readonly Item[]): Promise<readonly KnownRow[]> {
  const keys = items.flatMap(({ source, idempotencyKey }) => (idempotencyKey ? [{ s: source.id, k: idempotencyKey }] : []));
  if (keys.length === 0) return [];
  return many<KnownRow>(
    trx,
    `SELECT c.source_id, c.idempotency_key, c.lead_id, c.status, c.result FROM crm_captures c JOIN jsonb_to_recordset(?::jsonb) AS w(s int, k text) ON w.s = c.source_id AND w.k = c.idempotency_key`,
    [JSON.stringify(keys)],
  );
}

/** A lead as this source's payload tells it, or why it cannot be one. */
function toChange(leads: Leads, item: Item): LeadChange | { readonly error: string; readonly code: string } {
  const { source, payload } = item;
  const adapter = leads.captureAdapters.find(source.adapter, payload);
  const fallback = source.defaults?.['source'];
  const read = adapter(payload, { source: typeof fallback === 'string' && fallback !== '' ? fallback : source.name });
  if ('error' in read) return { error: read.error.message, code: read.error.code };
  const unmapped = Object.keys(read.unmapped).length > 0 ? { unmapped: read.unmapped } : {};
  const external = read.externalId ?? item.idempotencyKey;
  return {
    op: 'create',
    values: {
      ...source.defaults,
      ...read.values,
      source: read.values.source ?? source.defaults?.['source'] ?? source.name,
      ip: read.values.ip ?? item.ip,
      ...(read.isTest ? { isTest: true } : {}),
    },
    ...(external ? { external: { source: source.key, id: external } } : {}),
    engagement: { kind: 'form', asset: source.key, source: source.key, externalId: external ?? null, data: unmapped },
    onDuplicate: 'merge',
    ...(read.consent ? { consents: consentsOf(read.consent, source.key, read.values.ip ?? item.ip) } : {}),
    ...(source.country ? { country: source.country } : {}),
    raw: payload,
  };
}

/** What a form recorded, per channel: a box about none of them is about all of them. Nobody else's wording is guessed. */
function consentsOf(consent: Consent, source: string, ip: string): readonly ConsentInput[] {
  const basis = consent.basis;
  const say = (channel: ConsentChannel, granted: boolean, text: string | null): ConsentInput => ({
    channel,
    state: granted ? 'granted' : 'withdrawn',
    basis,
    text: text ?? consent.text,
    source,
    ip,
  });
  const named = consent.channels.flatMap(({ key, granted, text }) => {
    const channel = channelOf(key);
    return channel ? [say(channel, granted && consent.granted, text)] : [];
  });
  return named.length > 0 ? named : CONSENT_CHANNELS.map((channel) => say(channel, consent.granted, null));
}

/**
 * The public entrance: a source's key, one lead or up to 500, JSON or form fields in any of the known shapes. What arrives together is
 * committed together; the same idempotency key (or the source's own id) is taken once. The raw payload is kept with the answer.
 */
export function createCapture(kit: Kit, leads: Leads): (request: CaptureRequest) => Promise<CaptureAnswer> {
  const sources = new Map<string, { at: number; row: SourceRow | null }>();

  const findSource = async (key: string): Promise<SourceRow | null> => {
    const known = sources.get(key);
    if (known && Date.now() - known.at < KEEP_MS) return known.row;
    const row = await one<SourceRow>(
      kit.db,
      'SELECT id, key, name, adapter, defaults, allowed_origins, country, active FROM crm_sources WHERE key = ?',
      [key],
    );
    sources.set(key, { at: Date.now(), row });
    if (sources.size > 10_000) sources.clear();
    return row;
  };

  const write = async (items: readonly Item[]): Promise<readonly Written[]> => {
    const now = kit.clock.now();
    const actor: Actor = { ...kit.actors.system('Capture'), kind: 'capture' };
    return inTransaction(kit.db, async (trx) => {
      const known = await answered(trx, items);
      const before = new Map(known.map((row) => [`${row.source_id} ${row.idempotency_key}`, row]));
      const changes: LeadChange[] = [];
      const places: number[] = [];
      const firsts = new Map<string, number>();
      const replays: { readonly index: number; readonly first: number }[] = [];
      const written: Written[] = items.map((item, index): Written => {
        const key = item.idempotencyKey === null ? null : `${item.source.id} ${item.idempotencyKey}`;
        const repeat = key === null ? undefined : before.get(key);
        if (repeat !== undefined) return repeated(repeat);
        const first = key === null ? undefined : firsts.get(key);
        if (first !== undefined) {
          replays.push({ index, first });
          return { status: 'pending', lead: null };
        }
        if (key !== null) firsts.set(key, index);
        const change = toChange(leads, item);
        if ('error' in change) return { status: 'refused', lead: null, code: change.code, message: change.error };
        changes.push(change);
        places.push(index);
        return { status: 'pending', lead: null };
      });
      const { outcomes } = await leads.apply({ trx, changes, actor, cause: { type: 'capture' }, now });
      outcomes.forEach((outcome: Outcome, position) => {
        written[places[position]!] = outcome.ok
          ? { status: outcome.status, lead: outcome.id }
          : { status: 'refused', lead: null, code: outcome.code, message: outcome.message };
      });
      for (const { index, first } of replays) {
        const { status, ...rest } = written[first]!;
        written[index] = { ...rest, status: status === 'refused' ? status : 'repeated', again: true };
      }
      const log = items.flatMap((item, index) =>
        written[index]!.again
          ? []
          : [
              {
                source_id: item.source.id,
                idempotency_key: item.idempotencyKey,
                lead_id: written[index]!.lead,
                status: written[index]!.status,
                payload: item.payload,
                result: written[index]!.code ? { code: written[index]!.code, message: written[index]!.message } : null,
                at: now,
              },
            ],
      );
      if (log.length > 0) {
        const kept = await many(
          trx,
          `INSERT INTO crm_captures (source_id, idempotency_key, lead_id, status, payload, result, at)
           SELECT source_id, idempotency_key, lead_id, status, payload, result, at FROM jsonb_populate_recordset(NULL::crm_captures, ?::jsonb) ON CONFLICT DO NOTHING RETURNING id`,
          [databaseJson(log)],
        );
        if (kept.length < log.length) throw new Overtaken();
      }
      return written;
    });
  };

  const submit = createBatcher<Item, Written>(write, { max: 200, lanes: 1, gatherMs: 6 });

  /** A list is one commit; when it fails as a whole its leads are tried one by one, so that one bad lead fails alone. */
  const writeList = async (items: readonly Item[]): Promise<readonly Written[]> => {
    try {
      return await write(items);
    } catch (error) {
      kit.log.warn(
        `A list of ${items.length} captures failed as a whole and is tried one by one: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    const results: Written[] = [];
    let failures = 0;
    for (const item of items) {
      try {
        results.push(...(await write([item])));
      } catch (error) {
        failures += 1;
        if (failures > results.length && failures >= Math.min(items.length, GIVE_UP)) throw error;
        kit.log.error('A capture failed.', error);
        results.push({
          status: 'refused',
          lead: null,
          code: 'INTERNAL',
          message: 'The lead could not be taken. Send it again with the same Idempotency-Key.',
        });
      }
    }
    return results;
  };

  return async ({ key, payload, idempotencyKey, ip, origin }) => {
    const source = await findSource(key);
    if (!source?.active) throw new AppError('CAPTURE_KEY_UNKNOWN', 404, 'There is no active capture source with this key.');
    const origins = source.allowed_origins ?? [];
    if (origin !== null && origins.length > 0 && !origins.includes(origin))
      throw new AppError('ORIGIN_NOT_ALLOWED', 403, `Forms on ${origin} may not send to this source.`, { origin });
    const list = Array.isArray(payload) ? payload : [payload];
    if (list.length === 0) throw new AppError('CAPTURE_EMPTY', 400, 'Send one lead or a list of leads.');
    if (list.length > MAX_LEADS)
      throw new AppError('CAPTURE_TOO_MANY', 413, `Send at most ${MAX_LEADS} leads at once.`, { limit: MAX_LEADS, given: list.length });
    const wrong = list.findIndex((item) => !isRecord(item));
    if (wrong >= 0) throw new AppError('CAPTURE_INVALID', 400, 'Each lead must be an object of fields.', { index: wrong });
    const items = (list as Record<string, unknown>[]).map((item, index): Item => ({
      source,
      payload: storable(item),
      idempotencyKey: idempotencyKey === null ? null : list.length === 1 ? idempotencyKey : `${idempotencyKey}#${index}`,
      ip,
    }));
    const results = (items.length === 1 ? [await submit(items[0]!)] : await writeList(items)).map(({ again: _again, ...result }) => result);
    if (results.length === 1 && results[0]!.status === 'refused')
      throw new AppError(results[0]!.code ?? 'CAPTURE_INVALID', 400, results[0]!.message ?? REFUSED);
    return { accepted: results.filter((result) => result.status !== 'refused').length, results };
  };
}
