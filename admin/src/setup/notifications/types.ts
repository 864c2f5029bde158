import type { NoticeChoices, NoticeSettings, NoticeType } from '@leadsea/crm-core/contracts/notice';
import type { LocalisedText } from '../../api/types';

export interface Channel {
  readonly key: string;
  readonly label: LocalisedText;
  readonly ready: boolean;
}

export interface Company {
  readonly settings: NoticeSettings;
  readonly roles: readonly { readonly key: string; readonly label: LocalisedText | null }[];
  readonly types: readonly NoticeType[];
  readonly channels: readonly Channel[];
}

export interface Mine {
  readonly choices: NoticeChoices;
  readonly company: NoticeSettings;
  readonly types: readonly NoticeType[];
  readonly channels: readonly Channel[];
}

export const EVERYBODY = '*';
const INBOX = ['inbox'];

/** Channels a row of the matrix gives those it does not name. */
export const usualChannels = (settings: NoticeSettings, type: NoticeType): readonly string[] =>
  settings.matrix[type.type]?.[EVERYBODY] ?? type.channels ?? INBOX;

export const isUrgent = (settings: NoticeSettings, type: NoticeType): boolean =>
  settings.urgent ? settings.urgent.includes(type.type) : (type.urgent ?? false);

/** The settings with one channel of one cell switched. */
export function withChannel(settings: NoticeSettings, type: NoticeType, role: string, channel: string, on: boolean): NoticeSettings {
  const row = settings.matrix[type.type] ?? {};
  const now = row[role] ?? usualChannels(settings, type);
  const next = on ? [...new Set([...now, channel])] : now.filter((one) => one !== channel);
  return { ...settings, matrix: { ...settings.matrix, [type.type]: { ...row, [role]: next } } };
}

/** The settings without what they say of a role: it is told as all others again. */
export function withoutRole(settings: NoticeSettings, role: string): NoticeSettings {
  const rows = Object.entries(settings.matrix).map(
    ([type, row]) => [type, Object.fromEntries(Object.entries(row).filter(([key]) => key !== role))] as const,
  );
  return { ...settings, matrix: Object.fromEntries(rows) };
}

export function withUrgent(settings: NoticeSettings, types: readonly NoticeType[], type: string, on: boolean): NoticeSettings {
  const now = settings.urgent ?? types.filter((one) => one.urgent).map((one) => one.type);
  return { ...settings, urgent: on ? [...new Set([...now, type])] : now.filter((one) => one !== type) };
}
