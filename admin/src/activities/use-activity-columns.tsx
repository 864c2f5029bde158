import { Box } from '@mui/material';
import { useGetMany, useTranslate } from 'ra-core';
import type { Lead } from '../api/types';
import { When } from '../common/countdown';
import { useLookups } from '../common/lookups';
import type { PlainColumn } from '../common/plain-table';
import { useLocaleCode } from '../common/text';
import { showNumber } from '../common/values';
import { RecordLink } from '../common/record-link';
import { useCustomColumns, useLaidOutColumns } from '../layouts/list-columns';
import { ACTIVITY_WORDS, USUAL_ACTIVITY_COLUMNS, type Activity } from './types';

const LONG = { maxWidth: 420, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const;

/** Every column the list of follow-ups can have; leads are named in one request for the page. */
export const useAllActivityColumns = (rows: readonly Activity[]): PlainColumn<Activity>[] => {
  const translate = useTranslate();
  const lookups = useLookups();
  const locale = useLocaleCode();
  const ids = [...new Set(rows.flatMap(({ lead }) => lead ?? []))];
  const leads = useGetMany<Lead>('leads', { ids }, { enabled: ids.length > 0 });
  const names = new Map((leads.data ?? []).filter(Boolean).map((lead) => [lead.id, [lead.name, lead.company].filter(Boolean).join(' · ')]));
  const column = (key: string, more: Omit<PlainColumn<Activity>, 'key' | 'label'>): PlainColumn<Activity> => ({
    key,
    label: translate(ACTIVITY_WORDS[key] ?? key),
    ...more,
  });
  return [
    column('occurredAt', { sort: 'occurredAt', width: 96, render: (row) => <When at={row.occurredAt} /> }),
    column('lead', {
      render: (row) => (
        <RecordLink to={`/leads/${row.lead ?? ''}`} sx={{ ...LONG, display: 'block', maxWidth: { xs: 148, md: 320 } }}>
          {(row.lead !== null && names.get(row.lead)) || `#${row.lead ?? ''}`}
        </RecordLink>
      ),
    }),
    column('kind', {
      sort: 'kind',
      render: (row) => (
        <>
          {lookups.activityKind(row.kind)}
          {row.outcome && (
            <Box sx={{ display: { md: 'none' }, color: 'text.secondary', fontSize: 12 }}>{lookups.outcome(row.kind, row.outcome)}</Box>
          )}
        </>
      ),
    }),
    column('outcome', { sort: 'outcome', wideOnly: true, render: (row) => (row.outcome ? lookups.outcome(row.kind, row.outcome) : '') }),
    column('note', {
      wideOnly: true,
      render: (row) => <Box sx={LONG}>{[row.subject, row.note].filter(Boolean).join(' – ')}</Box>,
    }),
    column('member', { sort: 'member', wideOnly: true, render: (row) => lookups.member(row.member) }),
    column('direction', {
      sort: 'direction',
      wideOnly: true,
      render: (row) => (row.direction ? translate(`log.${row.direction}`, { _: row.direction }) : ''),
    }),
    column('subject', { sort: 'subject', wideOnly: true, render: (row) => <Box sx={LONG}>{row.subject}</Box> }),
    column('durationSeconds', {
      sort: 'durationSeconds',
      align: 'right',
      wideOnly: true,
      render: (row) => (row.durationSeconds === null ? '' : showNumber(Math.round(row.durationSeconds / 6) / 10, locale)),
    }),
    column('automatic', {
      sort: 'automatic',
      wideOnly: true,
      render: (row) => translate(row.automatic ? 'ra.boolean.true' : 'ra.boolean.false'),
    }),
    ...useCustomColumns<Activity>('activities'),
  ];
};

/** The columns of the list of follow-ups as laid out for this member. */
export const useActivityColumns = (rows: readonly Activity[]): PlainColumn<Activity>[] =>
  useLaidOutColumns('activities', useAllActivityColumns(rows), USUAL_ACTIVITY_COLUMNS);
