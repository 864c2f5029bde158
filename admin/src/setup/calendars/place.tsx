import type { HolidayNotice } from '@leadsea/crm-core/contracts/calendar';
import { Box, Button, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useDirectory } from '../kit/directory';
import { useField, useForm } from '../kit/form-context';
import { SelectIn } from '../kit/inputs';
import { Row, Section } from '../kit/section';

/** Whose calendar it is and what it stands under: organisation, team, person. */
export const Place = ({ policyKey }: { policyKey: string }) => {
  const translate = useTranslate();
  const directory = useDirectory();
  const { set } = useForm();
  const parent = useField<string | undefined>('parent');
  const scopes = (['organisation', 'team', 'person'] as const).map((value) => ({
    value,
    label: translate(`setup.calendar.scopes.${value}`),
  }));
  const others = directory.calendars.filter((calendar) => calendar.value !== policyKey);
  const known = parent.value === undefined || others.some((one) => one.value === parent.value);
  return (
    <Row>
      <SelectIn path="scope" words="setup.calendar.scope" choices={scopes} />
      <TextField
        select
        label={translate('setup.calendar.parent')}
        helperText={parent.error ?? translate('setup.calendar.parentHelp')}
        error={Boolean(parent.error)}
        value={parent.value ?? ''}
        disabled={parent.readOnly}
        onChange={(event) => set('parent', event.target.value || undefined)}
        slotProps={{ select: { native: true }, inputLabel: { shrink: true } }}
        sx={{ minWidth: 240 }}
      >
        <option value="">{translate('setup.calendar.noParent')}</option>
        {[...others, ...(known || parent.value === undefined ? [] : [{ value: parent.value, label: parent.value }])].map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </TextField>
    </Row>
  );
};

const noticeOf = (text: string): HolidayNotice | null => {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('year' in parsed) || !('days' in parsed)) return null;
    const { year, days } = parsed;
    if (typeof year !== 'number' || !Array.isArray(days)) return null;
    const sound = days.filter(
      (day: unknown): day is HolidayNotice['days'][number] =>
        typeof day === 'object' &&
        day !== null &&
        'date' in day &&
        'isOffDay' in day &&
        'name' in day &&
        /^\d{4}-\d\d-\d\d$/.test(String(day.date)),
    );
    return sound.length === days.length && sound.length > 0
      ? { year, days: sound.map(({ name, date, isOffDay }) => ({ name, date, isOffDay })) }
      : null;
  } catch {
    return null;
  }
};

/** Holidays of a year that the shipped data does not know yet, entered by hand. Only for calendars by Chinese law. */
export const Notices = () => {
  const translate = useTranslate();
  const feed = useField<string | undefined>('holidays').value;
  const field = useField<readonly HolidayNotice[] | undefined>('notices');
  const [text, setText] = useState('');
  if (feed !== 'cn_statutory') return null;
  const notice = noticeOf(text);
  const years = (field.value ?? []).map((one) => one.year);
  const take = (): void => {
    if (!notice) return;
    field.set([...(field.value ?? []).filter((one) => one.year !== notice.year), notice].sort((a, b) => a.year - b.year));
    setText('');
  };
  return (
    <Section title={translate('setup.calendar.notices')} help={translate('setup.calendar.noticesHelp')}>
      {years.length > 0 && <Typography variant="body2">{translate('setup.calendar.noticesKnown', { years: years.join(', ') })}</Typography>}
      {!field.readOnly && (
        <Box sx={{ display: 'grid', gap: 1, justifyItems: 'start' }}>
          <TextField
            fullWidth
            multiline
            minRows={2}
            maxRows={6}
            label="JSON"
            value={text}
            onChange={(event) => setText(event.target.value)}
            error={text.trim() !== '' && !notice}
            helperText={text.trim() !== '' && !notice ? translate('setup.calendar.noticesBad') : ' '}
          />
          <Button variant="outlined" disabled={!notice} onClick={take}>
            {translate('setup.calendar.addNotice')}
          </Button>
        </Box>
      )}
    </Section>
  );
};
