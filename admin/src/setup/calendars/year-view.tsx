import type { CalendarException } from '@leadsea/crm-core/contracts/calendar';
import NextIcon from '@mui/icons-material/ChevronRight';
import PrevIcon from '@mui/icons-material/ChevronLeft';
import { Alert, Box, ButtonBase, IconButton, Skeleton, Tooltip, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useDeferredValue, useState } from 'react';
import { useParams } from 'react-router-dom';
import { postJson } from '../../api/http-client';
import type { LocalisedText } from '../../api/types';
import { productNow } from '../../common/product-clock';
import { useLocaleCode, useText } from '../../common/text';
import { formatDuration } from '../../common/time';
import { useForm } from '../kit/form-context';
import { Section } from '../kit/section';
import { toggled } from './toggle-day';

interface Day {
  readonly date: string;
  readonly kind: 'workday' | 'closed' | 'holiday' | 'make-up' | 'off' | 'special';
  readonly level: string;
  readonly label: LocalisedText | null;
  readonly seconds: number;
}
interface Year {
  readonly year: number;
  readonly provisional: boolean;
  readonly days: readonly Day[];
}

const COLOUR: Readonly<Record<Day['kind'], string>> = {
  workday: 'transparent',
  closed: 'action.hover',
  holiday: 'error.main',
  'make-up': 'success.main',
  off: 'warning.main',
  special: 'info.main',
};
const STRONG = new Set<Day['kind']>(['holiday', 'make-up', 'off', 'special']);

const DayCell = ({ day, readOnly, toggle }: { day: Day; readOnly: boolean; toggle: () => void }) => {
  const translate = useTranslate();
  const text = useText();
  const locale = useLocaleCode();
  const words = [
    day.date,
    translate(`setup.calendar.dayKinds.${day.kind}`),
    text(day.label),
    day.seconds > 0 ? formatDuration(day.seconds, locale) : '',
  ]
    .filter(Boolean)
    .join(' · ');
  return (
    <Tooltip title={words} disableInteractive enterDelay={200}>
      <ButtonBase
        disabled={readOnly}
        onClick={toggle}
        aria-label={words}
        sx={{
          height: 26,
          borderRadius: 0.75,
          fontSize: 11.5,
          bgcolor: COLOUR[day.kind],
          color: STRONG.has(day.kind) ? 'background.paper' : day.seconds > 0 ? 'text.primary' : 'text.secondary',
          fontWeight: STRONG.has(day.kind) ? 650 : 400,
        }}
      >
        {Number(day.date.slice(8))}
      </ButtonBase>
    </Tooltip>
  );
};

const Month = ({
  days,
  locale,
  readOnly,
  toggle,
}: {
  days: readonly Day[];
  locale: string;
  readOnly: boolean;
  toggle: (day: Day) => void;
}) => {
  const [first] = days;
  if (!first) return null;
  const lead = (new Date(`${first.date}T00:00:00Z`).getUTCDay() + 6) % 7;
  const name = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en', { month: 'long', timeZone: 'UTC' }).format(
    new Date(`${first.date}T00:00:00Z`),
  );
  return (
    <Box sx={{ minWidth: 0 }}>
      <Typography variant="subtitle2" color="text.primary" sx={{ mb: 0.5 }}>
        {name}
      </Typography>
      <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(7, minmax(0, 1fr))', gap: '2px' }}>
        {Array.from({ length: lead }, (_, index) => (
          <span key={index} />
        ))}
        {days.map((day) => (
          <DayCell key={day.date} day={day} readOnly={readOnly} toggle={() => toggle(day)} />
        ))}
      </Box>
    </Box>
  );
};

const Legend = () => {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, fontSize: 12, color: 'text.secondary' }}>
      {(['holiday', 'make-up', 'off', 'special', 'closed'] as const).map((kind) => (
        <Box key={kind} sx={{ display: 'flex', alignItems: 'center', gap: 0.5 }}>
          <Box sx={{ width: 12, height: 12, borderRadius: 0.5, bgcolor: COLOUR[kind], border: 1, borderColor: 'divider' }} />
          {translate(`setup.calendar.dayKinds.${kind}`)}
        </Box>
      ))}
    </Box>
  );
};

/** A whole year as the draft has it; a click closes a day, opens it, or gives it back to the week. */
export const YearView = () => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const { id } = useParams();
  const { body, readOnly, set } = useForm();
  const [year, setYear] = useState(() => new Date(productNow()).getUTCFullYear());
  const draft = useDeferredValue(body);
  const { data, error } = useQuery({
    queryKey: ['calendar-year', id, year, JSON.stringify(draft)],
    queryFn: () => postJson<Year>(`/calendars/${id}/year`, { year, draft }),
    placeholderData: (before) => before,
    retry: false,
  });
  const exceptions = (body as { exceptions?: readonly CalendarException[] }).exceptions ?? [];
  const toggle = (day: Day): void => {
    const next = toggled(exceptions, day);
    set('exceptions', next.length > 0 ? next : undefined);
  };
  const months = Array.from({ length: 12 }, (_, month) => (data?.days ?? []).filter((day) => Number(day.date.slice(5, 7)) === month + 1));
  return (
    <Section title={translate('setup.calendar.year')} help={translate('setup.calendar.yearHelp')}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, flexWrap: 'wrap' }}>
        <IconButton aria-label={translate('ra.navigation.previous')} onClick={() => setYear(year - 1)}>
          <PrevIcon fontSize="small" />
        </IconButton>
        <b>{year}</b>
        <IconButton aria-label={translate('ra.navigation.next')} onClick={() => setYear(year + 1)}>
          <NextIcon fontSize="small" />
        </IconButton>
        <Legend />
      </Box>
      {data?.provisional && data.year === year && <Alert severity="warning">{translate('setup.calendar.provisional', { year })}</Alert>}
      {error && !data && <Alert severity="info">{translate('setup.calendar.yearInvalid')}</Alert>}
      {!data && !error && <Skeleton variant="rounded" height={320} />}
      {data && (
        <Box sx={{ display: 'grid', gap: 2.5, gridTemplateColumns: 'repeat(auto-fill, minmax(190px, 1fr))' }}>
          {months.map((days, index) => (
            <Month key={index} days={days} locale={locale} readOnly={readOnly} toggle={toggle} />
          ))}
        </Box>
      )}
    </Section>
  );
};
