import type { LocalisedText } from './condition';

export interface NoticeInput {
  readonly memberId: number;
  /** Dotted event type, e.g. `lead.assigned`, `sla.warn`, `pool.recycle-soon`. */
  readonly type: string;
  readonly subject?: string;
  readonly subjectId?: number;
  readonly title: LocalisedText;
  readonly body?: LocalisedText;
  /** Path below /console. */
  readonly link?: string;
}

/** The channels of the product: the inbox of the console, mail, and the chat bots of the member's team. Plugins add others by key. */
export const NOTICE_CHANNELS = ['inbox', 'mail', 'chat'] as const;

/** A kind of notice as the matrix lists it; plugins register theirs with `kit.notices.addTypes`. */
export interface NoticeType {
  readonly type: string;
  readonly label: LocalisedText;
  /** Channels of every role that the matrix does not name; inbox when absent. */
  readonly channels?: readonly string[];
  /** Cannot wait for the morning: goes through quiet hours and is never held for a digest. */
  readonly urgent?: boolean;
}

/** Local wall time; `to` before `from` is over midnight. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/** event type → role (`*` = roles not named) → channels. */
export type NoticeMatrix = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** What the company decides. */
export interface NoticeSettings {
  readonly matrix: NoticeMatrix;
  readonly quiet: QuietHours | null;
  /** Types that go through quiet hours, instead of those registered as urgent. */
  readonly urgent: readonly string[] | null;
}

/** What a member decides for himself; null and absent = as the company. */
export interface NoticeChoices {
  readonly channels: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  readonly quiet: QuietHours | 'off' | null;
  /** Mail once a day at this local time (`08:30`) instead of one by one; null = one by one. */
  readonly digestAt: string | null;
  /** How chat bots mention him: a phone number (WeCom, DingTalk) or a user id (Feishu `ou_…`, Slack `U…`). */
  readonly chatHandle: string | null;
}

/** One message that leaves the product. */
export interface NoticeMessage {
  readonly type: string;
  readonly recipients: readonly {
    readonly memberId: number;
    readonly name: string;
    readonly email: string;
    readonly locale: 'zh' | 'en';
    readonly handle: string | null;
  }[];
  readonly items: readonly { readonly title: LocalisedText; readonly body?: LocalisedText; readonly link?: string; readonly at?: string }[];
}

/**
 * A way out of the product. `deliver` returns when the other side has taken the message; an AppError with status below 500 other than 408
 * and 429 is final, anything else is tried again with growing pauses.
 */
export interface NoticeChannel {
  readonly key: string;
  readonly label: LocalisedText;
  /** False while it is not set up: nothing is queued for it. */
  ready(): boolean;
  deliver(message: NoticeMessage): Promise<void>;
}

export interface NoticeService {
  /** A type told twice is what was told last, so that an implementer can rename or re-route one. */
  addTypes(types: readonly NoticeType[]): void;
  addChannel(channel: NoticeChannel): void;
}
