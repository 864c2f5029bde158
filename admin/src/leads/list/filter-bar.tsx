import AddIcon from '@mui/icons-material/Add';
import { Box, Button, Chip, Menu, MenuItem, Popover } from '@mui/material';
import { useGetOne, useListContext, useTranslate, type RaRecord } from 'ra-core';
import { useState } from 'react';
import { ListSearch } from '../../common/list-search';
import { useTime, type TimeFormats } from '../../common/time';
import { plain } from '../../common/plain';
import { useFilterValues } from '../../common/use-filter-values';
import { FilterEditor } from './filter-editor';
import { useLookups } from '../../common/lookups';
import { useShownValue } from '../page/change-lines';
import { plainFilters, valueOf, withFilter, type FilterDefinition, type FilterValues, type PlainFilter } from './filters';

type Translate = ReturnType<typeof useTranslate>;

/** What a set filter says, in a few words for its chip. */
const summary = (definition: FilterDefinition, part: FilterValues, translate: Translate, time: TimeFormats): string => {
  const name = (value: unknown): string => definition.options?.find((option) => option.value === value)?.label ?? plain(value);
  const { field } = definition;
  switch (definition.kind) {
    case 'choice':
      return (part[`${field}_in`] as unknown[]).map(name).join(', ');
    case 'owner': {
      if (part.owner_null === true) return translate('filters.nobody');
      const people = Array.isArray(part.owner_in) ? part.owner_in : [part.owner];
      return people.map(name).join(', ');
    }
    case 'number':
      return [
        part[`${field}_gte`] !== undefined && `≥ ${plain(part[`${field}_gte`])}`,
        part[`${field}_lte`] !== undefined && `≤ ${plain(part[`${field}_lte`])}`,
      ]
        .filter(Boolean)
        .join(', ');
    case 'text':
      return `“${plain(part[`${field}_like`])}”`;
    case 'since':
      return `≥ ${time.date(plain(part[`${field}_gte`]))}`;
    case 'due':
      return `≤ ${time.dateTime(plain(part[`${field}_lte`]))}`;
    case 'flag':
      return translate(part[field] === true ? 'ra.boolean.true' : 'ra.boolean.false');
  }
};

/** The search box shows what is searched for. */
const SHOWN: readonly string[] = ['q'];

const SIGNS: Readonly<Record<PlainFilter['operator'], string>> = {
  '': '=',
  _in: '=',
  _nin: '≠',
  _ne: '≠',
  _gte: '≥',
  _lte: '≤',
  _gt: '>',
  _lt: '<',
  _like: '~',
  _null: '=',
};

/** The file the listed leads came from, for those who may see it. */
const useImportName = (): string | undefined => {
  const { importId } = useFilterValues();
  const id = typeof importId === 'number' ? importId : 0;
  return useGetOne<RaRecord & { fileName?: string }>('imports', { id }, { enabled: id > 0, retry: false }).data?.fileName;
};

/** A filter without a control of its own in words, those of its field where the list has one; a whole condition is only named. */
const usePlainWords = (definitions: readonly FilterDefinition[]): ((filter: PlainFilter) => string) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const shown = useShownValue();
  const importName = useImportName();
  return ({ key, field, operator, value }) => {
    if (key === 'where') return translate('filters.condition');
    const own = definitions.find((definition) => definition.field === field);
    const name = own?.label ?? lookups.fieldLabel(field);
    if (key === 'importId' && importName) return `${name}: ${importName}`;
    if (operator === '_null') return `${name}: ${translate(value === true ? 'filters.isEmpty' : 'filters.isFilled')}`;
    const words = (Array.isArray(value) ? value : [value]).map((one) =>
      typeof one === 'boolean'
        ? translate(one ? 'ra.boolean.true' : 'ra.boolean.false')
        : (own?.options?.find(({ value: option }) => option === one)?.label ?? shown(field, one)),
    );
    return `${name} ${SIGNS[operator]} ${words.join(', ')}`;
  };
};

