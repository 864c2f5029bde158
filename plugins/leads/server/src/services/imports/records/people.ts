import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { fold, written } from '../cells';
import { refusal, type Batch, type RowRefusal } from '../entity';

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly team_id: number | null;
  readonly active: boolean | null;
}
type Found = { readonly ok: true; readonly person: Person | null } | RowRefusal;

export interface People {
  /** Who is meant by an id, an e-mail address or a name; nobody where the options leave strangers blank. */
  find(text: unknown): Found;
  /** Somebody who may be given a record by whoever imports. */
  owner(text: unknown): Found;
}

const NOBODY: Found = { ok: true, person: null };

/** The members, for looking up those a file names; one statement. */
export async function loadPeople({ kit, actor, record }: Batch, db: Knex | Knex.Transaction): Promise<People> {
  const all = await many<Person>(db, 'SELECT id, name, email, team_id, active FROM crm_members ORDER BY id', []);
  const lenient = record.options.unknownPeople === 'blank';
  const byId = new Map(all.map((one) => [String(one.id), one]));
  const byMail = new Map(all.map((one) => [fold(one.email), one]));
  const byName = new Map<string, Person[]>();
  for (const one of all) byName.set(fold(one.name), [...(byName.get(fold(one.name)) ?? []), one]);

  const find = (text: unknown): Found => {
    const name = written(text);
    if (name === '') return NOBODY;
    const wanted = fold(name);
    const known = byMail.get(wanted) ?? byId.get(wanted);
    if (known) return { ok: true, person: known };
    const named = byName.get(wanted) ?? [];
    const working = named.filter((one) => one.active !== false);
    const [only] = working.length > 0 ? working : named;
    if (only && Math.max(working.length, 1) === 1 && (working.length === 1 || named.length === 1)) return { ok: true, person: only };
    if (named.length > 1) return refusal('PERSON_AMBIGUOUS', `Several people are called "${name}"; give the e-mail address.`, name);
    return lenient ? NOBODY : refusal('PERSON_UNKNOWN', `"${name}" is no member, by e-mail address or name.`, name);
  };
  return {
    find,
    owner: (text) => {
      const found = find(text);
      if (!found.ok || found.person === null) return found;
      const { person } = found;
      if (person.active === false)
        return lenient
          ? NOBODY
          : refusal('OWNER_INACTIVE', `"${person.name}" does not work here any more and cannot own anything.`, person.name);
      if (person.id === actor.memberId || kit.access.mayGiveTo(actor, { memberId: person.id, teamId: person.team_id })) return found;
      return refusal('RECEIVER_NOT_ALLOWED', `Your role does not give records to "${person.name}".`, person.name);
    },
  };
}
