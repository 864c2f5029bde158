import { useTranslate } from 'ra-core';
import { useMeta } from '../../api/session-context';
import type { LocalisedText, TimelineEntry } from '../../api/types';
import { useLookups } from '../../common/lookups';
import { plain } from '../../common/plain';
import { useLocaleCode, useText } from '../../common/text';
import { useTime } from '../../common/time';
import { showCode, showCustom, showNumber } from '../../common/values';

const SHOWN = 4;
/** Amounts and points, written with their thousands parted. */
const COUNTED = new Set(['employees', 'annualRevenue', 'score', 'fitScore', 'engagement', 'recycleCount', 'cycle']);
/** What the person did by itself; its kinds are not those of follow-ups. */
const ENGAGED = 'lead.engaged';
/** Bookkeeping that says nothing to a reader. */
const SILENT = new Set([
  'version',
  'updatedAt',
  'createdAt',
  'gradedAt',
  'gradeVersionId',
  'engagementLog',
  'emailKey',
  'phoneKey',
  'domainKey',
  'companyKey',
  'stageEnteredAt',
  'heldSince',
  'poolEnteredAt',
  'bant',
  'utm',
  'id',
]);

/** `owner_id` and `ownerId` are the owner. */
export const camel = (key: string): string => key.replace(/_id$/, '').replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());

/** A value of a lead's field, built-in or `custom.<key>`, as people read it: names instead of ids, days and numbers as everywhere, times in their zone. */
export const useShownValue = (): ((key: string, value: unknown) => string) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const locale = useLocaleCode();
  const text = useText();
  const time = useTime();
  return (key, value) => {
    if (value === null || value === undefined || value === '') return '–';
    const own = lookups.leadFields.find((field) => `custom.${field.key}` === key);
    if (own) return showCustom(own, value, { locale, time, text, member: lookups.member });
    if (key === 'country') return showCode(plain(value), 'region', locale);
    if (key === 'language') return showCode(plain(value), 'language', locale);
    if (COUNTED.has(key)) return showNumber(plain(value), locale);
    if (key === 'owner') return lookups.member(Number(value));
    if (key === 'pool') return lookups.pool(Number(value));
    if (key === 'team') return lookups.team(Number(value));
    if (key === 'stage') return lookups.stageLabel(plain(value));
    if (key === 'disposition') return lookups.reason(plain(value));
    if (key === 'source') return lookups.source(plain(value));
    if (key === 'label') return translate(`label.${plain(value)}`, { _: plain(value) });
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return time.dateTime(value);
    return plain(value);
  };
};

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Values of an event by field; the company's own fields stand beside the built-in ones, as `custom.<key>`. */
export const valuesOf = (values: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(values).flatMap(([key, value]): [string, unknown][] =>
    key === 'custom' ? Object.entries(isGroup(value) ? value : {}).map(([own, item]) => [`custom.${own}`, item]) : [[camel(key), value]],
  );

/** `Stage: New → Working`, for the few fields an event changed. */
export const useChangeLines = (): ((entry: TimelineEntry) => string[]) => {
  const lookups = useLookups();
  const show = useShownValue();
  return (entry) => {
    if (!entry.before || !entry.after) return [];
    const before = new Map(valuesOf(entry.before));
    const after = new Map(valuesOf(entry.after));
    const emptied = [...before.keys()].filter((key) => key.startsWith('custom.') && !after.has(key));
    return [...after, ...emptied.map((key): [string, unknown] => [key, null])]
      .map(([key, value]) => ({ key, value }))
      .filter(({ key, value }) => !SILENT.has(key) && JSON.stringify(before.get(key) ?? null) !== JSON.stringify(value ?? null))
      .map(({ key, value }) => ({ key, from: show(key, before.get(key)), to: show(key, value) }))
      .filter(({ from, to }) => from !== to)
      .slice(0, SHOWN)
      .map(({ key, from, to }) => `${lookups.fieldLabel(key)}: ${from} → ${to}`);
  };
};

const isText = (value: unknown): value is LocalisedText =>
  typeof value === 'object' && value !== null && typeof (value as { zh?: unknown }).zh === 'string';

/** Events for which somebody gave a reason in his own words. */
const REASONED = new Set([
  'lead.limit_overridden',
  'lead.protected',
  'lead.protection_asked',
  'lead.protection_refused',
  'lead.do_not_contact',
  'lead.revived',
]);

/** What somebody wrote about an event: a note, or why he did it. */
export const wordsOf = ({ type, data }: TimelineEntry): string =>
  [data?.note, REASONED.has(type) || data?.revived === true ? data?.reason : null]
    .filter((one) => typeof one === 'string' && one)
    .join('\n');

/** What an event was about in a few words: which clock, which kind of follow-up and its outcome, which reason. */
export const useEventDetail = (): ((entry: TimelineEntry) => string) => {
  const lookups = useLookups();
  const meta = useMeta();
  const text = useText();
  const translate = useTranslate();
  return ({ type, data }) => {
    if (!data) return '';
    if (type === 'lead.limit_overridden') {
      const own = translate(`errors.${plain(data.code)}`, { ...data, _: '' });
      return translate(`pools.limitOf.${plain(data.code)}`, { ...data, name: lookups.member(Number(data.member)), _: own });
    }
    if (isText(data.label)) return text(data.label);
    if (data.handover && type === 'lead.transferred')
      return translate(`pools.handOver.story.${data.returned ? 'returned' : data.agreed ? 'agreed' : 'given'}`);
    const kind = plain(data.kind);
    if (type === ENGAGED) return [lookups.engagementKind(kind), plain(data.asset)].filter(Boolean).join(' · ');
    const isActivity = meta.activityKinds.some((one) => one.key === kind);
    const outcome = plain(data.outcome);
    if (isActivity)
      return [lookups.activityKind(kind), outcome && lookups.outcome(kind, outcome), plain(data.subject)].filter(Boolean).join(' · ');
    const reason = plain(data.reason);
    if (reason && lookups.reason(reason) !== reason) return lookups.reason(reason);
    return [kind, plain(data.asset)].filter(Boolean).join(' · ');
  };
};
