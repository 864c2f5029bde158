import { useTranslate } from 'ra-core';
import type { TimelineEntry } from '../../api/types';
import { useLookups } from '../../common/lookups';
import { plain } from '../../common/plain';
import { useTime } from '../../common/time';

const SHOWN = 4;
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

const camel = (key: string): string => key.replace(/_id$/, '').replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());

/** `Stage: New → Working`, for the few fields an event changed. */
export const useChangeLines = (): ((entry: TimelineEntry) => string[]) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const time = useTime();
  const show = (key: string, value: unknown): string => {
    if (value === null || value === undefined || value === '') return '–';
    if (key === 'owner') return lookups.member(Number(value));
    if (key === 'pool') return lookups.pool(Number(value));
    if (key === 'team') return lookups.team(Number(value));
    if (key === 'stage') return lookups.stageLabel(plain(value));
    if (key === 'source') return lookups.source(plain(value));
    if (key === 'label') return translate(`label.${plain(value)}`, { _: plain(value) });
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return time.dateTime(value);
    return plain(value);
  };
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
