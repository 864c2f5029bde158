import { Box, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { formatSpan, fromSeconds, parseSpan, toSeconds, type SpanUnit } from '../../conditions/span';
import { SpanInput } from '../../conditions/span-input';
import { useField } from '../kit/form-context';
import { Hint, useWords } from '../kit/inputs';
import { Toggle } from '../kit/toggle';

export const RULE_UNITS: readonly SpanUnit[] = ['hour', 'bday', 'day', 'week'];

/** Seconds kept in the body, shown as a number and a unit. */
export const SecondsIn = ({ path, words, minimum = 0 }: { path: string; words: string; minimum?: number }) => {
  const field = useField<number>(path);
  const { label, help } = useWords(words);
  return (
    <Box data-place={path}>
      <SpanInput
        label={label}
        help={help}
        error={field.error}
        disabled={field.readOnly}
        minimum={minimum}
        units={['second', 'minute', 'hour', 'day']}
        value={field.value ? formatSpan(fromSeconds(field.value)) : 'PT0M'}
        onChange={(iso) => field.set(toSeconds(parseSpan(iso) ?? { amount: 0, unit: 'second' }) ?? 0)}
      />
    </Box>
  );
};

/** A duration that may be absent: a switch, and the duration when it is on. */
export const MaybeSpanIn = (props: {
  path: string;
  words: string;
  units?: readonly SpanUnit[];
  /** What switching on begins with. */
  usual: string;
  /** What switching off leaves; `null` for “expressly none”, absent for “not said”. */
  off?: null;
}) => {
  const { path, words, units = RULE_UNITS, usual, off } = props;
  const field = useField<string | null>(path);
  const { label, help } = useWords(words);
  const on = typeof field.value === 'string';
  return (
    <Box data-place={path}>
      <Box sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: 1, minHeight: 36 }}>
        <Box component="label" sx={{ display: 'flex', alignItems: 'center', gap: 1, fontSize: 13, cursor: 'pointer' }}>
          <Toggle checked={on} disabled={field.readOnly} onChange={(_event, checked) => field.set(checked ? usual : off)} />
          {label}
        </Box>
        {on && <SpanInput value={field.value} onChange={field.set} units={units} ariaLabel={label} disabled={field.readOnly} />}
      </Box>
      <Hint error={field.error} help={help} />
    </Box>
  );
};

/** Whether hours are working hours; days and business days say so themselves. */
export const TimeKindIn = ({ path, span }: { path: string; span: string }) => {
  const translate = useTranslate();
  const field = useField<'business' | 'calendar'>(path);
  const unit = parseSpan(useField<string>(span).value)?.unit;
  if (unit !== 'hour' && unit !== 'minute' && unit !== 'second') return null;
  return (
    <TextField
      select
      data-place={path}
      label={translate('setup.pool.timeKind')}
      value={field.value ?? 'business'}
      disabled={field.readOnly}
      onChange={(event) => field.set(event.target.value)}
      sx={{ minWidth: 150 }}
    >
      {(['business', 'calendar'] as const).map((kind) => (
        <MenuItem key={kind} value={kind}>
          {translate(`setup.pool.timeKinds.${kind}`)}
        </MenuItem>
      ))}
    </TextField>
  );
};
