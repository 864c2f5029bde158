import type { Knex } from 'knex';
import { AppError } from '../../../../contracts';
import type {
  Clock,
  JobHandler,
  JobService,
  Kit,
  LocalisedText,
  NoticeChannel,
  NoticeInput,
  NoticeMessage,
  NoticeService,
  NoticeType,
  TimerService,
} from '../../../../contracts';
import { errorText } from '../../domain/machine/transient';
import { planNotices } from '../../domain/notices/matrix';
import { many } from '../rows';
import { postToBot } from './chat';
import { DELIVER, insertDeliveries, MAX_ATTEMPTS, pruneDeliveries, RELEASE, releaseHeld, type DeliveryRow } from './deliveries';
import { createMailChannel } from './mail';
import { readDirectory, type Directory } from './settings';

export { retryFailed } from './deliveries';
export * from './settings';

export interface NoticeDeps {
  readonly db: Knex;
  readonly jobs: JobService;
  readonly timers: TimerService;
  readonly log: Kit['log'];
  readonly clock: Clock;
}

export interface FullNoticeService extends NoticeService {
  notify(trx: Knex.Transaction, notices: readonly NoticeInput[], now: Date): Promise<void>;
  types(): readonly NoticeType[];
  /** Channels as the matrix lists them: inbox first, then what is built in, then what plugins added. */
  channels(): readonly { readonly key: string; readonly label: LocalisedText; readonly ready: boolean }[];
  /** Sends a message to one member now, past the queue, so that whoever sets up a channel sees what the other side answers. */
  test(target: { channel: string; botId?: number | null }, memberId: number): Promise<void>;
  /** Sends one mail now, past matrix, quiet hours and log; false where mail is not set up. @throws AppError CHANNEL_FAILED */
  mail(message: NoticeMessage): Promise<boolean>;
  /** Reads settings, members and bots again at the next notice. */
  invalidate(): void;
}

const KEEP_MS = 30_000;
/** A PostgreSQL notification is shorter than 8000 bytes. */
const PER_SIGNAL = 500;
const DIGEST: LocalisedText = { zh: '每日汇总', en: 'Daily summary' };
const INBOX = { key: 'inbox', label: { zh: '站内信', en: 'Inbox' }, ready: true } as const;
const CHAT: LocalisedText = { zh: '群机器人', en: 'Chat group' };

async function insertInbox(trx: Knex.Transaction, notices: readonly NoticeInput[], now: Date): Promise<void> {
  if (notices.length === 0) return;
  await trx.raw(
    `INSERT INTO crm_notifications (member_id, type, subject, subject_id, title, body, link, at)
     SELECT n."memberId", n.type, n.subject, n."subjectId", n.title, n.body, n.link, ?
     FROM jsonb_to_recordset(?::jsonb) AS n("memberId" int, type text, subject text, "subjectId" int, title jsonb, body jsonb, link text)`,
    [now, JSON.stringify(notices)],
  );
  const members = [...new Set(notices.map((notice) => notice.memberId))];
  for (let from = 0; from < members.length; from += PER_SIGNAL)
    await trx.raw(`SELECT pg_notify('crm_notices', ?)`, [JSON.stringify(members.slice(from, from + PER_SIGNAL))]);
}

/** A refusal that asking again would not change. */
const isFinal = (error: unknown): boolean =>
  error instanceof AppError && error.status < 500 && error.status !== 408 && error.status !== 429;

/**
 * Tells members what concerns them, by the channels that the matrix of event type × role and their own choices say. The inbox is written in
 * the change's transaction; what leaves the product is a row there and a job after commit.
 */
