import type { CalendarException, CalendarSpec, WallInterval, Weekday } from '@leadsea/crm-core/contracts/calendar';
import AddIcon from '@mui/icons-material/Add';
import CloseIcon from '@mui/icons-material/Close';
import { Autocomplete, Box, Button, IconButton, MenuItem, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { TimeField } from '../../common/time-field';
import { DateField } from '../../common/date-field';
import { useLocaleCode } from '../../common/text';
import { formatDuration } from '../../common/time';
import { useField } from '../kit/form-context';
import { Hint, SwitchIn, TextIn, useWords } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';
import { Notices, Place } from './place';
import { openSeconds, WEEKDAYS } from './week';
import { YearView } from './year-view';

const FEEDS = [
  'cn_statutory',
  'AT',
  'AU',
  'BE',
  'BR',
  'CA',
  'CH',
  'CZ',
  'DE',
  'DK',
  'ES',
  'FI',
  'FR',
  'GB',
  'HK',
  'ID',
  'IE',
  'IN',
  'IT',
  'JP',
  'KR',
  'MX',
  'MY',
  'NL',
  'NO',
  'PL',
  'PT',
  'SE',
  'SG',
  'TH',
  'TW',
  'US',
  'VN',
  'ZA',
];
const ZONES = Intl.supportedValuesOf('timeZone');

/** Any number of open intervals; an end before its start runs past midnight. */
const Intervals = ({ path, label }: { path: string; label: string }) => {
  const translate = useTranslate();
  const field = useField<readonly WallInterval[]>(path);
  const rows = field.value ?? [];
  const write = (next: readonly WallInterval[]): void => field.set(next.length > 0 ? next : undefined);
  const edit = (index: number, change: Partial<WallInterval>): void =>
    write(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  const time = (index: number, end: 'start' | 'end', value: string) => (
    <TimeField
      value={value === '24:00' ? '00:00' : value}
      disabled={field.readOnly}
      onChange={(event) => edit(index, { [end]: event.target.value })}
      slotProps={{ htmlInput: { 'aria-label': `${label} ${translate(`setup.calendar.${end}`)}` } }}
      sx={{ width: 88 }}
    />
  );
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
      {rows.map((row, index) => (
        <Box key={index} sx={{ display: 'flex', alignItems: 'center', gap: 0.5 }}>
          {time(index, 'start', row.start)}–{time(index, 'end', row.end)}
          {!field.readOnly && (
            <IconButton aria-label={translate('setup.kit.remove')} onClick={() => write(rows.filter((_row, at) => at !== index))}>
              <CloseIcon sx={{ fontSize: 16 }} />
            </IconButton>
          )}
        </Box>
      ))}
      {rows.length === 0 && <Typography color="text.secondary">{translate('setup.calendar.closed')}</Typography>}
      {!field.readOnly && (
        <IconButton
          aria-label={translate('setup.calendar.addInterval', { day: label })}
          onClick={() => write([...rows, rows.length > 0 ? { start: '13:30', end: '18:00' } : { start: '09:00', end: '12:00' }])}
        >
          <AddIcon fontSize="small" />
        </IconButton>
      )}
      <Hint error={field.error} />
    </Box>
  );
};

const Week = () => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const week = useField<CalendarSpec['week']>('week');
  const monday = week.value?.mon ?? [];
  const copy = (): void => week.set({ ...week.value, ...Object.fromEntries(WEEKDAYS.slice(0, 5).map((day) => [day, monday])) });
  return (
    <Box sx={{ display: 'grid', gap: 0.5 }}>
      {WEEKDAYS.map((day: Weekday) => {
        const name = translate(`setup.calendar.day.${day}`);
        return (
          <Box
            key={day}
            sx={{
              display: 'grid',
              gridTemplateColumns: { xs: '1fr auto', sm: '96px 1fr 80px' },
              gap: 1,
              alignItems: 'center',
              minHeight: 44,
              borderTop: 1,
              borderColor: 'divider',
              py: 0.5,
            }}
          >
            <Typography variant="body2" fontWeight={600}>
              {name}
            </Typography>
            <Box sx={{ gridColumn: { xs: '1 / -1', sm: 'auto' }, gridRow: { xs: 2, sm: 'auto' } }}>
              <Intervals path={`week.${day}`} label={name} />
            </Box>
            <Typography variant="body2" color="text.secondary" sx={{ textAlign: 'right' }}>
              {formatDuration(openSeconds(week.value?.[day] ?? []), locale)}
            </Typography>
          </Box>
        );
      })}
      {!week.readOnly && monday.length > 0 && (
        <Button color="inherit" sx={{ justifySelf: 'start' }} onClick={copy}>
          {translate('setup.calendar.copyMonday')}
        </Button>
      )}
    </Box>
  );
};

