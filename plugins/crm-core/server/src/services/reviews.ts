import type { Knex } from 'knex';
import { AppError, badRequest, conflict, forbidden, notFound } from '../../../contracts';
import type { Actor, EventService, Kit, LocalisedText, Review, ReviewArea, ReviewHandler, ReviewService } from '../../../contracts';
import { many, one } from './rows';

/** The switch itself: taking an area out again needs a second person too. */
export const FOUR_EYES = 'four-eyes';
const KEY = 'four-eyes';

export const REVIEW_DECISIONS = ['approve', 'reject', 'withdraw'] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];
const STATES: Readonly<Record<ReviewDecision, string>> = { approve: 'approved', reject: 'rejected', withdraw: 'withdrawn' };

export interface ReviewContext {
  readonly actor: Actor;
  readonly now: Date;
}

export interface FullReviewService extends ReviewService {
  areas(): readonly ReviewArea[];
  area(area: string): ReviewArea;
  /** Areas that are under four eyes now. */
  active(db?: Knex | Knex.Transaction): Promise<readonly string[]>;
  /** Console resources of which something waits for a second person. */
  guarded(): Promise<readonly string[]>;
  setActive(trx: Knex.Transaction, areas: readonly string[], context: ReviewContext): Promise<void>;
  /** Active members whose roles have the verb of the area. */
  whoMayAgree(db: Knex | Knex.Transaction, area: string): Promise<readonly number[]>;
  get(id: number): Promise<Review & { readonly state: string }>;
  /** Agrees to, refuses or takes back an open request. @throws AppError REVIEW_CLOSED, REVIEW_OWN, REVIEW_STALE, and what the change itself refuses */
  decide(id: number, decision: ReviewDecision, comment: string | null, context: ReviewContext): Promise<void>;
}

interface Deps {
  readonly db: Knex;
  readonly events: EventService;
  readonly notify: Kit['notify'];
}

/** What handlers throw when what stood there at the time of the request does not stand there any more. */
export const staleReview = (): AppError =>
  conflict('REVIEW_STALE', 'What is live has changed since this was asked for. Send it back, so that it is asked for again.');

export const REVIEW_COLUMNS = `r.id, r.area, r.action, r.subject, r.subject_id AS "subjectId", r.title, r.payload, r.base, r.note, r.state, r.requested_by AS "requestedBy"`;

const ASKED = (name: string, title: string): LocalisedText => ({
  zh: `${name} 请您复核：${title}`,
  en: `${name} asks for your agreement: ${title}`,
});
const DECIDED: Readonly<Record<ReviewDecision, (name: string, title: string) => LocalisedText>> = {
  approve: (name, title) => ({ zh: `${name} 已同意并生效：${title}`, en: `${name} agreed, it is in force: ${title}` }),
  reject: (name, title) => ({ zh: `${name} 已退回：${title}`, en: `${name} sent it back: ${title}` }),
  withdraw: (name, title) => ({ zh: `${name} 已撤回：${title}`, en: `${name} took it back: ${title}` }),
};

