import { z } from 'zod';
import { badRequest, notFound, type CalendarSpec, type ResourceVerb, type VerbContext } from '../../../contracts';
import {
  addDuration,
  calendarSchema,
  durationSchema,
  elapsed,
  explain,
  isProvisional,
  parseDuration,
  yearDays,
  type Calendar,
} from '../domain/calendar';
import type { Calendars } from '../services/calendars';
import type { FullPolicyService } from '../services/policies';

interface Verb<Input> {
  readonly name: string;
  readonly input: z.ZodType<Input>;
  readonly summary: string;
  readonly run: (context: VerbContext, calendar: Calendar, input: Input) => unknown;
}

const draft = calendarSchema.optional();

/** What an editor asks of a calendar that is being written: its year, and what a deadline would be. Nothing is saved. */
export function calendarVerbs(calendars: Calendars, policies: FullPolicyService): ResourceVerb[] {
  const compile = async (id: number, body: CalendarSpec | undefined): Promise<Calendar> => {
    const policy = await policies.keyOf(id);
    if (!policy || policy.kind !== 'calendar') throw notFound('Calendar');
    const parsed = calendarSchema.safeParse(body ?? policy.draft);
    if (!parsed.success) throw badRequest('POLICY_INVALID', 'The calendar is not valid yet.', { issues: parsed.error.issues });
    return (await calendars.draft(policy.key, parsed.data)).calendar;
  };
  const verb = <Input extends { draft?: CalendarSpec | undefined }>({ run, ...definition }: Verb<Input>): ResourceVerb => ({
    ...definition,
    target: 'record',
    access: 'read',
    run: async (context: VerbContext, ids: readonly number[], input: Input) => run(context, await compile(ids[0]!, input.draft), input),
  });
  return [
    verb({
      name: 'year',
      input: z.object({ year: z.int().min(1970).max(2200), draft }),
      summary: 'Every date of a year as the draft has it: what it is, who says so, how long it is open.',
      run: (_context, calendar, { year }) => {
        const middle = new Date(Date.UTC(year, 6, 1));
        return { year, tz: calendar.tz, provisional: isProvisional(calendar, middle, middle), days: yearDays(calendar, year) };
      },
    }),
    verb({
      name: 'deadline',
      input: z.object({
        at: z.iso.datetime({ offset: true }),
        duration: durationSchema,
        meaning: z.enum(['same-time', 'end-of-day', 'budget']).default('budget'),
        draft,
      }),
      summary: 'When a duration from an instant ends by the draft, day by day.',
      run: (_context, calendar, { at, duration, meaning }) => {
        const from = new Date(at);
        const parsed = parseDuration(duration);
        if (parsed.kind === 'invalid') throw badRequest('DURATION_INVALID', parsed.reason, { field: 'duration' });
        const due = addDuration(calendar, from, parsed, meaning);
        if (!due.ok) throw badRequest(due.code, 'This calendar has no working time within 400 days.');
        return {
          at: from,
          dueAt: due.at,
          tz: calendar.tz,
          seconds: elapsed(calendar, from, due.at),
          rows: explain(calendar, from, due.at),
        };
      },
    }),
  ];
}
