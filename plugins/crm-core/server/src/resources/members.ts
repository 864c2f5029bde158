import { z } from 'zod';
import { badRequest, notFound } from '../../../contracts';
import type { ResourceVerb } from '../../../contracts';
import { snake } from '../services/rows';
import { LEAST_PASSWORD, type ConsoleUsers } from '../services/users';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

const REFERENCES: Readonly<Record<string, string>> = { team: 'team_id', manager: 'manager_id' };

/** A new member needs a name and an address to sign in with, and a first password unless he is invited; later edits only what they name. */
export function checkMember(values: Record<string, unknown>, isNew: boolean): void {
  if (!isNew) {
    if (values['password'] !== undefined)
      throw badRequest('PASSWORD_BY_VERB', 'A password is set with its own action.', { field: 'password' });
    return;
  }
  if (typeof values['name'] !== 'string' || values['name'].trim() === '')
    throw badRequest('VALUE_REQUIRED', 'A member needs a name.', { field: 'name' });
  if (typeof values['email'] !== 'string' || !EMAIL.test(values['email']))
    throw badRequest('EMAIL_INVALID', 'A member needs an e-mail address to sign in with.', { field: 'email' });
  // Without a password the account waits for an invitation.
  if (values['password'] === undefined || values['password'] === null) return;
  if (typeof values['password'] !== 'string' || values['password'].length < LEAST_PASSWORD) {
    throw badRequest('PASSWORD_SHORT', `The first password needs at least ${LEAST_PASSWORD} characters.`, {
      field: 'password',
      least: LEAST_PASSWORD,
    });
  }
}

/** Columns of a new member: active and present unless said otherwise, the password left to users-permissions. */
export function memberColumns(values: Record<string, unknown>): Record<string, unknown> {
  const columns: Record<string, unknown> = { active: true, presence: 'online', weight: 1, roles: [], skills: [] };
  for (const [name, value] of Object.entries(values)) if (name !== 'password') columns[REFERENCES[name] ?? snake(name)] = value;
  return { ...columns, email: String(values['email']).trim().toLowerCase() };
}

export function passwordVerb(users: ConsoleUsers): ResourceVerb {
  const verb: ResourceVerb<{ password: string }> = {
    name: 'password',
    target: 'record',
    input: z.object({ password: z.string().min(LEAST_PASSWORD).max(200) }),
    summary: 'Give a member a new password.',
    access: 'update',
    run: async (_context, ids, input) => {
      const userId = await users.userOf(ids[0]!);
      if (userId === null) throw notFound('Account');
      await users.setPassword(userId, input.password);
      return { id: ids[0] };
    },
  };
  return verb;
}
