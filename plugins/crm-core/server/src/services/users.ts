import { AppError } from '../../../contracts';
import type { Host } from '../../../contracts';

interface UserService {
  add(values: Record<string, unknown>): Promise<{ id: number }>;
  edit(id: number, values: Record<string, unknown>): Promise<unknown>;
}

/** The accounts people sign in with; they belong to users-permissions, which hashes passwords and issues tokens. */
export interface ConsoleUsers {
  /** @throws AppError EMAIL_TAKEN */
  add(email: string, password: string): Promise<number>;
  setPassword(userId: number, password: string): Promise<void>;
  /** The account of a member, null when it has none. */
  userOf(memberId: number): Promise<number | null>;
}

export const LEAST_PASSWORD = 10;

export function createConsoleUsers(strapi: Host): ConsoleUsers {
  const service = (): UserService => strapi.plugin('users-permissions').service('user') as UserService;
  return {
    add: async (email, password) => {
      const address = email.trim().toLowerCase();
      const db = strapi.db.connection;
      const taken = await db<{ id: number; email: string }>('up_users').where({ email: address }).first();
      if (taken) throw new AppError('EMAIL_TAKEN', 409, 'Somebody already signs in with this address.', { field: 'email' });
      const role = await db<{ id: number; type: string }>('up_roles').where({ type: 'authenticated' }).first();
      const user = await service().add({
        username: address,
        email: address,
        password,
        provider: 'local',
        confirmed: true,
        blocked: false,
        role: role?.id,
      });
      return user.id;
    },
    userOf: async (memberId) => {
      const row = await strapi.db.connection<{ id: number; user_id: number | null }>('crm_members').where({ id: memberId }).first();
      return row?.user_id ?? null;
    },
    setPassword: async (userId, password) => {
      await service().edit(userId, { password });
    },
  };
}
