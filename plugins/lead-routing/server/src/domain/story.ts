/** One entry of a history that says what something was before and after: who held a lead, its stage, its values; of an account, its owner. */
export interface Told {
  /** Number of the event: the order in which things happened. */
  readonly id: number;
  readonly at: Date;
  readonly type: string;
  /** A key that is absent was not touched. */
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** A moment in histories: what was told before an event, or where there is none up to an instant, that included. */
export interface Until {
  readonly event: number | null;
  readonly at: Date;
}

export const isBefore = (told: Told, { event, at }: Until): boolean =>
  event === null ? told.at.getTime() <= at.getTime() : told.id < event;

/**
 * What a value was at a moment: what the last entry before it left, else what the first one after it found, else what it is today.
 * @param story in the order of its events
 */
export function valueAt<Value extends string | number | null>(story: readonly Told[], key: string, until: Until, today: Value): Value {
  const touching = story.filter(({ before, after }) => key in before || key in after);
  const last = touching.findLast((told) => isBefore(told, until));
  if (last && key in last.after) return last.after[key] as Value;
  const next = touching.find((told) => !isBefore(told, until));
  if (!last && next && key in next.before) return next.before[key] as Value;
  return today;
}

/**
 * What was otherwise at a moment than it is today, by key: of everything told after it, the value before that.
 * @param story in the order of its events
 */
export function valuesThen(story: readonly Told[], until: Until): Readonly<Record<string, unknown>> {
  const then: Record<string, unknown> = {};
  for (const told of story) {
    if (isBefore(told, until)) Object.assign(then, told.after);
    else for (const [key, value] of Object.entries(told.before)) if (!(key in then)) then[key] = value;
  }
  const later = new Set(
    story.filter((told) => !isBefore(told, until)).flatMap(({ before, after }) => Object.keys({ ...before, ...after })),
  );
  return Object.fromEntries(Object.entries(then).filter(([key]) => later.has(key)));
}

/** Events by which an owner loses a lead so that it may go to somebody else. */
export const LEFT = ['lead.released', 'lead.recycled', 'lead.rerouted', 'lead.routed', 'lead.transferred', 'lead.assigned'];
const LEAVING: ReadonlySet<string> = new Set(LEFT);

/** Who lost the lead before a moment, newest first. */
export const ownersBefore = (story: readonly Told[], until: Until): readonly { member: number; at: Date; left: string }[] =>
  story
    .flatMap((told) => {
      const member = told.before['owner'];
      return typeof member === 'number' && LEAVING.has(told.type) && isBefore(told, until)
        ? [{ member, at: told.at, left: told.type }]
        : [];
    })
    .reverse();

/** When a lead was next without an owner after a moment; null = it has had one ever since, or never. */
export const freedAfter = (story: readonly Told[], until: Until): Date | null =>
  story.find((told) => !isBefore(told, until) && typeof told.before['owner'] === 'number' && told.after['owner'] === null)?.at ?? null;
