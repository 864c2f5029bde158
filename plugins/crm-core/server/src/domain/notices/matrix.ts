import type { NoticeChoices, NoticeInput, NoticeSettings, NoticeType } from '../../../../contracts';
import { nextDigest, quietUntil } from './quiet';

/** A member as far as notices go. */
export interface Recipient {
  readonly memberId: number;
  readonly name: string;
  readonly email: string;
  readonly locale: 'zh' | 'en';
  readonly timeZone: string;
  readonly roles: readonly string[];
  readonly teamIds: readonly number[];
  readonly choices: NoticeChoices;
}

/** A bot that posts into one chat group; without a team it serves everybody whose teams have none. */
export interface ChatBot {
  readonly id: number;
  readonly teamId: number | null;
}

/** A message to be sent, or held until `dueAt`. */
export interface Planned {
  readonly channel: string;
  readonly botId: number | null;
  readonly memberIds: readonly number[];
  readonly type: string;
  readonly items: readonly NoticeInput[];
  readonly dueAt: Date | null;
  /** Why it waits. */
  readonly held: 'quiet' | 'digest' | null;
}

const EVERYBODY = '*';
const DEFAULT_CHANNELS: readonly string[] = ['inbox'];

/** Channels of a type for a member: what any of his roles gives, else what everybody gets; then his own choices, channel by channel. */
export function channelsFor(
  type: string,
  recipient: Pick<Recipient, 'roles' | 'choices'> | null,
  settings: NoticeSettings,
  known: NoticeType | undefined,
): readonly string[] {
  const row = settings.matrix[type];
  const named = (recipient?.roles ?? []).flatMap((role) => (row && Object.hasOwn(row, role) ? [row[role] ?? []] : []));
  const base = named.length > 0 ? named.flat() : (row?.[EVERYBODY] ?? known?.channels ?? DEFAULT_CHANNELS);
  const channels = new Set(base);
  for (const [channel, on] of Object.entries(recipient?.choices.channels[type] ?? {})) {
    if (on) channels.add(channel);
    else channels.delete(channel);
  }
  return [...channels].sort();
}

export const isUrgent = (type: string, settings: NoticeSettings, known: NoticeType | undefined): boolean =>
  settings.urgent ? settings.urgent.includes(type) : (known?.urgent ?? false);

/** When a message may reach the member: at once, at the end of his quiet hours, or with his digest (mail only; never inside quiet hours). */
export function holdFor(
  channel: string,
  recipient: Recipient,
  settings: NoticeSettings,
  urgent: boolean,
  now: Date,
): { readonly dueAt: Date; readonly held: 'quiet' | 'digest' } | null {
  if (urgent) return null;
  const { choices, timeZone } = recipient;
  const quiet = choices.quiet === 'off' ? null : (choices.quiet ?? settings.quiet);
  if (channel === 'mail' && choices.digestAt !== null) {
    const at = nextDigest(now, choices.digestAt, timeZone);
    return { dueAt: quietUntil(at, quiet, timeZone) ?? at, held: 'digest' };
  }
  const until = quietUntil(now, quiet, timeZone);
  return until ? { dueAt: until, held: 'quiet' } : null;
}

/** Bots of the nearest team of the member that has any; else those of the whole company. `teamIds` run from the own team upwards. */
export function botsFor(recipient: Pick<Recipient, 'teamIds'>, bots: readonly ChatBot[]): readonly ChatBot[] {
  for (const team of recipient.teamIds) {
    const own = bots.filter((bot) => bot.teamId === team);
    if (own.length > 0) return own;
  }
  return bots.filter((bot) => bot.teamId === null);
}

export interface PlanInput {
  readonly notices: readonly NoticeInput[];
  readonly recipients: ReadonlyMap<number, Recipient>;
  readonly settings: NoticeSettings;
  readonly types: ReadonlyMap<string, NoticeType>;
  /** Channels that are set up; without `inbox`. */
  readonly ready: ReadonlySet<string>;
  readonly bots: readonly ChatBot[];
  readonly now: Date;
}

/**
 * What goes into the inbox, and what leaves the product. Notices of one type for one member become one message (an import that assigns a
 * hundred leads is one mail); in a chat group members who are told at the same time share one post.
 */
export function planNotices(input: PlanInput): { readonly inbox: readonly NoticeInput[]; readonly outgoing: readonly Planned[] } {
  const inbox: NoticeInput[] = [];
  const outgoing = new Map<string, { plan: Omit<Planned, 'memberIds' | 'items'>; memberIds: Set<number>; items: NoticeInput[] }>();
  const add = (plan: Omit<Planned, 'memberIds' | 'items'>, owner: string, notice: NoticeInput): void => {
    const key = JSON.stringify([owner, plan.channel, plan.botId, plan.type, plan.dueAt]);
    const known = outgoing.get(key) ?? { plan, memberIds: new Set<number>(), items: [] };
    known.memberIds.add(notice.memberId);
    known.items.push(notice);
    outgoing.set(key, known);
  };
  for (const notice of input.notices) {
    const recipient = input.recipients.get(notice.memberId) ?? null;
    const known = input.types.get(notice.type);
    const urgent = isUrgent(notice.type, input.settings, known);
    for (const channel of channelsFor(notice.type, recipient, input.settings, known)) {
      if (channel === 'inbox') {
        inbox.push(notice);
        continue;
      }
      if (!recipient || !input.ready.has(channel)) continue;
      const hold = holdFor(channel, recipient, input.settings, urgent, input.now);
      const plan = { channel, type: notice.type, dueAt: hold?.dueAt ?? null, held: hold?.held ?? null };
      if (channel !== 'chat') add({ ...plan, botId: null }, String(notice.memberId), notice);
      else for (const bot of botsFor(recipient, input.bots)) add({ ...plan, botId: bot.id }, '', notice);
    }
  }
  return {
    inbox,
    outgoing: [...outgoing.values()].map(({ plan, memberIds, items }) => ({ ...plan, memberIds: [...memberIds], items })),
  };
}
