import { Box, MenuItem, TextField } from '@mui/material';
import { useLocaleCode } from '../common/text';
import { formatSpan, parseSpan, unitWord, type SpanUnit } from './span';

interface SpanInputProps {
  value: string | null | undefined;
  onChange: (iso: string) => void;
  units?: readonly SpanUnit[];
  label?: string;
  /** Name for people who cannot see where the field stands. */
  ariaLabel?: string;
  error?: string;
  help?: string;
  disabled?: boolean;
  minimum?: number;
}

const USUAL: readonly SpanUnit[] = ['minute', 'hour', 'day', 'week'];

/** A duration as a number and a unit, stored as ISO 8601. */
export const SpanInput = (props: SpanInputProps) => {
  const locale = useLocaleCode();
  const span = parseSpan(props.value) ?? { amount: props.minimum ?? 1, unit: (props.units ?? USUAL)[0] ?? 'day' };
  const units = props.units ?? USUAL;
  const offered = units.includes(span.unit) ? units : [...units, span.unit];
  return (
    <Box sx={{ minWidth: 0 }}>
      <Box sx={{ display: 'flex', gap: 0.5 }}>
        <TextField
          type="number"
          label={props.label}
          value={span.amount}
          disabled={props.disabled}
          error={Boolean(props.error)}
          onChange={(event) =>
            props.onChange(formatSpan({ ...span, amount: Math.max(props.minimum ?? 1, Math.floor(Number(event.target.value) || 0)) }))
          }
          slotProps={{ htmlInput: { min: props.minimum ?? 1, 'aria-label': props.ariaLabel ?? props.label } }}
          sx={{ width: 92 }}
        />
        <TextField
          select
          value={span.unit}
          disabled={props.disabled || offered.length === 1}
          onChange={(event) => props.onChange(formatSpan({ ...span, unit: event.target.value as SpanUnit }))}
          slotProps={{ htmlInput: { 'aria-label': `${props.ariaLabel ?? props.label ?? ''} ${unitWord(span.unit, 2, locale)}` } }}
          sx={{ minWidth: 104 }}
        >
          {offered.map((unit) => (
            <MenuItem key={unit} value={unit}>
              {unitWord(unit, 2, locale).replace(/^个/, '')}
            </MenuItem>
          ))}
        </TextField>
      </Box>
      {(props.error || props.help) && (
        <Box sx={{ fontSize: 12, mt: 0.5, color: props.error ? 'error.main' : 'text.secondary' }}>{props.error ?? props.help}</Box>
      )}
    </Box>
  );
};
