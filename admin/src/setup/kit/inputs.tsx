import type { Condition } from '@leadsea/crm-core/contracts/condition';
import { Autocomplete, Box, FormControlLabel, MenuItem, TextField, Typography } from '@mui/material';
import type { SxProps } from '@mui/material/styles';
import { useTranslate } from 'ra-core';
import { useMemo, useRef } from 'react';
import type { LocalisedText } from '../../api/types';
import { ConditionBuilder } from '../../conditions/condition-builder';
import type { EmptyMeans } from '../../conditions/use-match';
import { SpanInput } from '../../conditions/span-input';
import type { SpanUnit } from '../../conditions/span';
import { useField, useLiveValue } from './form-context';
import { Toggle } from './toggle';
import { useSame } from '../../common/use-same';

export interface Choice {
  readonly value: string;
  readonly label: string;
}
interface Common {
  path: string;
  /** Message key of the label; the help text stands under the same key with `Help` behind it. */
  words: string;
  sx?: SxProps;
}

/** Label and help of a field; a field without help has none under its key. */
export const useWords = (words: string): { label: string; help: string } => {
  const translate = useTranslate();
  const help = translate(`${words}Help`, { _: ' ' });
  return { label: translate(words), help: help.trim() };
};

export const Hint = ({ error, help }: { error?: string; help?: string }) =>
  error || help ? (
    <Typography variant="caption" component="div" color={error ? 'error' : 'text.secondary'} sx={{ mt: 0.25 }}>
      {error ?? help}
    </Typography>
  ) : null;

export const TextIn = ({ path, words, sx, multiline }: Common & { multiline?: boolean }) => {
  const field = useField<string | null>(path);
  const { label, help } = useWords(words);
  return (
    <TextField
      fullWidth
      data-place={path}
      multiline={multiline}
      minRows={multiline ? 2 : undefined}
      label={label}
      value={field.value ?? ''}
      disabled={field.readOnly}
      onChange={(event) => field.set(event.target.value)}
      error={Boolean(field.error)}
      helperText={field.error ?? help}
      sx={sx}
    />
  );
};

/** A number; empty means "not set" when `optional`, else the least allowed value. `usual` is what holds where nothing is set. */
export const NumberIn = (props: Common & { min?: number; max?: number; optional?: boolean; usual?: number }) => {
  const { path, words, sx, min, max, optional, usual } = props;
  const field = useField<number | null>(path);
  const { label, help } = useWords(words);
  return (
    <TextField
      type="number"
      data-place={path}
      label={label}
      value={field.value ?? usual ?? ''}
      disabled={field.readOnly}
      onChange={(event) => field.set(event.target.value === '' ? (optional ? undefined : (min ?? 0)) : Number(event.target.value))}
      error={Boolean(field.error)}
      helperText={field.error ?? help}
      slotProps={{ htmlInput: { min, max } }}
      sx={{ width: 150, ...sx }}
    />
  );
};

export const SelectIn = ({ path, words, sx, choices, none }: Common & { choices: readonly Choice[]; none?: string }) => {
  const field = useField<string | null>(path);
  const { label, help } = useWords(words);
  const known = choices.some((choice) => choice.value === field.value);
  const offered = known || !field.value ? choices : [...choices, { value: field.value, label: field.value }];
  return (
    <TextField
      select
      data-place={path}
      label={label}
      value={field.value ?? ''}
      disabled={field.readOnly}
      onChange={(event) => field.set(event.target.value === '' ? null : event.target.value)}
      error={Boolean(field.error)}
      helperText={field.error ?? help}
      slotProps={{ select: { displayEmpty: Boolean(none) }, inputLabel: none ? { shrink: true } : undefined }}
      sx={{ minWidth: 200, ...sx }}
    >
      {none && <MenuItem value="">{none}</MenuItem>}
      {offered.map((choice) => (
        <MenuItem key={choice.value} value={choice.value}>
          {choice.label}
        </MenuItem>
      ))}
    </TextField>
  );
};

