import type { Knex } from 'knex';
import { z } from 'zod';
import type { NoticeChoices, NoticeSettings } from '../../../../contracts';
import { WALL_TIME } from '../../domain/notices/quiet';
import type { ChatBot, Recipient } from '../../domain/notices/matrix';
import { many, one } from '../rows';

const wallTime = z.string().regex(WALL_TIME, 'A time such as 08:30.');
const quiet = z.object({ from: wallTime, to: wallTime });
const channelKey = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

export const noticeSettingsSchema = z.object({
  matrix: z.record(z.string().max(80), z.record(z.string().max(80), z.array(channelKey).max(20))).default({}),
  quiet: quiet.nullable().default(null),
  urgent: z.array(z.string().max(80)).nullable().default(null),
});

export const noticeChoicesSchema = z.object({
  channels: z.record(z.string().max(80), z.record(channelKey, z.boolean())).default({}),
  quiet: z
    .union([quiet, z.literal('off')])
    .nullable()
    .default(null),
  digestAt: wallTime.nullable().default(null),
  chatHandle: z.string().trim().max(80).nullable().default(null),
});

export const NO_SETTINGS: NoticeSettings = { matrix: {}, quiet: null, urgent: null };
export const NO_CHOICES: NoticeChoices = { channels: {}, quiet: null, digestAt: null, chatHandle: null };

const KEY = 'notices';

export async function readSettings(db: Knex | Knex.Transaction): Promise<NoticeSettings> {
  const row = await one<{ value: unknown }>(db, 'SELECT value FROM crm_settings WHERE key = ?', [KEY]);
  return row ? { ...NO_SETTINGS, ...noticeSettingsSchema.parse(row.value) } : NO_SETTINGS;
}

export async function writeSettings(trx: Knex.Transaction, settings: NoticeSettings): Promise<void> {
  await trx.raw('INSERT INTO crm_settings (key, value) VALUES (?, ?::jsonb) ON CONFLICT (key) DO UPDATE SET value = excluded.value', [
    KEY,
    JSON.stringify(settings),
  ]);
}

export async function readChoices(db: Knex | Knex.Transaction, memberId: number): Promise<NoticeChoices> {
  const row = await one<{ choices: unknown }>(db, 'SELECT choices FROM crm_notice_choices WHERE member_id = ?', [memberId]);
  return row ? noticeChoicesSchema.parse(row.choices) : NO_CHOICES;
}

export async function writeChoices(trx: Knex.Transaction, memberId: number, choices: NoticeChoices, now: Date): Promise<void> {
  await trx.raw(
    `INSERT INTO crm_notice_choices (member_id, choices, updated_at) VALUES (?, ?::jsonb, ?)
     ON CONFLICT (member_id) DO UPDATE SET choices = excluded.choices, updated_at = excluded.updated_at`,
    [memberId, JSON.stringify(choices), now],
  );
}

/** What planning needs to know, all of it small and read together. */
export interface Directory {
  readonly settings: NoticeSettings;
  readonly recipients: ReadonlyMap<number, Recipient>;
  readonly bots: readonly ChatBot[];
}

interface MemberRow {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly locale: string | null;
  readonly time_zone: string | null;
  readonly roles: string[] | null;
  readonly team_id: number | null;
  readonly choices: unknown;
}

/** Teams from a member's own one upwards; a ring in the tree ends it. */
function teamsUp(team: number | null, parents: ReadonlyMap<number, number | null>): readonly number[] {
  const path: number[] = [];
  for (let at = team; at !== null && !path.includes(at); at = parents.get(at) ?? null) path.push(at);
  return path;
}

export async function readDirectory(db: Knex | Knex.Transaction): Promise<Directory> {
  const settings = await readSettings(db);
  const teams = await many<{ id: number; parent_id: number | null }>(db, 'SELECT id, parent_id FROM crm_teams');
  const bots = await many<ChatBot>(db, 'SELECT id, team_id AS "teamId" FROM crm_chat_bots WHERE active ORDER BY id');
  const members = await many<MemberRow>(
    db,
    `SELECT m.id, m.name, m.email, m.locale, m.time_zone, m.roles, m.team_id, c.choices
     FROM crm_members m LEFT JOIN crm_notice_choices c ON c.member_id = m.id WHERE m.active`,
  );
  const parents = new Map(teams.map((team) => [team.id, team.parent_id]));
  const recipients = members.map((row): [number, Recipient] => [
    row.id,
    {
      memberId: row.id,
      name: row.name,
      email: row.email,
      locale: row.locale === 'en' ? 'en' : 'zh',
      timeZone: row.time_zone ?? 'Asia/Shanghai',
      roles: row.roles ?? [],
      teamIds: teamsUp(row.team_id, parents),
      choices: row.choices ? noticeChoicesSchema.parse(row.choices) : NO_CHOICES,
    },
  ]);
  return { settings, recipients: new Map(recipients), bots };
}
