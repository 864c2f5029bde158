import { Autocomplete, TextField } from '@mui/material';
import { useGetList, useGetMany, type RaRecord } from 'ra-core';
import { useState } from 'react';
import { useRested } from '../common/rested';
import { useSame } from '../common/use-same';

interface AccountRow extends RaRecord {
  id: number;
  name: string;
}

/** Finds companies by name while typing; keeps their ids. */
export const AccountPicker = (props: { value: unknown; many: boolean; onChange: (value: unknown) => void; label: string }) => {
  const [typed, setTyped] = useState('');
  const asked = useRested(typed);
  const ids = (Array.isArray(props.value) ? props.value : [props.value]).filter((id): id is number => typeof id === 'number');
  const chosen = useGetMany<AccountRow>('accounts', { ids }, { enabled: ids.length > 0 });
  const found = useGetList<AccountRow>('accounts', {
    pagination: { page: 1, perPage: 20 },
    sort: { field: 'name', order: 'ASC' },
    filter: asked ? { q: asked } : {},
  });
  const known = new Map([...(found.data ?? []), ...(chosen.data ?? [])].filter(Boolean).map((row) => [row.id, row]));
  const row = (id: number): AccountRow => known.get(id) ?? { id, name: `#${id}` };
  const rows = useSame(ids.map(row).map(({ id, name }) => ({ id, name })));
  const common = {
    size: 'small' as const,
    options: found.data ?? [],
    loading: found.isFetching,
    filterOptions: (options: AccountRow[]) => options,
    getOptionLabel: (option: AccountRow) => option.name,
    getOptionKey: (option: AccountRow) => option.id,
    isOptionEqualToValue: (a: AccountRow, b: AccountRow) => a.id === b.id,
    onInputChange: (_event: unknown, text: string) => setTyped(text),
    sx: { minWidth: 200, flex: 1, maxWidth: 400 },
  };
  if (props.many)
    return (
      <Autocomplete
        {...common}
        multiple
        value={rows}
        onChange={(_event, rows) => props.onChange(rows.map((one) => one.id))}
        renderInput={(params) => <TextField {...params} slotProps={{ htmlInput: { ...params.inputProps, 'aria-label': props.label } }} />}
      />
    );
  return (
    <Autocomplete
      {...common}
      value={rows[0] ?? null}
      onChange={(_event, one) => props.onChange(one?.id ?? '')}
      renderInput={(params) => <TextField {...params} slotProps={{ htmlInput: { ...params.inputProps, 'aria-label': props.label } }} />}
    />
  );
};