export const SwitchIn = ({ path, words, sx }: Common) => {
  const field = useField<boolean>(path);
  const { label, help } = useWords(words);
  return (
    <Box data-place={path} sx={sx}>
      <FormControlLabel
        control={<Toggle checked={field.value ?? false} disabled={field.readOnly} onChange={(_event, on) => field.set(on)} />}
        label={<Typography variant="body2">{label}</Typography>}
        sx={{ ml: -0.5, gap: 0.5 }}
      />
      <Hint error={field.error} help={help} />
    </Box>
  );
};

/** Several of a list, or free words when there is no list. */
export const ManyIn = ({ path, words, sx, choices, free }: Common & { choices: readonly Choice[]; free?: boolean }) => {
  const field = useField<readonly string[]>(path);
  const { label, help } = useWords(words);
  const labels = new Map(choices.map((choice) => [choice.value, choice.label]));
  const value = useSame([...(field.value ?? [])]);
  return (
    <Autocomplete
      multiple
      data-place={path}
      size="small"
      freeSolo={free}
      disableCloseOnSelect={!free}
      disabled={field.readOnly}
      options={choices.map((choice) => choice.value)}
      getOptionLabel={(one) => labels.get(one) ?? one}
      value={value}
      onChange={(_event, chosen) => field.set(chosen.map((value) => value.trim()).filter(Boolean))}
      renderInput={(params) => <TextField {...params} label={label} error={Boolean(field.error)} helperText={field.error ?? help} />}
      sx={{ minWidth: 220, flex: 1, ...sx }}
    />
  );
};

/** A text in both languages. What is typed in one stands for the other until that one is typed too. */
export const LabelIn = ({ path, words, sx }: Common) => {
  const field = useField<LocalisedText>(path);
  const { label, help } = useWords(words);
  const value = field.value ?? { zh: '', en: '' };
  const typed = useRef(new Set<'zh' | 'en'>());
  const change = (language: 'zh' | 'en', text: string): void => {
    const other = language === 'zh' ? 'en' : 'zh';
    typed.current.add(language);
    const follows = !typed.current.has(other) && (value[other] === '' || value[other] === value[language]);
    field.set({ ...value, [language]: text, ...(follows ? { [other]: text } : {}) });
  };
  const one = (language: 'zh' | 'en', name: string) => (
    <TextField
      fullWidth
      label={`${label} · ${name}`}
      value={value[language]}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      onChange={(event) => change(language, event.target.value)}
    />
  );
  return (
    <Box data-place={path} sx={sx}>
      <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' }, gap: { xs: 1.75, sm: 1 } }}>
        {one('zh', '中文')}
        {one('en', 'English')}
      </Box>
      <Hint error={field.error} help={help} />
    </Box>
  );
};

export const SpanIn = ({ path, words, units, minimum }: Common & { units?: readonly SpanUnit[]; minimum?: number }) => {
  const field = useField<string>(path);
  const { label, help } = useWords(words);
  return (
    <Box data-place={path}>
      <SpanInput
        label={label}
        value={field.value}
        onChange={field.set}
        units={units}
        minimum={minimum}
        error={field.error}
        help={help}
        disabled={field.readOnly}
      />
    </Box>
  );
};

/** An optional condition; `empty` says what it stands for when it is left out: every lead, or none at all. */
export const ConditionIn = (props: Common & { subject?: string; optional?: boolean; empty?: EmptyMeans }) => {
  const { path, words, subject = 'lead', optional = true, empty = 'always' } = props;
  const field = useField<Condition | null>(path);
  const live = useLiveValue(path);
  const was = useMemo(() => (live?.found ? { found: true as const, condition: (live.value ?? null) as Condition | null } : live), [live]);
  const { label, help } = useWords(words);
  return (
    <Box component="fieldset" data-place={path} disabled={field.readOnly} sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
      <Typography variant="subtitle2" component="legend" sx={{ p: 0 }}>
        {label}
      </Typography>
      {help && (
        <Typography variant="caption" component="div" color="text.secondary" sx={{ mb: 0.75 }}>
          {help}
        </Typography>
      )}
      <ConditionBuilder
        subject={subject}
        value={field.value}
        live={was}
        empty={empty}
        onChange={(condition) => field.set(optional && condition.rules.length === 0 && !condition.not ? null : condition)}
      />
      <Hint error={field.error} />
    </Box>
  );
};
