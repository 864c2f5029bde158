import SearchIcon from '@mui/icons-material/Search';
import { InputAdornment, TextField } from '@mui/material';
import { useListContext, useTranslate } from 'ra-core';
import { useEffect, useState } from 'react';
import { useFilterValues } from './use-filter-values';

const DELAY_MS = 300;

/** The search box of a list: asks when somebody stops typing, keeps the other filters, and follows a search that was dropped elsewhere. */
export const ListSearch = () => {
  const translate = useTranslate();
  const { setFilters } = useListContext();
  const filterValues = useFilterValues();
  const stored = typeof filterValues.q === 'string' ? filterValues.q : '';
  const [text, setText] = useState(stored);
  useEffect(() => setText(stored), [stored]);
  useEffect(() => {
    if (text.trim() === stored) return undefined;
    const timer = setTimeout(() => {
      const { q: _q, ...others } = filterValues;
      setFilters(text.trim() ? { ...others, q: text.trim() } : others, undefined, false);
    }, DELAY_MS);
    return () => clearTimeout(timer);
  }, [text, stored, filterValues, setFilters]);
  return (
    <TextField
      type="search"
      value={text}
      onChange={(event) => setText(event.target.value)}
      placeholder={translate('ra.action.search')}
      slotProps={{
        htmlInput: { 'aria-label': translate('ra.action.search') },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <SearchIcon fontSize="small" />
            </InputAdornment>
          ),
        },
      }}
      sx={{ width: { xs: 130, sm: 220 } }}
    />
  );
};
