import { getJson } from './http-client';
import { session } from './session';

/** What every page asks before anything is drawn, and for how many askers the first answer holds. */
const QUESTIONS: Readonly<Record<string, number>> = { '/me': 2, '/meta': 1 };

const asked = new Map<string, { readonly token: string; readonly answer: Promise<unknown>; left: number }>();

/** Asks while the program is still being read: the answers are there when the first page wants them. Nothing is asked without a session. */
export const askEarly = (): void => {
  const token = session.token();
  if (!token) return;
  for (const [path, left] of Object.entries(QUESTIONS)) {
    const answer = getJson(path);
    // Whoever takes it sees a refusal; nobody may.
    answer.catch(() => undefined);
    asked.set(path, { token, answer, left });
  }
};

/** The early answer for those who ask first, in the session it was asked in; everybody after them asks anew. */
export const getEarly = <T>(path: keyof typeof QUESTIONS): Promise<T> => {
  const early = asked.get(path);
  if (!early || early.left === 0 || early.token !== session.token()) return getJson<T>(path);
  early.left -= 1;
  return (early.answer as Promise<T>).catch(() => getJson<T>(path));
};