/** Search, one chip per filter that is set, and a menu of the others. One line that scrolls sideways rather than growing. */
export const FilterBar = (props: {
  definitions: readonly FilterDefinition[];
  keep?: readonly string[];
  /** Whether the list can be searched; it usually can. */
  search?: boolean;
}) => {
  const { definitions, keep = [], search = true } = props;
  const translate = useTranslate();
  const time = useTime();
  const { setFilters } = useListContext();
  const values = useFilterValues();
  const kept = Object.fromEntries(Object.entries(values).filter(([key]) => keep.includes(key)));
  const [menu, setMenu] = useState<HTMLElement | null>(null);
  const [editing, setEditing] = useState<{ definition: FilterDefinition; anchor: HTMLElement } | null>(null);
  const active = definitions.flatMap((definition) => {
    const part = valueOf(definition, values);
    return part ? [{ definition, part }] : [];
  });
  const apply = (definition: FilterDefinition, part: FilterValues | null): void =>
    setFilters(withFilter(definition, values, part), undefined, false);
  const drop = (key: string): void =>
    setFilters(Object.fromEntries(Object.entries(values).filter(([name]) => name !== key)), undefined, false);
  const others = plainFilters(definitions, values, Array.isArray(values.id) ? [...SHOWN, 'id'] : SHOWN).filter(
    ({ key }) => !keep.includes(key),
  );
  const plainWords = usePlainWords(definitions);
  /** What was typed last is asked for although the field goes with the pop-over. */
  const close = (): void => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    setEditing(null);
  };
  const isSpan = editing?.definition.kind === 'since' || editing?.definition.kind === 'due';
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, minHeight: 48, px: { xs: 2, md: 3 }, overflowX: 'auto' }}>
      {search && (
        <ListSearch label={translate('filters.search')} sx={{ width: 220, flex: 'none', display: { xs: 'none', sm: 'inline-flex' } }} />
      )}
      {typeof values.q === 'string' && values.q !== '' && (
        <Chip label={`“${values.q}”`} onDelete={() => drop('q')} sx={{ height: 32, display: { sm: 'none' } }} />
      )}
      {Array.isArray(values.id) && (
        <Chip label={translate('dash.rowsOf', { count: values.id.length })} onDelete={() => drop('id')} sx={{ height: 32 }} />
      )}
      {others.map((filter) => (
        <Chip key={filter.key} label={plainWords(filter)} onDelete={() => drop(filter.key)} sx={{ maxWidth: 320, height: 32 }} />
      ))}
      {active.map(({ definition, part }) => (
        <Chip
          key={definition.field}
          label={
            <span>
              {definition.label}: <b>{summary(definition, part, translate, time)}</b>
            </span>
          }
          onClick={(event) => setEditing({ definition, anchor: event.currentTarget })}
          onDelete={() => apply(definition, null)}
          sx={{ maxWidth: 320, height: 32 }}
        />
      ))}
      <Button
        startIcon={<AddIcon />}
        color="inherit"
        onClick={(event) => setMenu(event.currentTarget)}
        sx={{ flex: 'none', color: 'text.secondary' }}
      >
        {translate('ra.action.add_filter')}
      </Button>
      {Object.keys(values).some((key) => !keep.includes(key)) && (
        <Button color="inherit" onClick={() => setFilters(kept, undefined, false)} sx={{ flex: 'none', color: 'text.secondary' }}>
          {translate('ra.navigation.clear_filters')}
        </Button>
      )}
      <Menu anchorEl={menu} open={menu !== null} onClose={() => setMenu(null)} slotProps={{ paper: { sx: { maxHeight: 420 } } }}>
        {definitions
          .filter((definition) => !active.some((one) => one.definition.field === definition.field))
          .map((definition) => (
            <MenuItem
              key={definition.field}
              dense
              onClick={() => {
                if (menu) setEditing({ definition, anchor: menu });
                setMenu(null);
              }}
            >
              {definition.label}
            </MenuItem>
          ))}
      </Menu>
      <Popover
        open={editing !== null && editing.anchor.isConnected}
        anchorEl={editing?.anchor}
        onClose={close}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
      >
        {editing && (
          <FilterEditor
            definition={editing.definition}
            value={valueOf(editing.definition, values)}
            onChange={(part) => {
              apply(editing.definition, part);
              if (isSpan) setEditing(null);
            }}
          />
        )}
      </Popover>
    </Box>
  );
};
