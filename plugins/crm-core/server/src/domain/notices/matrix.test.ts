import type { NoticeChoices, NoticeInput, NoticeSettings } from '../../../../contracts';
import { botsFor, channelsFor, planNotices, type Recipient } from './matrix';

const NOW = new Date('2026-03-02T02:00:00Z');
const NIGHT = new Date('2026-03-02T15:00:00Z');
const NO_CHOICES: NoticeChoices = { channels: {}, quiet: null, digestAt: null, chatHandle: null };
const SETTINGS: NoticeSettings = { matrix: {}, quiet: null, urgent: null };
const person = (memberId: number, more: Partial<Recipient> = {}): Recipient => ({
  memberId,
  name: `m${memberId}`,
  email: `m${memberId}@firm.example`,
  locale: 'zh',
  timeZone: 'Asia/Shanghai',
  roles: ['sales'],
  teamIds: [1],
  choices: NO_CHOICES,
  ...more,
});
const notice = (memberId: number, type = 'lead.assigned'): NoticeInput => ({ memberId, type, title: { zh: '一', en: 'One' } });
const plan = (
  notices: readonly NoticeInput[],
  people: readonly Recipient[],
  settings: Partial<NoticeSettings> = {},
  now = NOW,
): ReturnType<typeof planNotices> =>
  planNotices({
    notices,
    recipients: new Map(people.map((one) => [one.memberId, one])),
    settings: { ...SETTINGS, ...settings },
    types: new Map([['sla.breach', { type: 'sla.breach', label: { zh: '', en: '' }, urgent: true, channels: ['inbox', 'mail'] }]]),
    ready: new Set(['mail', 'chat']),
    bots: [
      { id: 1, teamId: 1 },
      { id: 2, teamId: null },
    ],
    now,
  });

describe('channels of a type', () => {
  const matrix = { 'lead.assigned': { '*': ['inbox'], sales: ['inbox', 'mail'], sdr: ['chat'], muted: [] } };
  const of = (roles: string[], channels: NoticeChoices['channels'] = {}): readonly string[] =>
    channelsFor('lead.assigned', { roles, choices: { ...NO_CHOICES, channels } }, { ...SETTINGS, matrix }, undefined);
  test('a role that is named has its own, others those of everybody', () => {
    expect(of(['sales'])).toEqual(['inbox', 'mail']);
    expect(of(['marketing'])).toEqual(['inbox']);
  });
  test('several named roles add up', () => expect(of(['sales', 'sdr'])).toEqual(['chat', 'inbox', 'mail']));
  test('a role named with none is told nothing', () => expect(of(['muted'])).toEqual([]));
  test('a member switches single channels on and off for himself', () => {
    expect(of(['sales'], { 'lead.assigned': { mail: false, chat: true } })).toEqual(['chat', 'inbox']);
    expect(of(['sales'], { 'sla.warn': { mail: false } })).toEqual(['inbox', 'mail']);
  });
  test('a type nobody configured goes where its plugin says, else into the inbox', () => {
    expect(channelsFor('x.y', null, SETTINGS, undefined)).toEqual(['inbox']);
    expect(channelsFor('x.y', null, SETTINGS, { type: 'x.y', label: { zh: '', en: '' }, channels: ['mail'] })).toEqual(['mail']);
  });
});

describe('what leaves the product', () => {
  const mail = { matrix: { 'lead.assigned': { '*': ['inbox', 'mail'] } } };
  test('a hundred notices of one type are one mail to each, and a hundred lines in the inbox', () => {
    const { inbox, outgoing } = plan([...Array.from({ length: 100 }, () => notice(1)), notice(2)], [person(1), person(2)], mail);
    expect(inbox).toHaveLength(101);
    expect(outgoing.map(({ memberIds, items }) => [memberIds, items.length])).toEqual([
      [[1], 100],
      [[2], 1],
    ]);
  });
  test('members of one chat group share a post', () => {
    const chat = { matrix: { 'lead.assigned': { '*': ['chat'] } } };
    const { inbox, outgoing } = plan([notice(1), notice(2), notice(3)], [person(1), person(2), person(3, { teamIds: [9] })], chat);
    expect(inbox).toEqual([]);
    expect(outgoing.map(({ botId, memberIds }) => [botId, memberIds])).toEqual([
      [1, [1, 2]],
      [2, [3]],
    ]);
  });
  test('waits for the end of the quiet hours of each recipient, unless it is urgent', () => {
    const quiet = { from: '22:00', to: '07:00' };
    const berlin = person(2, { timeZone: 'Europe/Berlin' });
    const { outgoing } = plan([notice(1), notice(2), notice(1, 'sla.breach')], [person(1), berlin], { ...mail, quiet }, NIGHT);
    expect(outgoing.map(({ type, dueAt, held }) => [type, dueAt?.toISOString() ?? null, held])).toEqual([
      ['lead.assigned', '2026-03-02T23:00:00.000Z', 'quiet'],
      ['lead.assigned', null, null],
      ['sla.breach', null, null],
    ]);
  });
  test('a member may have no quiet hours, or his own', () => {
    const quiet = { from: '22:00', to: '07:00' };
    const off = person(1, { choices: { ...NO_CHOICES, quiet: 'off' } });
    const own = person(2, { choices: { ...NO_CHOICES, quiet: { from: '20:00', to: '06:00' } } });
    const { outgoing } = plan([notice(1), notice(2)], [off, own], { ...mail, quiet }, NIGHT);
    expect(outgoing.map(({ dueAt }) => dueAt?.toISOString() ?? null)).toEqual([null, '2026-03-02T22:00:00.000Z']);
  });
  test('mail waits for the digest; a digest set into the quiet hours comes after them', () => {
    const digest = person(1, { choices: { ...NO_CHOICES, digestAt: '08:30' } });
    const early = person(2, { choices: { ...NO_CHOICES, digestAt: '05:00' } });
    const { outgoing } = plan([notice(1), notice(2)], [digest, early], { ...mail, quiet: { from: '22:00', to: '07:00' } });
    expect(outgoing.map(({ dueAt, held }) => [dueAt?.toISOString(), held])).toEqual([
      ['2026-03-03T00:30:00.000Z', 'digest'],
      ['2026-03-02T23:00:00.000Z', 'digest'],
    ]);
  });
  test('a channel that is not set up, and a member nobody knows, get nothing', () => {
    const { inbox, outgoing } = plan([notice(1), notice(5)], [person(1)], { matrix: { 'lead.assigned': { '*': ['inbox', 'pager'] } } });
    expect(inbox).toHaveLength(2);
    expect(outgoing).toEqual([]);
  });
});

test('the bots of the nearest team post; the company’s where no team has one', () => {
  const bots = [
    { id: 1, teamId: 3 },
    { id: 2, teamId: 1 },
    { id: 3, teamId: null },
  ];
  expect(botsFor({ teamIds: [5, 3, 1] }, bots).map(({ id }) => id)).toEqual([1]);
  expect(botsFor({ teamIds: [7] }, bots).map(({ id }) => id)).toEqual([3]);
});
