import { createHash, randomBytes } from 'node:crypto';
import { AppError, badRequest, conflict, notFound } from '../../../contracts';
import type { Kit, LocalisedText, VerbContext } from '../../../contracts';
import type { FullNoticeService } from './notices';
import { one } from './rows';
import { LEAST_PASSWORD, type ConsoleUsers } from './users';

const GOOD_FOR_MS = 3 * 86_400_000;
const TOKEN_BYTES = 32;

interface Invited {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly locale: string | null;
  readonly userId: number | null;
}

export interface Invitations {
  /** Makes a new link (an older one is void) and mails it; without mail on this server the link is in the answer, to be passed on by hand. */
  invite(
    context: VerbContext,
    memberId: number,
  ): Promise<{ readonly sentTo: string | null; readonly link: string | null; readonly expiresAt: Date }>;
  /** Whom a token invites. @throws AppError INVITE_INVALID for one that is unknown, used or too old */
  look(token: string): Promise<{ readonly name: string; readonly email: string }>;
  /** Sets the password the invited person chose; the token is used up by it. @throws AppError INVITE_INVALID, PASSWORD_SHORT */
  accept(token: string, password: string): Promise<{ readonly email: string }>;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
const invalid = (): AppError => new AppError('INVITE_INVALID', 404, 'This invitation is used up, too old or not known. Ask for a new one.');

const letter = (from: string, expiresAt: Date): { title: LocalisedText; body: LocalisedText } => {
  const until = `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return {
    title: { zh: `${from} 邀请您使用 Leadsea`, en: `${from} invites you to Leadsea` },
    body: {
      zh: `打开链接并设置您自己的密码。链接在 ${until} 之前有效，且只能使用一次。`,
      en: `Open the link and choose a password of your own. The link works once, until ${until}.`,
    },
  };
};

/** Invitations by mail: whoever is invited chooses his own password; nobody else ever knows it. */
export function createInvitations(kit: Kit, users: ConsoleUsers, notices: FullNoticeService): Invitations {
  const { db, clock } = kit;
  const open = async (token: string): Promise<Invited> => {
    const row = await one<Invited>(
      db,
      `SELECT m.id, m.name, m.email, m.locale, m.user_id AS "userId" FROM crm_invitations i JOIN crm_members m ON m.id = i.member_id
       WHERE i.token_hash = ? AND i.accepted_at IS NULL AND i.expires_at > ? AND m.active`,
      [hashOf(token), clock.now()],
    );
    if (!row) throw invalid();
    return row;
  };

  return {
    invite: async ({ actor, now }, memberId) => {
      const member = await one<Invited & { active: boolean }>(
        db,
        'SELECT id, name, email, locale, active, user_id AS "userId" FROM crm_members WHERE id = ?',
        [memberId],
      );
      if (!member) throw notFound('Member');
      if (!member.active) throw conflict('MEMBER_INACTIVE', 'Somebody inactive is not invited. Make the account active first.');
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const expiresAt = new Date(now.getTime() + GOOD_FOR_MS);
      await db.transaction(async (trx) => {
        await trx.raw(
          `INSERT INTO crm_invitations (member_id, token_hash, invited_by, invited_at, expires_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (member_id) DO UPDATE SET token_hash = excluded.token_hash, invited_by = excluded.invited_by, invited_at = excluded.invited_at,
             expires_at = excluded.expires_at, accepted_at = NULL`,
          [memberId, hashOf(token), actor.memberId, now, expiresAt],
        );
        const told = { subject: 'member', subjectId: memberId, type: 'member.invited', data: { email: member.email, expiresAt } };
        await kit.events.append(trx, [told], actor, { type: 'invite' }, now);
      });
      // In the fragment: it reaches neither access logs nor the pages the console links to.
      const link = `/join#${token}`;
      const { id, name, email } = member;
      const recipient = { memberId: id, name, email, locale: member.locale === 'en' ? ('en' as const) : ('zh' as const), handle: null };
      const isSent = await notices.mail({
        type: 'member.invited',
        recipients: [recipient],
        items: [{ ...letter(actor.name, expiresAt), link }],
      });
      return { sentTo: isSent ? email : null, link: isSent ? null : `/console${link}`, expiresAt };
    },
    look: async (token) => {
      const { name, email } = await open(token);
      return { name, email };
    },
    accept: async (token, password) => {
      if (password.length < LEAST_PASSWORD)
        throw badRequest('PASSWORD_SHORT', `The password needs at least ${LEAST_PASSWORD} characters.`, {
          field: 'password',
          least: LEAST_PASSWORD,
        });
      const member = await open(token);
      const userId = member.userId;
      if (userId === null) throw invalid();
      const now = clock.now();
      await db.transaction(async (trx) => {
        const used = await one(
          trx,
          `UPDATE crm_invitations SET accepted_at = ? WHERE token_hash = ? AND accepted_at IS NULL AND expires_at > ? RETURNING member_id`,
          [now, hashOf(token), now],
        );
        if (!used) throw invalid();
        const told = { subject: 'member', subjectId: member.id, type: 'member.joined', data: { email: member.email } };
        await kit.events.append(trx, [told], kit.actors.system(member.name), { type: 'invite' }, now);
        await users.setPassword(userId, password);
      });
      return { email: member.email };
    },
  };
}
