import SearchIcon from '@mui/icons-material/Search';
import { InputAdornment, TextField, type SxProps, type Theme } from '@mui/material';
import { useListContext, useTranslate } from 'ra-core';
import { useTypedText } from './rested';
import { useFilterValues } from './use-filter-values';

interface SearchFieldProps {
  /** What is searched for now. */
  readonly value: string;
  /** Takes the trimmed text when somebody stops typing, presses Enter or leaves the field. */
  readonly onSearch: (text: string) => void;
  /** Says what is searched; without it only “Search”. */
  readonly label?: string;
  readonly sx?: SxProps<Theme>;
}

/** The one search field of the console. */
export const SearchField = ({ value, onSearch, label, sx }: SearchFieldProps) => {
  const translate = useTranslate();
  const typed = useTypedText(value, onSearch);
  const words = label ?? translate('ra.action.search');
  return (
    <TextField
      {...typed}
      type="search"
      placeholder={words}
      slotProps={{
        htmlInput: { 'aria-label': words },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <SearchIcon fontSize="small" />
            </InputAdornment>
          ),
        },
      }}
      sx={sx ?? { width: { xs: 130, sm: 220 } }}
    />
  );
};

/** The search of a list: keeps the other filters, and follows a search that was dropped or chosen elsewhere. */
export const ListSearch = (props: Pick<SearchFieldProps, 'label' | 'sx'>) => {
  const { setFilters } = useListContext();
  const { q, ...others } = useFilterValues();
  return (
    <SearchField
      {...props}
      value={typeof q === 'string' ? q : ''}
      onSearch={(text) => setFilters(text ? { ...others, q: text } : others, undefined, false)}
    />
  );
};
