import { z } from 'zod';
import {
  AppError,
  REVISION_MODES,
  type CalendarRevisionListener,
  type CalendarSpec,
  type LintFinding,
  type PolicyKind,
  type PolicyService,
} from '../../../contracts';
import { calendarSchema, validateCalendar } from '../domain/calendar';
import type { Calendars } from '../services/calendars';

export interface CalendarKindDeps {
  readonly calendars: Calendars;
  readonly policies: PolicyService;
  readonly listeners: readonly CalendarRevisionListener[];
}

const optionsSchema = z.object({ clocks: z.enum(REVISION_MODES).default('replan') });

/** organisation → team → person, never in a circle. What a narrower calendar leaves out is checked as it inherits it. */
async function lint({ calendars }: CalendarKindDeps, spec: CalendarSpec, key: string): Promise<LintFinding[]> {
  if (spec.parent === undefined) return validateCalendar(spec);
  try {
    const { week, templates } = (await calendars.draft(key, spec)).calendar.spec;
    return validateCalendar({ ...spec, week, ...(templates ? { templates } : {}) });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [
      {
        level: 'error',
        code: 'CALENDAR_PARENT',
        path: 'parent',
        message: `There is no live calendar "${spec.parent}", or it stands under this one.`,
      },
    ];
  }
}

/** Working hours as a policy: drafted, checked, published as an immutable revision whose effect on running clocks is shown first. */
export const calendarKind = (deps: CalendarKindDeps): PolicyKind<CalendarSpec> => ({
  kind: 'calendar',
  resource: 'calendars',
  label: { zh: '工作日历', en: 'Calendar' },
  schema: calendarSchema,
  lint: (body, { key }) => lint(deps, body, key),
  preview: async (body, { key }, actor) => {
    const draft = await deps.calendars.draft(key, body);
    const keys = [key, ...draft.dependants];
    const parts = await Promise.all(
      deps.listeners.map(async (listener) => [listener.name, await listener.preview({ keys, draftOf: draft.of }, actor)] as const),
    );
    return { kind: 'calendar', ...Object.fromEntries(parts) };
  },
  shadow: {
    instead: 'preview',
    reason: {
      zh: '日历只用来计时：新版本会使哪些正在运行的计时变动，预览已经逐一算出，试运行几天也不会知道得更多。',
      en: 'A calendar only measures: which running clocks a new revision would move is worked out in the preview, one by one; waiting some days would tell no more.',
    },
  },
  publishOptions: optionsSchema,
  onPublish: async (trx, version, _actor, now, options) => {
    const { clocks: mode } = optionsSchema.parse(options ?? {});
    const live = await deps.policies.live<CalendarSpec>('calendar');
    const known = live.some((one) => one.key === version.key);
    const { dependants } = known ? await deps.calendars.draft(version.key, version.body) : { dependants: [] };
    for (const listener of deps.listeners)
      await listener.published(trx, { keys: [version.key, ...dependants], mode, versionId: version.versionId }, now);
  },
});
