import { z } from 'zod';
import { conflict, forbidden, type ConfigSection, type HostContext, type Kit, type VerbContext } from '../../../contracts';
import { FOUR_EYES, REVIEW_COLUMNS, REVIEW_DECISIONS, type FullReviewService, type ReviewDecision } from '../services/reviews';
import { many } from '../services/rows';
import type { NoticeRoute } from './notices';

const LISTED = 200;
const settingsSchema = z.object({ areas: z.array(z.string().max(80)).max(100) });
const decisionSchema = z.object({ comment: z.string().trim().max(1000).nullish() });

interface Deps {
  readonly kit: Kit;
  readonly reviews: FullReviewService;
}

interface Listed {
  readonly id: number;
  readonly area: string;
  readonly subject: string;
  readonly requestedBy: number;
  readonly state: string;
}

const LIST = `SELECT ${REVIEW_COLUMNS}, r.requested_at AS "requestedAt", a.name AS "requestedByName", r.decided_at AS "decidedAt", d.name AS "decidedByName", r.comment,
    p.key AS "policyKey", CASE WHEN r.subject = 'policy' THEN v.body ELSE r.base END AS before
  FROM crm_reviews r LEFT JOIN crm_members a ON a.id = r.requested_by LEFT JOIN crm_members d ON d.id = r.decided_by
  LEFT JOIN crm_policies p ON r.subject = 'policy' AND p.id = r.subject_id LEFT JOIN crm_policy_versions v ON v.id = (r.base ->> 'version')::int
  ORDER BY (r.state = 'open') DESC, r.id DESC LIMIT ?`;

/**
 * Puts areas under four eyes at once; takes one out only with a second person, unless there is none left who could agree.
 * @returns the request that waits, or null
 * @throws AppError REVIEW_ALONE when an area would have nobody to agree
 */
async function saveAreas({ kit, reviews }: Deps, wanted: readonly string[], { actor, now }: Pick<VerbContext, 'actor' | 'now'>) {
  return kit.db.transaction(async (trx) => {
    await trx.raw(`SELECT pg_advisory_xact_lock(hashtext('crm_four_eyes'))`);
    const before = await reviews.active(trx);
    const added = wanted.filter((area) => !before.includes(area));
    const removed = before.filter((area) => !wanted.includes(area));
    for (const area of added) {
      const people = await reviews.whoMayAgree(trx, area);
      if (people.length < 2)
        throw conflict('REVIEW_ALONE', `Only ${people.length} of the active members may agree to this: a second one is needed first.`, {
          area,
          people: people.length,
        });
    }
    const others = (await reviews.whoMayAgree(trx, FOUR_EYES)).filter((member) => member !== actor.memberId);
    const waits = removed.length > 0 && others.length > 0 && (await reviews.isNeeded(trx, FOUR_EYES, actor));
    if (added.length > 0 || (removed.length > 0 && !waits))
      await reviews.setActive(trx, waits ? [...before, ...added] : wanted, { actor, now });
    if (!waits) return null;
    const title = removed.map((area) => reviews.area(area).label[actor.locale]).join(', ');
    const payload = { removed };
    return reviews.ask(
      trx,
      { area: FOUR_EYES, action: 'four-eyes.update', subject: FOUR_EYES, subjectId: 0, title, payload, base: {}, note: null },
      actor,
      now,
    );
  });
}

/** Which areas are under four eyes, as text: one object, `company`. */
export const reviewSection = (kit: Kit, reviews: FullReviewService): ConfigSection => ({
  key: 'fourEyes',
  order: 99,
  resource: 'roles',
  keyOf: () => 'company',
  normalise: (value) => ({ areas: [...settingsSchema.parse(value).areas].sort() }),
  read: async () => [{ key: 'company', id: null, value: { areas: [...(await reviews.active())].sort() } }],
  write: async (context, value) => {
    const pendingReview = await saveAreas({ kit, reviews }, settingsSchema.parse(value).areas, context);
    return pendingReview === null ? undefined : { pendingReview };
  },
});

/** Requests that wait for a second person, and the areas where one is needed. */
export function reviewRoutes({ kit, reviews }: Deps): readonly NoticeRoute[] {
  const { access } = kit;
  reviews.handle('four-eyes.update', async (trx, review, actor, now) => {
    const { removed } = z.object({ removed: z.array(z.string()) }).parse(review.payload);
    const left = (await reviews.active(trx)).filter((area) => !removed.includes(area));
    await reviews.setActive(trx, left, { actor, now });
  });
  const mayAgree = (actor: VerbContext['actor'], area: string): boolean => {
    const found = reviews.areas().find((one) => one.area === area);
    return found !== undefined && access.can(actor, found.resource, found.verb);
  };

  const list = async (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    const rows = await many<Listed>(kit.db, LIST, [LISTED]);
    ctx.body = rows
      .filter((row) => row.requestedBy === actor.memberId || mayAgree(actor, row.area))
      .map((row) => ({
        ...row,
        resource: row.subject === 'policy' ? reviews.area(row.area).resource : null,
        isMine: row.requestedBy === actor.memberId,
        mayDecide: row.state === 'open' && row.requestedBy !== actor.memberId && mayAgree(actor, row.area),
      }));
  };
  const decide =
    (decision: ReviewDecision) =>
    async (ctx: HostContext, { actor, now }: VerbContext): Promise<void> => {
      const id = z.coerce.number().int().positive().parse(ctx.params['id']);
      const { comment } = decisionSchema.parse(ctx.request.body ?? {});
      const review = await reviews.get(id);
      if (!mayAgree(actor, review.area) && review.requestedBy !== actor.memberId) throw forbidden();
      if (decision !== 'withdraw' && !mayAgree(actor, review.area)) throw forbidden();
      await reviews.decide(id, decision, comment ?? null, { actor, now });
      ctx.body = { id, state: (await reviews.get(id)).state };
    };
  const settings = async (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    access.assert(actor, 'roles', 'read');
    const active = await reviews.active();
    const areas = reviews.areas().filter(({ area }) => area !== FOUR_EYES);
    ctx.body = await Promise.all(
      areas.map(async ({ area, label, resource }) => ({
        area,
        label,
        resource,
        isOn: active.includes(area),
        people: (await reviews.whoMayAgree(kit.db, area)).length,
      })),
    );
  };
  const save = async (ctx: HostContext, { actor, now }: VerbContext): Promise<void> => {
    access.assert(actor, 'roles', 'update');
    const { areas } = settingsSchema.parse(ctx.request.body ?? {});
    for (const area of areas) reviews.area(area);
    const pendingReview = await saveAreas(
      { kit, reviews },
      [...new Set(areas)].filter((area) => area !== FOUR_EYES),
      { actor, now },
    );
    ctx.body = { areas: await reviews.active(), pendingReview };
  };
  return [
    { method: 'GET', path: '/reviews', handler: list },
    ...REVIEW_DECISIONS.map((decision) => ({ method: 'POST' as const, path: `/reviews/:id/${decision}`, handler: decide(decision) })),
    { method: 'GET', path: '/four-eyes', handler: settings },
    { method: 'PUT', path: '/four-eyes', handler: save },
  ];
}
