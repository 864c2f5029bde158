import CalendarIcon from '@mui/icons-material/CalendarMonthOutlined';
import LeftIcon from '@mui/icons-material/ChevronLeft';
import RightIcon from '@mui/icons-material/ChevronRight';
import { Box, Button, ButtonBase, IconButton, InputAdornment, MenuItem, Popover, TextField, type TextFieldProps } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { readDay, readMoment, shiftMonth, showMoment, weeksOf } from './date-text';
import { useLocaleCode } from './text';
import { useTime } from './time';

type DateFieldProps = Omit<TextFieldProps, 'type' | 'value' | 'onChange'> & {
  readonly type: 'date' | 'datetime-local';
  /** `YYYY-MM-DD`, with a time `YYYY-MM-DDTHH:MM`; empty = none. */
  readonly value: string;
  /** As of a native input: the value is complete or empty. */
  readonly onChange: (event: { readonly target: { readonly value: string } }) => void;
};

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
const MINUTES = Array.from({ length: 12 }, (_, step) => String(step * 5).padStart(2, '0'));

const Month = (props: { month: string; value: string; today: string; locale: 'zh' | 'en'; min?: string; pick: (day: string) => void }) => {
  const { month, value, today, locale, min, pick } = props;
  const names = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-US', { weekday: 'narrow', timeZone: 'UTC' });
  // The first of June 2026 is a Monday.
  const weekdays = Array.from({ length: 7 }, (_, day) => names.format(Date.UTC(2026, 5, 1 + day)));
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(7, 36px)', fontSize: 13, textAlign: 'center' }}>
      {weekdays.map((name, index) => (
        <Box key={index} aria-hidden sx={{ color: 'text.secondary', py: 0.5 }}>
          {name}
        </Box>
      ))}
      {weeksOf(month)
        .flat()
        .map((day, index) =>
          day === null ? (
            <span key={index} />
          ) : (
            <ButtonBase
              key={day}
              aria-label={showMoment(day, locale)}
              aria-pressed={day === value}
              disabled={min !== undefined && day < min}
              onClick={() => pick(day)}
              sx={{
                height: 36,
                borderRadius: 1,
                fontWeight: day === today ? 700 : 400,
                bgcolor: day === value ? 'primary.main' : undefined,
                color: day === value ? 'primary.contrastText' : 'text.primary',
                '&.Mui-disabled': { color: 'text.disabled' },
                '&:hover': { bgcolor: day === value ? 'primary.dark' : 'action.hover' },
              }}
            >
              {Number(day.slice(8))}
            </ButtonBase>
          ),
        )}
    </Box>
  );
};

/** A day, or a day with a time, in the language of the console whatever the browser speaks: typed, or picked from a calendar. */
export const DateField = ({ type, value, onChange, ...rest }: DateFieldProps) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const time = useTime();
  const [typed, setTyped] = useState<string | null>(null);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const withTime = type === 'datetime-local';
  const today = time.toLocalInput(new Date().toISOString()).slice(0, 10);
  const [day = '', clock = ''] = value.split('T');
  const [month, setMonth] = useState('');
  const shownMonth = month || (day || today).slice(0, 7);
  const read = withTime ? readMoment : readDay;
  const set = (next: string): void => onChange({ target: { value: next } });
  const htmlInput = rest.slotProps?.htmlInput as { min?: string } | undefined;
  const wrong = typed !== null && typed.trim() !== '' && read(typed) === null;
  const pick = (chosen: string): void => {
    set(withTime ? `${chosen}T${clock || '09:00'}` : chosen);
    setTyped(null);
    if (!withTime) setAnchor(null);
  };
  const monthName = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-US', {
    year: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  }).format(Date.parse(`${shownMonth}-01T00:00:00Z`));
  const [hour = '09', minute = '00'] = clock.split(':');
  const part = (label: string, current: string, choices: readonly string[], change: (next: string) => void) => (
    <TextField
      select
      size="small"
      value={current}
      onChange={({ target }) => change(target.value)}
      slotProps={{ htmlInput: { 'aria-label': translate(label) } }}
      sx={{ width: 80 }}
    >
      {[...new Set([...choices, current])].sort().map((one) => (
        <MenuItem key={one} value={one}>
          {one}
        </MenuItem>
      ))}
    </TextField>
  );
  return (
    <>
      <TextField
        {...rest}
        value={typed ?? (value ? showMoment(value, locale) : '')}
        error={rest.error || wrong}
        helperText={wrong ? translate('dates.wrong') : rest.helperText}
        placeholder={withTime ? translate('dates.momentHint') : translate('dates.dayHint')}
        onChange={({ target }) => {
          setTyped(target.value);
          const next = target.value.trim() === '' ? '' : read(target.value);
          if (next !== null && next !== value) set(next);
        }}
        onBlur={(event) => {
          setTyped(null);
          rest.onBlur?.(event);
        }}
        slotProps={{
          ...rest.slotProps,
          input: {
            endAdornment: (
              <InputAdornment position="end">
                <IconButton
                  size="small"
                  edge="end"
                  tabIndex={-1}
                  disabled={rest.disabled}
                  aria-label={translate('dates.open')}
                  onClick={(event) => {
                    setMonth('');
                    setAnchor(event.currentTarget);
                  }}
                >
                  <CalendarIcon fontSize="small" />
                </IconButton>
              </InputAdornment>
            ),
          },
        }}
      />
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
      >
        <Box sx={{ p: 1.5 }}>
          <Box sx={{ display: 'flex', alignItems: 'center' }}>
            <IconButton size="small" aria-label={translate('dates.before')} onClick={() => setMonth(shiftMonth(shownMonth, -1))}>
              <LeftIcon fontSize="small" />
            </IconButton>
            <Box aria-live="polite" sx={{ flex: 1, textAlign: 'center', fontWeight: 600, fontSize: 13 }}>
              {monthName}
            </Box>
            <IconButton size="small" aria-label={translate('dates.after')} onClick={() => setMonth(shiftMonth(shownMonth, 1))}>
              <RightIcon fontSize="small" />
            </IconButton>
          </Box>
          <Month month={shownMonth} value={day} today={today} locale={locale} min={htmlInput?.min} pick={pick} />
          {withTime && (
            <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', mt: 1 }}>
              {part('dates.hour', hour, HOURS, (next) => set(`${day || today}T${next}:${minute}`))}:
              {part('dates.minute', minute, MINUTES, (next) => set(`${day || today}T${hour}:${next}`))}
            </Box>
          )}
          <Box sx={{ display: 'flex', justifyContent: 'space-between', mt: 1 }}>
            <Button size="small" color="inherit" disabled={rest.required || value === ''} onClick={() => (set(''), setAnchor(null))}>
              {translate('dates.clear')}
            </Button>
            {withTime ? (
              <Button size="small" onClick={() => setAnchor(null)}>
                {translate('ra.action.close')}
              </Button>
            ) : (
              <Button size="small" disabled={htmlInput?.min !== undefined && today < htmlInput.min} onClick={() => pick(today)}>
                {translate('dates.today')}
              </Button>
            )}
          </Box>
        </Box>
      </Popover>
    </>
  );
};
