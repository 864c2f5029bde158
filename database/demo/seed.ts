import { getKit, insertRow, type Host } from '@leadsea/crm-core';
import { DEMO_CALENDARS, DEMO_PASSWORD, DEMO_PEOPLE, DEMO_TEAMS } from './company';
import { makeDeals, seedCustomers } from './deals';
import { playHistory } from './history';
import { seedPolicies } from './policies';
import { stockPools } from './pools';

const DEMO_LEADS = Number(process.env['LEADSEA_DEMO_LEADS'] ?? 2000);

type AddPerson = (person: { email: string; name: string; password: string; member: Record<string, unknown> }) => Promise<number>;

/** The company itself: calendars, teams, people, then its policies and leads. */
export async function seedCompany(strapi: Host, addPerson: AddPerson): Promise<void> {
  const kit = getKit(strapi);
  const system = kit.actors.system('Demo');
  const now = kit.clock.now();
  for (const [position, calendar] of DEMO_CALENDARS.entries()) {
    await kit.policies.upsert(
      { kind: 'calendar', key: calendar.key, name: calendar.name, body: calendar.body, position, publish: true },
      system,
      now,
    );
  }
  const teams = new Map<string, number>();
  for (const team of DEMO_TEAMS) {
    const parent = team.parent === null ? null : teams.get(team.parent);
    teams.set(
      team.key,
      await insertRow(kit.db, 'crm_teams', { key: team.key, name: team.name, parent_id: parent ?? null, calendar_key: team.calendar }, now),
    );
  }
  for (const person of DEMO_PEOPLE) {
    await addPerson({
      email: person.email,
      name: person.name,
      password: DEMO_PASSWORD,
      member: {
        roles: person.roles,
        team_id: teams.get(person.team),
        time_zone: person.zone,
        locale: person.locale,
        calendar_key: person.calendar,
        capacity: person.capacity,
        weight: person.weight,
        skills: person.skills,
      },
    });
  }
  await kit.db.raw(`SELECT pg_notify('crm_members', '')`);
  await seedPolicies(strapi);
  await seedCustomers(strapi, DEMO_LEADS);
  await playHistory(strapi, DEMO_LEADS);
  await stockPools(strapi);
  await makeDeals(strapi);
}
