import type { AuthProvider } from 'ra-core';
import { createAccess, type Access } from './access';
import { getEarly } from './early';
import { ApiError, httpClient } from './http-client';
import { session } from './session';
import type { Me } from './types';

interface LoginAnswer {
  jwt: string;
}

let current: Promise<Me> | null = null;

/** The member behind the token, asked once per login. */
const currentMember = (): Promise<Me> => {
  if (!session.token()) return Promise.reject(new ApiError(401, 'UNAUTHORIZED', 'Sign in first.'));
  current ??= getEarly<Me>('/me').catch((error: unknown) => {
    current = null;
    throw error;
  });
  return current;
};

export const currentAccess = async (): Promise<Access> => createAccess(await currentMember());

/** Whoever is not signed in may nothing. */
const NOBODY: Access = { can: () => false, field: () => 'hidden' };

export const authProvider: AuthProvider = {
  login: async ({ username, password }: { username: string; password: string }) => {
    session.close();
    current = null;
    const body = JSON.stringify({ identifier: username, password });
    const { json } = await httpClient<LoginAnswer>('/api/auth/local', { method: 'POST', body });
    session.open(json.jwt);
    try {
      await currentMember();
    } catch (error) {
      session.close();
      throw error;
    }
  },
  logout: async () => {
    session.close();
    current = null;
  },
  checkAuth: async () => {
    if (!session.token()) throw new Error('ra.auth.auth_check_error');
  },
  checkError: async (error: { status?: number }) => {
    if (error.status === 401) throw new Error('ra.notification.logged_out');
  },
  getIdentity: async () => {
    const { member } = await currentMember();
    return { id: member.id, fullName: member.name };
  },
  // Asked on every page, also on those without a sign-in: a refusal here would lead to the sign-in page.
  getPermissions: async () => (session.token() ? currentAccess() : NOBODY),
  canAccess: async ({ action, resource, record }) => (await currentAccess()).can(action, resource, record),
};
