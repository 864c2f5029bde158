import { useTranslate } from 'ra-core';
import { useMeta } from '../../api/session-context';
import type { LocalisedText, TimelineEntry } from '../../api/types';
import { useLookups } from '../../common/lookups';
import { plain } from '../../common/plain';
import { useText } from '../../common/text';
import { useTime } from '../../common/time';

const SHOWN = 4;
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
  'custom',
  'bant',
  'utm',
  'id',
]);

/** `owner_id` and `ownerId` are the owner. */
export const camel = (key: string): string => key.replace(/_id$/, '').replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());

/** A value of a field as people read it: names instead of ids, times in their zone. */
export const useShownValue = (): ((key: string, value: unknown) => string) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const time = useTime();
  return (key, value) => {
    if (value === null || value === undefined || value === '') return '–';
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

/** `Stage: New → Working`, for the few fields an event changed. */
export const useChangeLines = (): ((entry: TimelineEntry) => string[]) => {
  const translate = useTranslate();
  const show = useShownValue();
  return (entry) => {
    if (!entry.before || !entry.after) return [];
    const before = new Map(Object.entries(entry.before).map(([key, value]) => [camel(key), value]));
    return Object.entries(entry.after)
      .map(([key, value]) => ({ key: camel(key), value }))
      .filter(({ key, value }) => !SILENT.has(key) && JSON.stringify(before.get(key) ?? null) !== JSON.stringify(value ?? null))
      .map(({ key, value }) => ({ key, from: show(key, before.get(key)), to: show(key, value) }))
      .filter(({ from, to }) => from !== to)
      .slice(0, SHOWN)
      .map(({ key, from, to }) => `${translate(`fields.${key}`, { _: key })}: ${from} → ${to}`);
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
