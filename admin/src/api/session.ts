import { viewAs } from './view-as';

const KEY = 'leadsea.token';

/** The bearer token of this browser. */
export const session = {
  token: (): string | null => localStorage.getItem(KEY),
  open: (token: string): void => localStorage.setItem(KEY, token),
  close: (): void => {
    viewAs.forget();
    localStorage.removeItem(KEY);
  },
};
