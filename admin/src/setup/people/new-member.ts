/** What a new member is made of. */
export interface NewMember {
  readonly name: string;
  readonly email: string;
  /** By a link in a mail; else with a first password. */
  readonly byMail: boolean;
  readonly password: string;
  readonly team: number | null;
  readonly roles: readonly string[];
  readonly calendarKey: string | null;
  readonly timeZone: string | null;
  readonly locale: string | null;
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
/** The least the server takes. */
export const LEAST_PASSWORD = 10;

export const isPassword = (password: string): boolean => password.length >= LEAST_PASSWORD;

export const isComplete = (member: NewMember): boolean =>
  member.name.trim() !== '' && EMAIL.test(member.email.trim()) && (member.byMail || isPassword(member.password));

/** What is sent: trimmed, without what was left open, so that the server's own defaults hold. */
export const toNewMember = (member: NewMember): Record<string, unknown> => {
  const { byMail, ...rest } = member;
  const values = { ...rest, password: byMail ? '' : member.password, name: member.name.trim(), email: member.email.trim() };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ''));
};
