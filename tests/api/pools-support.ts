import { expectStatus, poolBody, type Company, type ErrorBody, type Person, type VerbAnswer } from '../support/fixtures';

export type Answer = VerbAnswer & ErrorBody;

/** Shanghai time as an instant. */
export const at = (local: string): string => new Date(`${local}+08:00`).toISOString();
/** The clock of the product goes on while a test runs: instants are compared by the minute. */
export const minute = (instant: unknown): string => new Date(String(instant)).toISOString().slice(0, 16);
export const codeOf = (answer: { body: ErrorBody }): string => answer.body.error?.details.code;
export const detailsOf = (answer: { body: ErrorBody }): Record<string, unknown> => answer.body.error?.details;

/** Fresh pools and people, so that one test does not touch another. Make the pool before the person: he sees it from the start. */
export interface Ground {
  pool(more?: Record<string, unknown>, key?: string): Promise<number>;
  /** Publishes another version of a pool. */
  change(id: number, body: Record<string, unknown>): Promise<void>;
  rep(more?: { roles?: string[]; team?: number | null; timeZone?: string }): Promise<Person>;
  keyOf(id: number): Promise<string>;
}

let made = 0;

export function ground(company: Company): Ground {
  const next = (): number => (made += 1);
  return {
    pool: (more = {}, key = `pool-${next()}`) => company.publish('pools', key, poolBody('east', more)),
    change: async (id, body) => {
      expectStatus(await company.admin.put(`/api/console/pools/${id}`, { draft: body }), 200);
      expectStatus(await company.admin.post(`/api/console/pools/${id}/publish`), 200);
    },
    rep: ({ roles = ['sales'], team = company.teams.east, timeZone = 'Asia/Shanghai' } = {}) =>
      company.person(`person-${next()}`, { roles, team, timeZone }),
    keyOf: async (id) => String((await company.db('crm_policies').where({ id }).first<{ key: string }>('key'))?.key),
  };
}

export const claim = (person: Person, id: number, more: Record<string, unknown> = {}) =>
  person.api.post<Answer>(`/api/console/leads/${id}/claim`, more);
export const release = (person: Person, id: number, reason = 'no_time', more: Record<string, unknown> = {}) =>
  person.api.post<Answer>(`/api/console/leads/${id}/release`, { reason, ...more });
export const verb = (person: Pick<Person, 'api'>, id: number, name: string, body: Record<string, unknown> = {}) =>
  person.api.post<Answer>(`/api/console/leads/${id}/${name}`, body);
