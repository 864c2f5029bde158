import LeftIcon from '@mui/icons-material/ChevronLeft';
import RightIcon from '@mui/icons-material/ChevronRight';
import { Box, Button, ButtonBase, IconButton, Popover } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { shiftMonth } from './date-text';
import { productNow } from './product-clock';
import { useLocaleCode } from './text';
import { useTime } from './time';

interface MonthFieldProps {
  readonly label: string;
  /** `YYYY-MM` */
  readonly value: string;
  readonly onChange: (month: string) => void;
  /** The last month there is anything to see of. */
  readonly max?: string;
}

/** The month it is now, on the clock of whoever looks: `YYYY-MM`. */
export const useThisMonth = (): string => useTime().toLocalInput(new Date(productNow()).toISOString()).slice(0, 7);

/** A month in the language of the console, whatever the browser speaks: one back or on, or picked from a year. */
export const MonthField = ({ label, value, onChange, max }: MonthFieldProps) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const thisMonth = useThisMonth();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [shownYear, setYear] = useState<number | null>(null);
  const year = shownYear ?? Number(value.slice(0, 4));
  const named = (month: string, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-US', { ...options, timeZone: 'UTC' }).format(
      Date.parse(`${month}-01T00:00:00Z`),
    );
  const months = Array.from({ length: 12 }, (_, index) => `${year}-${String(index + 1).padStart(2, '0')}`);
  const isLate = (month: string): boolean => max !== undefined && month > max;
  const close = (): void => {
    setAnchor(null);
    setYear(null);
  };
  const pick = (month: string): void => {
    onChange(month);
    close();
  };
  const step = (by: number, words: string, icon: typeof LeftIcon) => {
    const [to, Icon] = [shiftMonth(value, by), icon];
    return (
      <IconButton size="small" aria-label={translate(words)} disabled={isLate(to)} onClick={() => onChange(to)}>
        <Icon />
      </IconButton>
    );
  };
  const turn = (by: number, words: string, icon: typeof LeftIcon) => {
    const Icon = icon;
    return (
      <IconButton size="small" aria-label={translate(words)} disabled={isLate(`${year + by}-01`)} onClick={() => setYear(year + by)}>
        <Icon fontSize="small" />
      </IconButton>
    );
  };
  return (
    <Box role="group" aria-label={label} sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5 }}>
      {step(-1, 'dates.before', LeftIcon)}
      <Button
        color="inherit"
        aria-haspopup="dialog"
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ minWidth: 140, fontWeight: 600, fontSize: 15 }}
      >
        {named(value, { year: 'numeric', month: 'long' })}
      </Button>
      {step(1, 'dates.after', RightIcon)}
      {value !== thisMonth && (
        <Button size="small" onClick={() => onChange(thisMonth)}>
          {translate('dates.thisMonth')}
        </Button>
      )}
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={close}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'center' }}
        transformOrigin={{ vertical: 'top', horizontal: 'center' }}
        slotProps={{ paper: { role: 'dialog', 'aria-label': label } }}
      >
        <Box sx={{ p: 1.5 }}>
          <Box sx={{ display: 'flex', alignItems: 'center', mb: 0.5 }}>
            {turn(-1, 'dates.yearBefore', LeftIcon)}
            <Box aria-live="polite" sx={{ flex: 1, textAlign: 'center', fontWeight: 600, fontSize: 13 }}>
              {named(`${year}-01`, { year: 'numeric' })}
            </Box>
            {turn(1, 'dates.yearAfter', RightIcon)}
          </Box>
          <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(3, 72px)', gap: 0.5 }}>
            {months.map((month) => (
              <ButtonBase
                key={month}
                aria-label={named(month, { year: 'numeric', month: 'long' })}
                aria-pressed={month === value}
                disabled={isLate(month)}
                onClick={() => pick(month)}
                sx={{
                  height: 40,
                  borderRadius: 1,
                  fontSize: 13,
                  fontWeight: month === thisMonth ? 700 : 400,
                  bgcolor: month === value ? 'primary.main' : undefined,
                  color: month === value ? 'primary.contrastText' : 'text.primary',
                  '&.Mui-disabled': { color: 'text.disabled' },
                  '&:hover': { bgcolor: month === value ? 'primary.dark' : 'action.hover' },
                }}
              >
                {named(month, { month: 'short' })}
              </ButtonBase>
            ))}
          </Box>
        </Box>
      </Popover>
    </Box>
  );
};
