import { createAccess } from './access';
import type { Me } from './types';

const me = (rules: Me['rules'], fields: Me['fields'] = {}): Me => ({
  member: {
    id: 5,
    name: 'Ada',
    email: 'a@b.c',
    teamId: 1,
    teamName: 'East',
    roles: ['sales'],
    timeZone: 'UTC',
    presence: 'online',
    locale: 'en',
  },
  rules,
  fields,
});

describe('what a member may do', () => {
  test('without a rule nothing is allowed', () => {
    expect(createAccess(me([])).can('read', 'leads')).toBe(false);
  });
  test('the pages list and show need read, edit needs update', () => {
    const access = createAccess(me([{ action: 'read', subject: 'leads' }]));
    expect([access.can('list', 'leads'), access.can('show', 'leads'), access.can('edit', 'leads')]).toEqual([true, true, false]);
  });
  test('a rule about own leads holds for own leads only', () => {
    const access = createAccess(me([{ action: 'update', subject: 'leads', conditions: { owner: { $eq: 5 } } }]));
    expect(access.can('update', 'leads')).toBe(true);
    expect(access.can('update', 'leads', { id: 1, owner: 5 })).toBe(true);
    expect(access.can('update', 'leads', { id: 2, owner: 6 })).toBe(false);
  });
  test('asking about a record does not change it', () => {
    const record = Object.freeze({ id: 1, owner: 5 });
    createAccess(me([{ action: 'read', subject: 'leads' }])).can('read', 'leads', record);
    expect(record).toEqual({ id: 1, owner: 5 });
  });
  test('a field named by the role wins over the star; an unknown resource is hidden', () => {
    const access = createAccess(me([], { leads: { '*': 'write', email: 'masked' } }));
    expect([access.field('leads', 'email'), access.field('leads', 'name'), access.field('roles', 'key')]).toEqual([
      'masked',
      'write',
      'hidden',
    ]);
  });
});
