import type { Knex } from 'knex';
import type { ConditionService } from '../../../../contracts';
import { fromText, toText, type Referenced } from '../../domain/config/references';
import { many } from '../rows';

const SUBJECTS = ['lead', 'account', 'opportunity', 'member', 'activity'];

/** Names that are the same in every installation, both ways: e-mail addresses of members, keys of teams and pools. */
export interface Names {
  /** Ids in conditions become names. */
  toText(json: unknown): unknown;
  /** Names become ids; those nobody has here are added to `missing`. */
  fromText(json: unknown, missing?: string[]): unknown;
  teamKey(id: number | null): string | null;
  teamId(key: string | null): number | null | undefined;
}

export async function readNames(db: Knex, conditions: Pick<ConditionService, 'describe'>): Promise<Names> {
  const rows = await many<{ resource: Referenced; id: number; name: string }>(
    db,
    `SELECT 'members' AS resource, id, lower(email) AS name FROM crm_members
     UNION ALL SELECT 'teams', id, key FROM crm_teams
     UNION ALL SELECT 'pools', id, key FROM crm_policies WHERE kind = 'pool'`,
  );
  const names = new Map(rows.map(({ resource, id, name }) => [`${resource}:${id}`, name]));
  const ids = new Map(rows.map(({ resource, id, name }) => [`${resource}:${name}`, id]));
  const references = new Map(
    SUBJECTS.flatMap((subject) => conditions.describe(subject)).flatMap(({ key, reference }) =>
      reference ? [[key, reference] as const] : [],
    ),
  );
  return {
    toText: (json) =>
      toText(
        json,
        (fact) => references.get(fact),
        (resource, id) => names.get(`${resource}:${id}`),
      ),
    fromText: (json, missing) => fromText(json, (resource, name) => ids.get(`${resource}:${name}`), missing),
    teamKey: (id) => (id === null ? null : (names.get(`teams:${id}`) ?? null)),
    teamId: (key) => (key === null ? null : ids.get(`teams:${key}`)),
  };
}
