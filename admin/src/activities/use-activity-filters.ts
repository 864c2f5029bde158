import { useTranslate } from 'ra-core';
import { useMeta } from '../api/session-context';
import { useText } from '../common/text';
import { useListFilters } from '../leads/list/filter-definitions';
import type { FilterDefinition } from '../leads/list/filters';

/** The filters of the list of follow-ups this member may use. */
export const useActivityFilters = (): FilterDefinition[] => {
  const translate = useTranslate();
  const meta = useMeta();
  const text = useText();
  const outcomes = new Map(meta.activityKinds.flatMap((kind) => kind.outcomes.map(({ value, label }) => [value, label] as const)));
  return useListFilters('activities', [
    {
      field: 'kind',
      kind: 'choice',
      label: translate('activity.kind'),
      options: meta.activityKinds.map(({ key, label }) => ({ value: key, label: text(label) || key })),
    },
    {
      field: 'outcome',
      kind: 'choice',
      label: translate('activity.outcome'),
      options: [...outcomes].map(([value, label]) => ({ value, label: text(label) || value })),
    },
    {
      field: 'member',
      kind: 'choice',
      label: translate('activity.by'),
      options: meta.members.map(({ id, name }) => ({ value: id, label: name })),
    },
    { field: 'occurredAt', kind: 'since', label: translate('activity.when') },
    { field: 'automatic', kind: 'flag', label: translate('activity.automatic') },
  ]);
};
