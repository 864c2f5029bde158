import { randomBytes } from 'node:crypto';
import { getKit, insertRow, one, type Host } from '@leadsea/crm-core';
import { DEMO_PASSWORD, DEMO_PEOPLE } from './company';
import { seedCompany } from './seed';

export interface Account {
  readonly identifier: string;
  readonly password: string;
  readonly role: string;
}

interface UserService {
  add(values: Record<string, unknown>): Promise<{ id: number }>;
}

/** A console user with its member profile; the profile is what the product knows, the user is what signs in. */
export async function addPerson(
  strapi: Host,
  person: { email: string; name: string; password: string; member: Record<string, unknown> },
): Promise<number> {
  const kit = getKit(strapi);
  const users = strapi.plugin('users-permissions').service('user') as UserService;
  const role = await one<{ id: number }>(kit.db, `SELECT id FROM up_roles WHERE type = 'authenticated'`);
  const user = await users.add({
    username: person.email,
    email: person.email,
    password: person.password,
    provider: 'local',
    confirmed: true,
    blocked: false,
    role: role?.id,
  });
  return insertRow(
    kit.db,
    'crm_members',
    { name: person.name, email: person.email, user_id: user.id, active: true, presence: 'online', weight: 1, ...person.member },
    kit.clock.now(),
  );
}

/** The one administrator of an empty product. The password is given back once and kept nowhere. */
export async function createFirstAdmin(strapi: Host): Promise<Account> {
  const password = randomBytes(12).toString('base64url');
  await addPerson(strapi, {
    email: 'admin@leadsea.local',
    name: 'Administrator',
    password,
    member: { roles: ['crm-admin'], time_zone: 'Asia/Shanghai', locale: 'zh' },
  });
  return { identifier: 'admin@leadsea.local', password, role: 'crm-admin' };
}

/** The demo people, when this database holds the demo company. */
export async function accounts(strapi: Host): Promise<Account[]> {
  const kit = getKit(strapi);
  const found = await kit
    .db('crm_members')
    .whereIn(
      'email',
      DEMO_PEOPLE.map((person) => person.email),
    )
    .count<{ count: string }[]>('* as count');
  if (Number(found[0]?.count ?? 0) < DEMO_PEOPLE.length) return [];
  return DEMO_PEOPLE.filter((person) => person.shown).map((person) => ({
    identifier: person.email,
    password: DEMO_PASSWORD,
    role: person.roles.join(', '),
  }));
}

/** First run: the demo company with its people, policies and about 2,000 leads with history. */
export async function seed(strapi: Host): Promise<Account[]> {
  await seedCompany(strapi, (person) => addPerson(strapi, person));
  return accounts(strapi);
}