export function createNoticeService({ db, jobs, timers, log, clock }: NoticeDeps): FullNoticeService {
  const types = new Map<string, NoticeType>();
  const channels = new Map<string, NoticeChannel>();
  let directory: { readonly at: number; readonly value: Directory } | null = null;

  const labelOf = (type: string): LocalisedText => (type === 'digest' ? DIGEST : (types.get(type)?.label ?? { zh: type, en: type }));
  const base = (process.env['LEADSEA_URL'] ?? '').replace(/\/+$/, '');
  const consoleBase = base === '' ? '' : `${base}/console`;
  const mail = createMailChannel({
    url: process.env['LEADSEA_SMTP_URL'] || null,
    from: process.env['LEADSEA_MAIL_FROM'] || null,
    base: consoleBase,
    labelOf,
  });
  channels.set(mail.key, mail);

  /** Read through the caller's connection: inside a transaction another one might not be had. */
  async function know(trx: Knex | Knex.Transaction): Promise<Directory> {
    if (directory && Date.now() - directory.at < KEEP_MS) return directory.value;
    const value = await readDirectory(trx);
    directory = { at: Date.now(), value };
    return value;
  }

  function readyChannels(known: Directory): Set<string> {
    const ready = [...channels.values()].filter((channel) => channel.ready()).map(({ key }) => key);
    return new Set(known.bots.length > 0 ? [...ready, 'chat'] : ready);
  }

  function messageFor(known: Directory, row: Pick<DeliveryRow, 'type' | 'items' | 'member_ids'>): NoticeMessage {
    const recipients = row.member_ids.flatMap((id) => {
      const one = known.recipients.get(id);
      if (!one) return [];
      const { memberId, name, email, locale, choices } = one;
      return [{ memberId, name, email, locale, handle: choices.chatHandle }];
    });
    return { type: row.type, recipients, items: row.items };
  }

  async function send(channel: string, botId: number | null, message: NoticeMessage): Promise<void> {
    if (channel === 'chat') return postToBot({ db, base: consoleBase, labelOf }, botId ?? 0, message);
    const found = channels.get(channel);
    if (!found) throw new AppError('CHANNEL_UNKNOWN', 400, `There is no channel "${channel}" on this server.`);
    return found.deliver(message);
  }

  /** Sends one row and writes what became of it; true when it should be tried again. */
  async function deliverOne(row: DeliveryRow, known: Directory, last: boolean): Promise<boolean> {
    const message = messageFor(known, row);
    if (message.recipients.length === 0) {
      await db.raw(`UPDATE crm_deliveries SET state = 'dropped', error = 'RECIPIENT_GONE' WHERE id = ?`, [row.id]);
      return false;
    }
    try {
      await send(row.channel, row.bot_id, message);
      await db.raw(`UPDATE crm_deliveries SET state = 'sent', sent_at = ?, attempts = attempts + 1, error = NULL WHERE id = ?`, [
        clock.now(),
        row.id,
      ]);
      return false;
    } catch (error) {
      const over = last || isFinal(error);
      await db.raw(`UPDATE crm_deliveries SET state = ?, attempts = attempts + 1, error = ? WHERE id = ?`, [
        over ? 'failed' : 'queued',
        errorText(error).slice(0, 500),
        row.id,
      ]);
      return !over;
    }
  }

  const deliver: JobHandler = async (job) => {
    const ids = Array.isArray(job.payload['ids']) ? job.payload['ids'].map(Number) : [];
    const rows = await many<DeliveryRow>(
      db,
      `SELECT id, channel, bot_id, member_ids, type, items FROM crm_deliveries WHERE id = ANY(?::bigint[]) AND state = 'queued' ORDER BY id`,
      [ids],
    );
    const known = await know(db);
    let again = 0;
    for (const row of rows) {
      if (job.shouldStop()) return;
      if (await deliverOne(row, known, job.attempt >= MAX_ATTEMPTS)) again += 1;
    }
    if (again > 0)
      throw new AppError('DELIVERY_FAILED', 503, `${again} of ${rows.length} messages could not be delivered; see the delivery log.`);
  };
  jobs.handle(DELIVER, deliver);
  timers.handle(RELEASE, async (trx, _due, now) => {
    await releaseHeld(trx, jobs, now);
    await pruneDeliveries(trx, now);
  });

  return {
    addTypes: (added) => {
      for (const type of added) types.set(type.type, type);
    },
    addChannel: (channel) => {
      if (channel.key === 'inbox' || channel.key === 'chat' || channels.has(channel.key))
        throw new Error(`The notice channel ${channel.key} is declared twice.`);
      channels.set(channel.key, channel);
    },
    types: () => [...types.values()],
    channels: () => [
      INBOX,
      ...[...channels.values()].map((channel) => ({ key: channel.key, label: channel.label, ready: channel.ready() })),
      { key: 'chat', label: CHAT, ready: (directory?.value.bots.length ?? 0) > 0 },
    ],
    test: async ({ channel, botId = null }, memberId) => {
      const text = { zh: '这是一条测试消息，通道工作正常。', en: 'This is a test message: the channel works.' };
      const row = { type: 'test', member_ids: [memberId], items: [{ title: text }] };
      try {
        await send(channel, botId, messageFor(await readDirectory(db), row));
      } catch (error) {
        if (error instanceof AppError) throw error;
        log.warn(`A test message over ${channel} failed: ${errorText(error)}`);
        throw new AppError('CHANNEL_FAILED', 400, errorText(error).slice(0, 300));
      }
    },
    mail: async (message) => {
      if (!mail.ready()) return false;
      try {
        await mail.deliver(message);
      } catch (error) {
        log.warn(`A mail of the type ${message.type} could not be sent: ${errorText(error)}`);
        throw new AppError('CHANNEL_FAILED', 400, errorText(error).slice(0, 300));
      }
      return true;
    },
    invalidate: () => {
      directory = null;
    },
    notify: async (trx, notices, now) => {
      if (notices.length === 0) return;
      const known = await know(trx);
      const { inbox, outgoing } = planNotices({ notices, types, now, ...known, ready: readyChannels(known) });
      await insertInbox(trx, inbox, now);
      await insertDeliveries(trx, outgoing, { jobs, timers }, now);
    },
  };
}