const Zone = () => {
  const field = useField<string>('tz');
  const { label, help } = useWords('setup.calendar.zone');
  return (
    <Autocomplete
      size="small"
      disableClearable
      disabled={field.readOnly}
      options={field.value && !ZONES.includes(field.value) ? [field.value, ...ZONES] : ZONES}
      value={field.value ?? 'UTC'}
      onChange={(_event, zone) => field.set(zone)}
      renderInput={(params) => <TextField {...params} label={label} helperText={field.error ?? help} error={Boolean(field.error)} />}
      sx={{ width: 280 }}
    />
  );
};

const Feed = () => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const field = useField<string | undefined>('holidays');
  const { label, help } = useWords('setup.calendar.holidays');
  const regions = new Intl.DisplayNames([locale === 'zh' ? 'zh-CN' : 'en'], { type: 'region' });
  const name = (feed: string): string => (feed === 'cn_statutory' ? translate('setup.calendar.cn') : (regions.of(feed) ?? feed));
  const known = field.value && !FEEDS.includes(field.value) ? [field.value, ...FEEDS] : FEEDS;
  return (
    <TextField
      select
      label={label}
      helperText={field.error ?? help}
      error={Boolean(field.error)}
      value={field.value ?? ''}
      disabled={field.readOnly}
      onChange={(event) => field.set(event.target.value || undefined)}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
      sx={{ minWidth: 280 }}
    >
      <MenuItem value="">{translate('setup.kit.none')}</MenuItem>
      {known.map((feed) => (
        <MenuItem key={feed} value={feed}>
          {/^[A-Z]{2}$|^cn_/.test(feed) ? name(feed) : feed}
        </MenuItem>
      ))}
    </TextField>
  );
};

const DateIn = ({ path, words }: { path: string; words: string }) => {
  const field = useField<string | undefined>(path);
  const { label } = useWords(words);
  return (
    <DateField
      type="date"
      label={label}
      value={field.value ?? ''}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error}
      onChange={(event) => field.set(event.target.value || undefined)}
      slotProps={{ inputLabel: { shrink: true } }}
      sx={{ width: 160 }}
    />
  );
};

/** The body of a calendar: opening hours of a week, public holidays, and days of one's own. */
export const CalendarForm = ({ policyKey }: { policyKey: string }) => {
  const translate = useTranslate();
  const always = useField<boolean>('alwaysOpen').value;
  const kinds = (['off', 'work', 'special'] as const).map((kind) => ({ value: kind, label: translate(`setup.calendar.kinds.${kind}`) }));
  return (
    <>
      <Section title={translate('setup.calendar.basics')}>
        <Row>
          <Zone />
          <Feed />
        </Row>
        <Place policyKey={policyKey} />
        <SwitchIn path="alwaysOpen" words="setup.calendar.always" />
      </Section>
      {!always && (
        <Section at="week" title={translate('setup.calendar.week')} help={translate('setup.calendar.weekHelp')}>
          <Week />
        </Section>
      )}
      <YearView />
      <Notices />
      <Section title={translate('setup.calendar.exceptions')} help={translate('setup.calendar.exceptionsHelp')}>
        <ListIn<CalendarException>
          path="exceptions"
          add={translate('setup.calendar.addException')}
          empty={translate('setup.calendar.noExceptions')}
          blank={() => ({ from: new Date().toISOString().slice(0, 10), kind: 'off' })}
          summary={(day) => (
            <>
              <b>{day.to && day.to !== day.from ? `${day.from} – ${day.to}` : day.from}</b>{' '}
              {kinds.find((kind) => kind.value === day.kind)?.label} {day.label}
            </>
          )}
          render={(path, day) => (
            <>
              <Row>
                <DateIn path={`${path}.from`} words="setup.calendar.from" />
                <DateIn path={`${path}.to`} words="setup.calendar.to" />
                <KindIn path={path} day={day} kinds={kinds} />
              </Row>
              <TextIn path={`${path}.label`} words="setup.calendar.label" />
              {day.kind !== 'off' && (
                <Box>
                  <Typography variant="subtitle2">{translate('setup.calendar.hours')}</Typography>
                  <Intervals path={`${path}.intervals`} label={day.from} />
                </Box>
              )}
            </>
          )}
        />
      </Section>
    </>
  );
};

const KindIn = ({ path, day, kinds }: { path: string; day: CalendarException; kinds: readonly { value: string; label: string }[] }) => {
  const field = useField<CalendarException>(path);
  const { label } = useWords('setup.calendar.kind');
  return (
    <TextField
      select
      label={label}
      value={day.kind}
      disabled={field.readOnly}
      onChange={(event) => {
        const { intervals, ...rest } = day;
        field.set({ ...rest, kind: event.target.value, ...(event.target.value === 'off' || !intervals ? {} : { intervals }) });
      }}
      sx={{ minWidth: 200 }}
    >
      {kinds.map((kind) => (
        <MenuItem key={kind.value} value={kind.value}>
          {kind.label}
        </MenuItem>
      ))}
    </TextField>
  );
};
