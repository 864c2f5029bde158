import type { CalendarSpec } from '@leadsea/crm-core';

export const DEMO_PASSWORD = 'Leadsea-demo-1';

export interface DemoPerson {
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly team: string;
  readonly zone: string;
  readonly locale: 'zh' | 'en';
  readonly calendar: string;
  readonly capacity: number;
  readonly weight: number;
  readonly skills: readonly string[];
  /** Printed at the start. */
  readonly shown?: boolean;
}

export const DEMO_TEAMS = [
  { key: 'company', name: 'Leadsea 演示公司', parent: null, calendar: 'shanghai' },
  { key: 'marketing', name: '市场部 Marketing', parent: 'company', calendar: 'shanghai' },
  { key: 'china', name: '中国销售部', parent: 'company', calendar: 'shanghai' },
  { key: 'east', name: '华东销售组', parent: 'china', calendar: 'shanghai' },
  { key: 'south', name: '华南销售组', parent: 'china', calendar: 'shanghai' },
  { key: 'europe', name: 'Europe Sales', parent: 'company', calendar: 'berlin' },
] as const;

const person = (email: string, name: string, roles: readonly string[], team: string, more: Partial<DemoPerson> = {}): DemoPerson => ({
  email: `${email}@demo.leadsea.local`,
  name,
  roles,
  team,
  zone: team === 'europe' ? 'Europe/Berlin' : 'Asia/Shanghai',
  locale: team === 'europe' ? 'en' : 'zh',
  calendar: team === 'europe' ? 'berlin' : 'shanghai',
  capacity: 200,
  weight: 1,
  skills: team === 'europe' ? ['en', 'de'] : ['zh'],
  ...more,
});

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  person('admin', '管理员 Admin', ['crm-admin'], 'company', { shown: true }),
  person('mia', '林米娅', ['marketing'], 'marketing', { shown: true }),
  person('pool', '周海', ['pool-admin'], 'china', { shown: true }),
  person('sdr', '吴小雨', ['sdr'], 'east', { shown: true }),
  person('wang', '王磊', ['sales'], 'east', { shown: true, weight: 3 }),
  person('li', '李娜', ['sales'], 'east', { weight: 2 }),
  person('zhang', '张伟', ['sales'], 'east'),
  person('chen', '陈静', ['sales'], 'south', { weight: 2 }),
  person('liu', '刘洋', ['sales'], 'south'),
  person('manager', '赵敏', ['sales-manager'], 'china', { shown: true }),
  person('anna', 'Anna Weber', ['sales'], 'europe', { shown: true, weight: 2 }),
  person('tom', 'Tom Fischer', ['sales'], 'europe'),
  person('emma', 'Emma Rossi', ['sales-manager'], 'europe'),
  person('audit', '孙审', ['auditor'], 'company'),
];

export const DEMO_CALENDARS: readonly { readonly key: string; readonly name: string; readonly body: CalendarSpec }[] = [
  {
    key: 'shanghai',
    name: '上海工作日历',
    body: {
      key: 'shanghai',
      tz: 'Asia/Shanghai',
      week: Object.fromEntries(
        (['mon', 'tue', 'wed', 'thu', 'fri'] as const).map((day) => [
          day,
          [
            { start: '09:00', end: '12:00' },
            { start: '13:30', end: '18:00' },
          ],
        ]),
      ),
      holidays: 'cn_statutory',
      standardDaySeconds: 27_000,
    },
  },
  {
    key: 'berlin',
    name: 'Berlin office hours',
    body: {
      key: 'berlin',
      tz: 'Europe/Berlin',
      week: Object.fromEntries((['mon', 'tue', 'wed', 'thu', 'fri'] as const).map((day) => [day, [{ start: '09:00', end: '17:30' }]])),
      holidays: 'DE',
      standardDaySeconds: 28_800,
    },
  },
];
