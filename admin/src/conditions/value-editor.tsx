import { useSame } from '../common/use-same';
import type { ConditionRule, FactDescription } from '@leadsea/crm-core/contracts/condition';
import { Autocomplete, Box, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { DateField } from '../common/date-field';
import { useMeta } from '../api/session-context';
import { useLookups } from '../common/lookups';
import { useText } from '../common/text';
import { operandShape } from './operators';
import { scalarText } from './scalar';
import { AccountPicker } from './account-picker';
import { SpanInput } from './span-input';

interface EditorProps {
  fact: FactDescription;
  rule: ConditionRule;
  onChange: (value: unknown) => void;
}
interface Choice {
  value: string;
  label: string;
}

/** What can be chosen for a fact, or null when anything may be typed. */
const useChoices = (fact: FactDescription): { choices: Choice[]; free: boolean } | null => {
  const text = useText();
  const meta = useMeta();
  const lookups = useLookups();
  if (fact.options)
    return { choices: fact.options.map((option) => ({ value: option.value, label: text(option.label) || option.value })), free: false };
  const named = (rows: readonly { id: number; name: string }[]) => ({
    choices: rows.map((row) => ({ value: String(row.id), label: row.name })),
    free: false,
  });
  if (fact.reference === 'members') return named(meta.members);
  if (fact.reference === 'pools') return named(meta.pools);
  if (fact.reference === 'teams') return named(meta.teams);
  if (fact.key === 'lead.source') return { choices: lookups.sources, free: true };
  return null;
};

const asNumber = (text: string): number | '' => (text === '' || Number.isNaN(Number(text)) ? '' : Number(text));

/** Stored form of something chosen: references are numbers, everything else is its key. */
const stored = (fact: FactDescription, value: string): unknown => {
  if (fact.type === 'reference') return Number(value);
  return fact.type === 'number' || fact.type === 'count' ? asNumber(value) : value;
};

const ChoiceEditor = (props: EditorProps & { choices: Choice[]; free: boolean; many: boolean; label: string }) => {
  const { fact, choices, free, many } = props;
  const byValue = new Map(choices.map((choice) => [choice.value, choice]));
  const asChoice = (value: unknown): Choice => byValue.get(String(value)) ?? { value: String(value), label: String(value) };
  const common = {
    size: 'small' as const,
    freeSolo: free,
    options: choices,
    autoHighlight: !free,
    getOptionLabel: (option: Choice | string) => (typeof option === 'string' ? option : option.label),
    isOptionEqualToValue: (option: Choice, value: Choice) => option.value === value.value,
    sx: { minWidth: 180, flex: 1, maxWidth: many ? 480 : 280 },
  };
  const { value } = props.rule;
  const chosen = useSame((Array.isArray(value) ? value : []).map(asChoice));
  const empty = value === '' || value === undefined || value === null || typeof value === 'object';
  const one = useSame(empty ? null : asChoice(value));
  const valueOf = (option: Choice | string): unknown => stored(fact, typeof option === 'string' ? option.trim() : option.value);
  if (many) {
    return (
      <Autocomplete
        {...common}
        multiple
        disableCloseOnSelect={!free}
        value={chosen}
        onChange={(_event, next) => props.onChange(next.map(valueOf).filter((value) => value !== ''))}
        renderInput={(params) => <TextField {...params} slotProps={{ htmlInput: { ...params.inputProps, 'aria-label': props.label } }} />}
      />
    );
  }
  return (
    <Autocomplete
      {...common}
      autoSelect={free}
      value={one}
      onChange={(_event, next) => props.onChange(next === null ? '' : valueOf(next))}
      renderInput={(params) => <TextField {...params} slotProps={{ htmlInput: { ...params.inputProps, 'aria-label': props.label } }} />}
    />
  );
};

const Plain = (props: { fact: FactDescription; value: unknown; onChange: (value: unknown) => void; label: string }) => {
  const numeric = props.fact.type === 'number' || props.fact.type === 'count';
  if (props.fact.type === 'date')
    return (
      <DateField
        type="date"
        value={scalarText(props.value)}
        onChange={(event) => props.onChange(event.target.value)}
        slotProps={{ htmlInput: { 'aria-label': props.label } }}
        sx={{ minWidth: 170, maxWidth: 280 }}
      />
    );
  return (
    <TextField
      type={numeric ? 'number' : 'text'}
      value={scalarText(props.value)}
      onChange={(event) => props.onChange(numeric ? asNumber(event.target.value) : event.target.value)}
      slotProps={{ htmlInput: { 'aria-label': props.label, maxLength: 2000 } }}
      sx={{ minWidth: numeric ? 100 : 150, flex: numeric ? undefined : 1, maxWidth: 280 }}
    />
  );
};

/** The right side of a rule, by the operator's shape and the type of its fact. */
export const ValueEditor = (props: EditorProps) => {
  const { fact, rule, onChange } = props;
  const translate = useTranslate();
  const choices = useChoices(fact);
  const label = translate('setup.condition.value');
  const shape = operandShape(fact.type, rule.operator);
  if (shape === 'none') return null;
  if (shape === 'span' || (shape === 'one' && fact.type === 'duration'))
    return <SpanInput value={typeof rule.value === 'string' ? rule.value : null} onChange={onChange} ariaLabel={label} />;
  if (shape === 'two') {
    const [from, to] = Array.isArray(rule.value) ? (rule.value as unknown[]) : [];
    if (fact.type === 'duration')
      return (
        <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
          <SpanInput value={scalarText(from)} onChange={(value) => onChange([value, to])} ariaLabel={label} />
          <SpanInput value={scalarText(to)} onChange={(value) => onChange([from, value])} ariaLabel={label} />
        </Box>
      );
    return (
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
        <Plain fact={fact} value={from} onChange={(value) => onChange([value, to ?? ''])} label={label} />–
        <Plain fact={fact} value={to} onChange={(value) => onChange([from ?? '', value])} label={label} />
      </Box>
    );
  }
  if (fact.type === 'boolean' && shape === 'one')
    return (
      <TextField select value={scalarText(rule.value)} onChange={(event) => onChange(event.target.value === 'true')} sx={{ minWidth: 90 }}>
        <MenuItem value="true">{translate('setup.condition.yes')}</MenuItem>
        <MenuItem value="false">{translate('setup.condition.no')}</MenuItem>
      </TextField>
    );
  if (fact.reference === 'accounts') return <AccountPicker value={rule.value} many={shape === 'many'} onChange={onChange} label={label} />;
  if (choices) return <ChoiceEditor {...props} {...choices} many={shape === 'many'} label={label} />;
  if (shape === 'many') return <ChoiceEditor {...props} choices={[]} free many label={label} />;
  return <Plain fact={fact} value={rule.value} onChange={onChange} label={label} />;
};
