import { Box, Button, Checkbox, InputAdornment, MenuItem, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useMe } from '../../api/session-context';
import { plain } from '../../common/plain';
import { productNow } from '../../common/product-clock';
import { useTypedText } from '../../common/rested';
import type { FilterDefinition, FilterValues } from './filters';

interface EditorProps {
  definition: FilterDefinition;
  value: FilterValues | null;
  onChange: (value: FilterValues | null) => void;
}

const SHOW_SEARCH_FROM = 9;

const OptionList = (props: {
  options: readonly { value: string | number; label: string }[];
  picked: readonly unknown[];
  onToggle: (value: string | number) => void;
}) => {
  const translate = useTranslate();
  const [search, setSearch] = useState('');
  const shown = props.options.filter((option) => option.label.toLowerCase().includes(search.toLowerCase()));
  return (
    <>
      {props.options.length >= SHOW_SEARCH_FROM && (
        <Box sx={{ px: 1.5, pb: 1 }}>
          <TextField
            fullWidth
            autoFocus
            placeholder={translate('ra.action.search')}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            slotProps={{ htmlInput: { 'aria-label': translate('ra.action.search') } }}
          />
        </Box>
      )}
      <Box sx={{ maxHeight: 280, overflow: 'auto' }}>
        {shown.map((option) => (
          <MenuItem key={option.value} dense onClick={() => props.onToggle(option.value)} sx={{ py: 0, pl: 0.5 }}>
            <Checkbox size="small" checked={props.picked.includes(option.value)} tabIndex={-1} />
            {option.label}
          </MenuItem>
        ))}
      </Box>
    </>
  );
};

const ChoiceEditor = ({ definition, value, onChange }: EditorProps) => {
  const key = `${definition.field}_in`;
  const stored = value?.[key];
  const picked: unknown[] = Array.isArray(stored) ? stored : [];
  const toggle = (option: string | number): void =>
    onChange({ [key]: picked.includes(option) ? picked.filter((one) => one !== option) : [...picked, option] });
  return <OptionList options={definition.options ?? []} picked={picked} onToggle={toggle} />;
};

const OwnerEditor = ({ definition, value, onChange }: EditorProps) => {
  const translate = useTranslate();
  const me = useMe().member;
  const isNobody = value?.owner_null === true;
  const stored = value?.owner_in;
  const picked: unknown[] = isNobody ? ['nobody'] : Array.isArray(stored) ? stored : value?.owner === undefined ? [] : [value.owner];
  const others = (definition.options ?? []).filter((option) => option.value !== me.id);
  const options = [{ value: 'nobody', label: translate('filters.nobody') }, { value: me.id, label: translate('filters.me') }, ...others];
  const toggle = (option: string | number): void => {
    if (option === 'nobody') return onChange(isNobody ? null : { owner_null: true });
    const people = picked.filter((one) => one !== 'nobody');
    return onChange({ owner_in: people.includes(option) ? people.filter((one) => one !== option) : [...people, option] });
  };
  return <OptionList options={options} picked={picked} onToggle={toggle} />;
};

const EndIn = (props: { value: unknown; label: string; sign: string; onChange: (value: number | undefined) => void }) => {
  const typed = useTypedText(plain(props.value), (text) => props.onChange(text === '' ? undefined : Number(text)));
  return (
    <TextField
      {...typed}
      type="number"
      slotProps={{
        htmlInput: { 'aria-label': props.label },
        input: { startAdornment: <InputAdornment position="start">{props.sign}</InputAdornment> },
      }}
      sx={{ width: 120 }}
    />
  );
};

const NumberEditor = ({ definition, value, onChange }: EditorProps) => {
  const translate = useTranslate();
  const end = (suffix: string, label: string, sign: string) => {
    const key = `${definition.field}${suffix}`;
    return <EndIn value={value?.[key]} label={translate(label)} sign={sign} onChange={(next) => onChange({ ...value, [key]: next })} />;
  };
  return (
    <Box sx={{ display: 'flex', gap: 1, px: 1.5, pb: 1 }}>
      {end('_gte', 'filters.atLeast', '≥')}
      {end('_lte', 'filters.atMost', '≤')}
    </Box>
  );
};

const TextEditor = ({ definition, value, onChange }: EditorProps) => {
  const translate = useTranslate();
  const key = `${definition.field}_like`;
  const typed = useTypedText(plain(value?.[key]), (text) => onChange({ [key]: text }));
  return (
    <Box sx={{ px: 1.5, pb: 1 }}>
      <TextField {...typed} fullWidth autoFocus label={translate('filters.contains')} />
    </Box>
  );
};

const DAY_MS = 86_400_000;
const SPANS = { since: [1, 7, 30, 90], due: [0, 1, 3, 7] } as const;

/** The hour is cut off so that the same choice gives the same query for a while. */
const instant = (days: number): string => new Date(Math.floor((productNow() + days * DAY_MS) / 3_600_000) * 3_600_000).toISOString();

const SpanEditor = ({ definition, onChange }: EditorProps) => {
  const translate = useTranslate();
  const kind = definition.kind === 'due' ? 'due' : 'since';
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, px: 1.5, pb: 1, maxWidth: 280 }}>
      {SPANS[kind].map((days) => (
        <Button
          key={days}
          variant="outlined"
          color="inherit"
          onClick={() =>
            onChange(kind === 'since' ? { [`${definition.field}_gte`]: instant(-days) } : { [`${definition.field}_lte`]: instant(days) })
          }
        >
          {days === 0
            ? translate('filters.overdue')
            : translate(kind === 'since' ? 'filters.lastDays' : 'filters.nextDays', { smart_count: days })}
        </Button>
      ))}
    </Box>
  );
};

const FlagEditor = ({ definition, value, onChange }: EditorProps) => {
  const translate = useTranslate();
  const current = value?.[definition.field];
  return (
    <Box sx={{ display: 'flex', gap: 1, px: 1.5, pb: 1 }}>
      {[true, false].map((flag) => (
        <Button
          key={String(flag)}
          variant={current === flag ? 'contained' : 'outlined'}
          onClick={() => onChange({ [definition.field]: flag })}
        >
          {translate(flag ? 'ra.boolean.true' : 'ra.boolean.false')}
        </Button>
      ))}
    </Box>
  );
};

const EDITORS = {
  choice: ChoiceEditor,
  owner: OwnerEditor,
  number: NumberEditor,
  text: TextEditor,
  since: SpanEditor,
  due: SpanEditor,
  flag: FlagEditor,
};

/** The body of a filter's pop-over. */
export const FilterEditor = (props: EditorProps) => {
  const Editor = EDITORS[props.definition.kind];
  return (
    <Box sx={{ minWidth: 240, pt: 1.5, pb: 0.5 }}>
      <Typography variant="subtitle2" sx={{ px: 1.5, pb: 1 }}>
        {props.definition.label}
      </Typography>
      <Editor {...props} />
    </Box>
  );
};
