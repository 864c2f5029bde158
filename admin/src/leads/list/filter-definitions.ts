import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { useAccess, useMeta } from '../../api/session-context';
import type { LayoutResource } from '@leadsea/crm-core/contracts/layout';
import { useLookups } from '../../common/lookups';
import { useText } from '../../common/text';
import { useCustomFields } from '../../layouts/use-sections';
import type { FilterDefinition } from './filters';

/** Filters by the company's own fields that this member may use. */
export const useCustomFilters = (resource: LayoutResource): FilterDefinition[] => {
  const access = useAccess();
  const fields = useCustomFields(resource);
  const lookups = useLookups();
  const text = useText();
  return useMemo(
    () =>
      fields
        .filter((field) => ['read', 'write'].includes(access.field(resource, `custom.${field.key}`)))
        .flatMap((field): FilterDefinition[] => {
          const base = { field: `custom.${field.key}`, label: text(field.label) || field.key };
          if (field.type === 'select') return [{ ...base, kind: 'choice', options: lookups.choices(field.options) }];
          if (field.type === 'number' || field.type === 'integer' || field.type === 'money') return [{ ...base, kind: 'number' }];
          if (field.type === 'boolean') return [{ ...base, kind: 'flag' }];
          return field.type === 'text' ? [{ ...base, kind: 'text' }] : [];
        }),
    [fields, access, resource, lookups, text],
  );
};

/** The filters of a list: those of its plain fields that this member reads, then the company's own. */
export const useListFilters = (resource: LayoutResource, plain: readonly FilterDefinition[]): FilterDefinition[] => {
  const access = useAccess();
  const custom = useCustomFilters(resource);
  return [...plain.filter(({ field }) => ['read', 'write'].includes(access.field(resource, field))), ...custom];
};

/** The owner of a record as a filter. */
export const useOwnerFilter = (): FilterDefinition => {
  const translate = useTranslate();
  const { members } = useMeta();
  return {
    field: 'owner',
    kind: 'owner',
    label: translate('fields.owner'),
    options: members.map(({ id, name }) => ({ value: id, label: name })),
  };
};

/** The filters this member may use; masked and hidden fields cannot be filtered. */
export const useFilterDefinitions = (): FilterDefinition[] => {
  const translate = useTranslate();
  const access = useAccess();
  const meta = useMeta();
  const custom = useCustomFilters('leads');
  const text = useText();
  return useMemo(() => {
    const readable = (name: string): boolean => ['read', 'write'].includes(access.field('leads', name));
    const plain: FilterDefinition[] = [
      {
        field: 'stage',
        kind: 'choice',
        label: 'stage',
        options: meta.stages.map((stage) => ({ value: stage.key, label: text(stage.label) || stage.key })),
      },
      { field: 'owner', kind: 'owner', label: 'owner', options: meta.members.map((member) => ({ value: member.id, label: member.name })) },
      { field: 'pool', kind: 'choice', label: 'pool', options: meta.pools.map((pool) => ({ value: pool.id, label: pool.name })) },
      {
        field: 'label',
        kind: 'choice',
        label: 'label',
        options: ['hot', 'warm', 'cold'].map((value) => ({ value, label: translate(`label.${value}`) })),
      },
      { field: 'score', kind: 'number', label: 'score' },
      { field: 'source', kind: 'text', label: 'source' },
      { field: 'team', kind: 'choice', label: 'team', options: meta.teams.map((team) => ({ value: team.id, label: team.name })) },
      { field: 'company', kind: 'text', label: 'company' },
      { field: 'industry', kind: 'text', label: 'industry' },
      { field: 'city', kind: 'text', label: 'city' },
      { field: 'country', kind: 'text', label: 'country' },
      { field: 'campaign', kind: 'text', label: 'campaign' },
      { field: 'employees', kind: 'number', label: 'employees' },
      { field: 'createdAt', kind: 'since', label: 'createdAt' },
      { field: 'lastFollowUpAt', kind: 'since', label: 'lastFollowUpAt' },
      { field: 'nextActionAt', kind: 'due', label: 'nextActionAt' },
      { field: 'recycleAt', kind: 'due', label: 'recycleAt' },
      { field: 'doNotContactUntil', kind: 'due', label: 'doNotContactUntil' },
    ];
    const translated = plain.map((definition) => ({ ...definition, label: translate(`fields.${definition.label}`) }));
    return [...translated, ...custom].filter(
      (definition) => readable(definition.field) && (definition.kind !== 'choice' || (definition.options?.length ?? 0) > 0),
    );
  }, [translate, access, meta, text, custom]);
};