/** Four eyes: in the areas where it is set, what one person asks for is done when another one, who may do it himself, agrees. */
export function createReviewService({ db, events, notify }: Deps): FullReviewService {
  const areas = new Map<string, ReviewArea>();
  const handlers = new Map<string, ReviewHandler>();

  const area = (name: string): ReviewArea => {
    const found = areas.get(name);
    if (!found) throw badRequest('REVIEW_AREA_UNKNOWN', `There is no area "${name}" to put under four eyes.`);
    return found;
  };

  const active = async (at: Knex | Knex.Transaction = db): Promise<readonly string[]> => {
    const row = await one<{ value: { areas?: string[] } }>(at, 'SELECT value FROM crm_settings WHERE key = ?', [KEY]);
    return (row?.value.areas ?? []).filter((name) => areas.has(name));
  };

  const whoMayAgree = async (at: Knex | Knex.Transaction, name: string): Promise<readonly number[]> => {
    const { resource, verb } = area(name);
    const rows = await many<{ id: number }>(
      at,
      `SELECT m.id FROM crm_members m WHERE m.active AND EXISTS (
         SELECT 1 FROM crm_roles r WHERE jsonb_exists(coalesce(m.roles, '[]'), r.key) AND jsonb_exists(coalesce(r.resources -> ? -> ?, '[]'), 'all')
       ) ORDER BY m.id`,
      [resource, verb],
    );
    return rows.map(({ id }) => id);
  };

  const tell = async (trx: Knex.Transaction, to: readonly number[], type: string, title: LocalisedText, id: number, now: Date) =>
    notify(
      trx,
      to.map((memberId) => ({ memberId, type, title, link: `/setup/reviews?id=${id}` })),
      now,
    );

  const service: FullReviewService = {
    addArea: (added) => void areas.set(added.area, added),
    handle: (action, run) => {
      if (handlers.has(action)) throw new Error(`The reviewed action ${action} is declared twice.`);
      handlers.set(action, run);
    },
    areas: () => [...areas.values()],
    area,
    active,
    guarded: async () => (await active()).map((name) => area(name).resource),
    whoMayAgree,
    setActive: async (trx, wanted, { actor, now }) => {
      const before = await active(trx);
      await trx.raw('INSERT INTO crm_settings (key, value) VALUES (?, ?::jsonb) ON CONFLICT (key) DO UPDATE SET value = excluded.value', [
        KEY,
        JSON.stringify({ areas: [...wanted].sort() }),
      ]);
      const told = { subject: FOUR_EYES, subjectId: 0, type: 'four-eyes.updated', before: { areas: before }, after: { areas: wanted } };
      await events.append(trx, [told], actor, { type: 'edit' }, now);
    },
    isNeeded: async (at, name, actor) => actor.kind !== 'system' && (name === FOUR_EYES || (await active(at)).includes(name)),
    ask: async (trx, request, actor, now) => {
      if (actor.memberId === null) throw forbidden('Only a member can ask for a change that a second person has to agree to.');
      // Whoever looks at an open request agrees to what he sees: asked for anew, it is another one, and the first can no longer be agreed to.
      await trx.raw('SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', [
        `review:${request.subject}:${request.subjectId}:${request.action}`,
      ]);
      await trx.raw(
        `UPDATE crm_reviews SET state = 'withdrawn', decided_by = ?, decided_at = ? WHERE subject = ? AND subject_id = ? AND action = ? AND state = 'open'`,
        [actor.memberId, now, request.subject, request.subjectId, request.action],
      );
      const row = await one<{ id: number }>(
        trx,
        `INSERT INTO crm_reviews (area, action, subject, subject_id, title, payload, base, note, requested_by, requested_at)
         VALUES (?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?) RETURNING id`,
        [
          request.area,
          request.action,
          request.subject,
          request.subjectId,
          request.title,
          JSON.stringify(request.payload),
          JSON.stringify(request.base),
          request.note,
          actor.memberId,
          now,
        ],
      );
      const id = row?.id ?? 0;
      const { subject, subjectId, action, note } = request;
      await events.append(
        trx,
        [{ subject, subjectId, type: 'review.asked', after: { ...request.payload }, data: { review: id, action, note } }],
        actor,
        { type: 'review', id: String(id) },
        now,
      );
      const others = (await whoMayAgree(trx, request.area)).filter((member) => member !== actor.memberId);
      await tell(trx, others, 'review.asked', ASKED(actor.name, request.title), id, now);
      return id;
    },
    get: async (id) => {
      const row = await one<Review & { state: string }>(db, `SELECT ${REVIEW_COLUMNS} FROM crm_reviews r WHERE r.id = ?`, [id]);
      if (!row) throw notFound('Request');
      return row;
    },
    decide: async (id, decision, comment, { actor, now }) => {
      const after = await db.transaction(async (trx) => {
        const review = await one<Review & { state: string }>(trx, `SELECT ${REVIEW_COLUMNS} FROM crm_reviews r WHERE r.id = ? FOR UPDATE`, [
          id,
        ]);
        if (!review) throw notFound('Request');
        if (review.state !== 'open') throw conflict('REVIEW_CLOSED', 'This request has been decided already.', { state: review.state });
        const isOwn = review.requestedBy === actor.memberId;
        if (decision === 'withdraw' && !isOwn) throw forbidden('Only who asked for it can take it back.');
        if (decision !== 'withdraw' && isOwn)
          throw new AppError('REVIEW_OWN', 403, 'A second person has to decide this: you asked for it yourself.');
        await trx.raw(`UPDATE crm_reviews SET state = ?, decided_by = ?, decided_at = ?, comment = ? WHERE id = ?`, [
          STATES[decision],
          actor.memberId,
          now,
          comment,
          id,
        ]);
        await events.append(
          trx,
          [
            {
              subject: review.subject,
              subjectId: review.subjectId,
              type: `review.${STATES[decision]}`,
              data: { review: id, action: review.action, requestedBy: review.requestedBy, comment },
            },
          ],
          actor,
          { type: 'review', id: String(id) },
          now,
        );
        if (decision !== 'withdraw')
          await tell(trx, [review.requestedBy], 'review.decided', DECIDED[decision](actor.name, review.title), id, now);
        if (decision !== 'approve') return undefined;
        const run = handlers.get(review.action);
        if (!run) throw new Error(`Nothing carries out the reviewed action ${review.action}.`);
        return run(trx, review, actor, now);
      });
      await after?.();
    },
  };
  return service;
}
