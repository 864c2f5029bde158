const KEY = 'leadsea.view-as';

/** Through whose eyes this window looks: what the server is told, the name people read, and where the look began. */
export interface ViewAs {
  /** `role:<key>` or `member:<id>`. */
  readonly as: string;
  readonly name: string;
  readonly back: string;
}

const isViewAs = (value: unknown): value is ViewAs =>
  typeof value === 'object' &&
  value !== null &&
  ['as', 'name', 'back'].every((key) => typeof (value as Record<string, unknown>)[key] === 'string');

/** Kept for this window only, and only while it is open: another window of the same person stays his own. */
export const viewAs = {
  header: 'X-Leadsea-View-As',
  get: (): ViewAs | null => {
    try {
      const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
      return isViewAs(stored) ? stored : null;
    } catch {
      return null;
    }
  },
  /** Everything that was loaded was loaded for somebody else: the page starts anew. */
  begin: (view: ViewAs): void => {
    sessionStorage.setItem(KEY, JSON.stringify(view));
    window.location.assign('/console/');
  },
  end: (): void => {
    const back = viewAs.get()?.back ?? '/';
    sessionStorage.removeItem(KEY);
    window.location.assign(`/console${back}`);
  },
  forget: (): void => sessionStorage.removeItem(KEY),
};
