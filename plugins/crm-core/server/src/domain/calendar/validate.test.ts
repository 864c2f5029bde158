import { AppError, type CalendarException, type CalendarSpec } from '../../../../contracts';
import { hours, SHANGHAI, weekdays } from './__fixtures__/calendars';
import { calendarSchema, compileCalendar, durationSchema, validateCalendar, validateExceptions } from '.';

const SPEC: CalendarSpec = { key: 'x', tz: 'UTC', week: weekdays('09:00-17:00'), templates: { short: hours('09:00-12:00') } };
const codes = (over: Partial<CalendarSpec>): string[] => validateCalendar({ ...SPEC, ...over }).map((finding) => finding.code);
const withException = (exception: CalendarException): string[] => codes({ exceptions: [exception] });

describe('findings of a calendar', () => {
  test('a sound calendar has none', () => {
    expect(validateCalendar(SPEC)).toEqual([]);
    expect(validateCalendar(SHANGHAI)).toEqual([]);
    expect(codes({ week: { fri: hours('22:00-06:00', '06:00-09:00') } })).toEqual([]);
  });

  const wrong: [code: string, over: Partial<CalendarSpec>][] = [
    ['UNKNOWN_ZONE', { tz: 'Asia/Beijing' }],
    ['UNKNOWN_TEMPLATE', { makeUpTemplate: 'long' }],
    ['UNKNOWN_TEMPLATE', { exceptions: [{ from: '2026-01-01', kind: 'work', template: 'toString' }] }],
    ['BAD_TIME', { week: { mon: hours('9:00-17:00') } }],
    ['BAD_TIME', { week: { mon: hours('24:00-17:00') } }],
    ['BAD_TIME', { templates: { short: hours('09:00-25:00') } }],
    ['BAD_TIME', { exceptions: [{ from: '2026-01-01', kind: 'special', intervals: hours('09:60-10:00') }] }],
    ['BAD_DATE', { exceptions: [{ from: '2026-02-30', kind: 'off' }] }],
    ['BAD_DATE', { exceptions: [{ from: '2026-02-01', to: 'tomorrow', kind: 'off' }] }],
    ['RANGE_REVERSED', { exceptions: [{ from: '2026-02-02', to: '2026-02-01', kind: 'off' }] }],
    ['BAD_STANDARD_DAY', { standardDaySeconds: 0 }],
    ['BAD_STANDARD_DAY', { standardDaySeconds: 90_000 }],
    ['OVERLAPPING_INTERVALS', { week: { mon: hours('09:00-12:00', '11:00-17:00') } }],
  ];
  test.each(wrong)('%s in %j', (code, over) => {
    expect(validateCalendar({ ...SPEC, ...over })).toEqual([expect.objectContaining({ level: 'error', code, path: expect.any(String) })]);
  });

  test('hours that contradict the kind of an exception', () => {
    expect(withException({ from: '2026-01-01', kind: 'off', template: 'short' })).toEqual(['OFF_WITH_HOURS']);
    expect(withException({ from: '2026-01-01', kind: 'special' })).toEqual(['SPECIAL_WITHOUT_HOURS']);
    expect(withException({ from: '2026-01-03', kind: 'work', template: 'short', intervals: [] })).toEqual(['TEMPLATE_AND_INTERVALS']);
  });

  test('the same date twice at one level and kind, also inside a range', () => {
    const list: CalendarException[] = [
      { from: '2026-10-01', to: '2026-10-07', kind: 'off' },
      { from: '2026-10-07', kind: 'off' },
      { from: '2026-10-08', kind: 'off' },
      { from: '2026-10-03', kind: 'special', intervals: hours('09:00-10:00') },
    ];
    expect(codes({ exceptions: list })).toEqual(['DUPLICATE_DATE']);
    expect(validateExceptions(list, 'person')).toEqual([expect.objectContaining({ code: 'DUPLICATE_DATE', path: 'person.1' })]);
  });

  test('doubts are warnings and do not block', () => {
    const warnings: [string, Partial<CalendarSpec>][] = [
      ['NO_WEEKLY_HOURS', { week: {} }],
      ['MAKE_UP_WITHOUT_HOURS', { week: { tue: hours('09:00-17:00') }, holidays: 'cn_statutory' }],
      ['ALREADY_WORKDAY', { exceptions: [{ from: '2026-03-04', kind: 'work' }] }],
    ];
    for (const [code, over] of warnings) {
      expect(validateCalendar({ ...SPEC, ...over })).toEqual([expect.objectContaining({ level: 'warning', code })]);
    }
    expect(codes({ week: {}, alwaysOpen: true })).toEqual([]);
  });
});

describe('compiling', () => {
  const codeOf = (run: () => unknown): string => {
    try {
      run();
      return 'compiled';
    } catch (error) {
      return error instanceof AppError ? error.code : 'another error';
    }
  };

  test('refuses what it cannot compute with, also in an overlay', () => {
    expect(codeOf(() => compileCalendar({ ...SPEC, tz: 'Mars/Base' }))).toBe('CALENDAR_UNUSABLE');
    const person: CalendarException[] = [{ from: '2026-01-01', kind: 'work', template: 'gone' }];
    expect(codeOf(() => compileCalendar(SPEC, { overlays: { person } }))).toBe('CALENDAR_UNUSABLE');
    const team: CalendarException[] = [{ from: '2026-01-01', kind: 'special', intervals: hours('9-10') }];
    expect(codeOf(() => compileCalendar(SPEC, { overlays: { team } }))).toBe('CALENDAR_UNUSABLE');
  });

  test('lives with a date given twice: two leaves that overlap must not stop every clock', () => {
    const person: CalendarException[] = [
      { from: '2026-01-01', to: '2026-01-05', kind: 'off' },
      { from: '2026-01-05', kind: 'off' },
    ];
    expect(codeOf(() => compileCalendar(SPEC, { overlays: { person } }))).toBe('compiled');
  });

  test('keeps a year once it is expanded, and cannot be changed (R-12)', () => {
    const calendar = compileCalendar(SPEC);
    expect(calendar.year(2026)).toBe(calendar.year(2026));
    expect(calendar.year(2026).workdays).toHaveLength(261);
    expect(Object.isFrozen(calendar)).toBe(true);
  });
});

describe('the schema of the policy', () => {
  test('accepts a whole calendar and gives it back unchanged', () => {
    const whole: CalendarSpec = {
      ...SHANGHAI,
      templates: { short: hours('09:00-12:00') },
      makeUpTemplate: 'short',
      standardDaySeconds: 27_000,
      exceptions: [{ from: '2026-01-01', to: '2026-01-02', kind: 'special', template: 'short', label: 'stocktaking', source: 'admin' }],
    };
    expect(calendarSchema.parse(whole)).toEqual(whole);
  });

  test.each([
    ['tz', { tz: 'Nowhere' }],
    ['week.mon.0.end', { week: { mon: hours('09:00-24:30') } }],
    ['week', { week: { monday: [] } }],
    ['exceptions.0.from', { exceptions: [{ from: '2026-13-01', kind: 'off' }] }],
    ['exceptions.0.kind', { exceptions: [{ from: '2026-12-01', kind: 'holiday' }] }],
    ['', { unknown: true }],
  ])('points at %s', (path, over) => {
    const result = calendarSchema.safeParse({ ...SPEC, ...over });
    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  test('takes the durations that can be computed and says what is wrong with others', () => {
    expect(durationSchema.safeParse('PT30M').success).toBe(true);
    expect(durationSchema.safeParse('P1D').error?.issues[0]?.message).toContain('P1BD');
  });
});
