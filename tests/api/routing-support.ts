import { FIRST_RESPONSE_CONTRACT } from '../../plugins/lead-sla';
import { api as client, type Api } from '../support/api';
import { addPerson, CALENDAR, expectStatus, poolBody, someone, startCompany, type Company } from '../support/fixtures';

/** The company of the running test file. */
export let company: Company;
export let poolId: number;
let made = 0;

export const label = { zh: '规则', en: 'The rule' };
const OPEN = { key: 'open', tz: 'UTC', alwaysOpen: true, week: {} };
export const where = (field: string, value: unknown, operator = '=') => ({ combinator: 'and', rules: [{ field, operator, value }] });
/** Policies are for the leads of one source each, so that tests do not meet. */
export const forSource = (source: string) => where('lead.campaign', source);

export async function policy(
  campaign: string,
  rules: readonly Record<string, unknown>[],
  more: Record<string, unknown> = {},
): Promise<number> {
  const id = await company.publish('routing-policies', campaign, {
    when: forSource(campaign),
    rules: rules.map((rule, index) => ({ key: `rule-${index + 1}`, label, ...rule })),
    otherwise: { kind: 'pool', key: 'rest' },
    ...more,
  });
  return id;
}

export interface Member {
  readonly id: number;
  readonly email: string;
  readonly token: string;
}

export async function rep(more: Record<string, unknown> = {}): Promise<Member> {
  made += 1;
  return addPerson(company.db, `router-${made}`, { roles: ['sales'], team_id: company.teams.east, ...more });
}
/** The console API as this person, without the limit on signing in. */
export const as = async (person: Member): Promise<{ api: Api }> => Promise.resolve({ api: client(company.server.url, person.token) });

export const group = (people: readonly Member[], weights: readonly number[] = []) => ({
  kind: 'group',
  members: people.map((person, index) => ({ member: person.email, weight: weights[index] ?? 1 })),
});

export const capture = (campaign: string, count: number, more: Record<string, unknown> = {}) =>
  company.capture(Array.from({ length: count }, () => someone({ campaign, ...more })));

export async function ownersOf(ids: readonly number[]): Promise<(number | null)[]> {
  const rows = await company
    .db<{ id: number; owner_id: number | null }>('crm_leads')
    .whereIn('id', [...ids])
    .select('id', 'owner_id');
  const owners = new Map(rows.map((row) => [row.id, row.owner_id]));
  return ids.map((id) => owners.get(id) ?? null);
}
export const decisions = (lead: number) =>
  company
    .db<{ result: Record<string, unknown>; candidates: Record<string, unknown>[]; cause: string }>('crm_decisions')
    .where({ kind: 'route', subject_id: lead } as never)
    .orderBy('id');

export const reasonOf = async (lead: number): Promise<unknown> => (await decisions(lead)).at(-1)?.result['reason'];

export const presenceOf = async (member: number | null | undefined): Promise<string | undefined> =>
  (await company.db('crm_members').where({ id: member }).first<{ presence: string } | undefined>())?.presence;

/** The time of the product. */
export const clock = async (): Promise<Date> => new Date((await company.admin.get<{ now: string }>('/api/console/ping')).body.now);
export const later = async (seconds: number): Promise<void> =>
  void (await company.moveClock(new Date((await clock()).getTime() + seconds * 1000).toISOString()));

/** A deadline of half an hour for whoever owns one of these leads; without a choice those of the campaign it is named after. */
export async function contract(key: string, leads = forSource(key), more: Record<string, unknown> = {}): Promise<number> {
  const [metric] = FIRST_RESPONSE_CONTRACT.metrics;
  const start = where('lead.owner', undefined, 'notNull');
  return company.publish('sla-contracts', key, {
    ...FIRST_RESPONSE_CONTRACT,
    signing: 'none',
    calendar: 'open',
    metrics: [{ ...metric, start: { ...start, rules: [...start.rules, ...leads.rules] }, ...more }],
  });
}

/** A change of fields as a person makes it in the console. */
export async function change(lead: number, values: Record<string, unknown>): Promise<void> {
  const { version } = (await company.admin.get<{ version: number }>(`/api/console/leads/${lead}`)).body;
  expectStatus(await company.admin.put(`/api/console/leads/${lead}`, { ...values, version }), 200);
}

export interface Explanation {
  readonly text: { readonly en: string };
  readonly rule: { readonly label: { readonly en: string } } | null;
  readonly policy: { readonly version: number } | null;
  readonly rules: readonly { readonly key: string; readonly verdict: string }[];
  readonly result: {
    readonly owner: { readonly id: number; readonly name: string } | null;
    readonly pool: unknown;
    readonly reason: string;
  };
  readonly candidates: readonly {
    readonly member: number | null;
    readonly name: string | null;
    readonly eligible: boolean;
    readonly chosen: boolean;
    readonly codes: readonly { code: string; text: { en: string } }[];
  }[];
}
export const explain = async (person: { api: Company['admin'] }, lead: number) =>
  expectStatus(await person.api.get<Explanation>(`/api/console/leads/${lead}/explain/owner`), 200);

/** A company with a pool for what is left, an always open calendar and office hours; 2 March 2026, 10:00 in Shanghai. */
export async function startRouting(): Promise<void> {
  company = await startCompany();
  await company.moveClock('2026-03-02T02:00:00Z');
  await company.publish('calendars', 'open', OPEN);
  await company.publish('calendars', 'office', CALENDAR);
  poolId = await company.publish('pools', 'rest', poolBody('east'));
}
