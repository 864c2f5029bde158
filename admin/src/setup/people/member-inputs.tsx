import { Autocomplete, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { DateField } from '../../common/date-field';
import { instantOf, useTime } from '../../common/time';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';
import { SelectIn, useWords, type Choice } from '../kit/inputs';
import { randomPassword } from '../kit/random';
import { GeneratedIn } from '../kit/generated-in';

/** Two beside each other in a dialog, one below the other on a phone. */
export const HALF = { width: { xs: '100%', sm: 230 } };

const ZONES = Intl.supportedValuesOf('timeZone');

export const ZoneIn = () => {
  const field = useField<string | null>('timeZone');
  const { label } = useWords('setup.people.zone');
  return (
    <Autocomplete
      size="small"
      disabled={field.readOnly}
      options={field.value && !ZONES.includes(field.value) ? [field.value, ...ZONES] : ZONES}
      value={field.value ?? null}
      onChange={(_event, zone) => field.set(zone)}
      renderInput={(params) => <TextField {...params} label={label} error={Boolean(field.error)} helperText={field.error} />}
      sx={HALF}
    />
  );
};

/** An instant, read and written in the zone of whoever looks at it. */
export const InstantIn = ({ path, words }: { path: string; words: string }) => {
  const time = useTime();
  const field = useField<string | null>(path);
  const { label, help } = useWords(words);
  return (
    <DateField
      type="datetime-local"
      label={label}
      value={time.toLocalInput(field.value)}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error ?? help}
      onChange={(event) => field.set(event.target.value ? instantOf(event.target.value, time.zone) : null)}
      slotProps={{ inputLabel: { shrink: true } }}
      sx={HALF}
    />
  );
};

/** One of a list by its id, or none. */
export const RefIn = ({ path, words, choices, none }: { path: string; words: string; choices: readonly Choice[]; none: string }) => {
  const field = useField<number | null>(path);
  const { label } = useWords(words);
  const value = choices.find((choice) => choice.value === String(field.value)) ?? null;
  return (
    <Autocomplete
      size="small"
      disabled={field.readOnly}
      options={[...choices]}
      value={value}
      isOptionEqualToValue={(a, b) => a.value === b.value}
      onChange={(_event, chosen) => field.set(chosen ? Number(chosen.value) : null)}
      data-place={path}
      renderInput={(params) => (
        <TextField {...params} label={label} placeholder={none} error={Boolean(field.error)} helperText={field.error} />
      )}
      sx={HALF}
    />
  );
};

export const CalendarIn = () => {
  const translate = useTranslate();
  const { calendars } = useDirectory();
  return (
    <SelectIn
      path="calendarKey"
      words="setup.people.calendar"
      choices={calendars}
      none={translate('setup.people.teamCalendar')}
      sx={HALF}
    />
  );
};

const LANGUAGES: readonly Choice[] = [
  { value: 'zh', label: '简体中文' },
  { value: 'en', label: 'English' },
];
export const LanguageIn = () => <SelectIn path="locale" words="setup.people.language" choices={LANGUAGES} sx={HALF} />;

export const PasswordIn = ({ words }: { words: string }) => <GeneratedIn path="password" words={words} make={randomPassword} />;
