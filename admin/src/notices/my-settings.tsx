import type { NoticeChoices } from '@leadsea/crm-core/contracts/notice';
import {
  Box,
  Button,
  Checkbox,
  FormControlLabel,
  MenuItem,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  TextField,
  Typography,
} from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { TimeField } from '../common/time-field';
import { useRefusalText } from '../api/errors';
import { API, getJson, httpClient } from '../api/http-client';
import { useMe } from '../api/session-context';
import { ErrorState } from '../common/error-state';
import { RowsSkeleton } from '../common/page';
import { useText } from '../common/text';
import { sameBody } from '../setup/kit/diff';
import { Toggle } from '../setup/kit/toggle';
import { HoursIn } from '../setup/notifications/matrix';
import { usualChannels, type Mine } from '../setup/notifications/types';

const NIGHT = { from: '22:00', to: '07:30' };
const MORNING = '08:30';

const Form = ({ mine, saved }: { mine: Mine; saved: () => void }) => {
  const translate = useTranslate();
  const text = useText();
  const notify = useNotify();
  const refusal = useRefusalText();
  const { member } = useMe();
  const [choices, setChoices] = useState<NoticeChoices>(mine.choices);
  const given = (type: Mine['types'][number]): readonly string[] => {
    const row = mine.company.matrix[type.type] ?? {};
    const own = member.roles.flatMap((role) => (row[role] ? [row[role]] : []));
    return own.length > 0 ? own.flat() : usualChannels(mine.company, type);
  };
  const choose = (type: string, channel: string, on: boolean): void =>
    setChoices({ ...choices, channels: { ...choices.channels, [type]: { ...choices.channels[type], [channel]: on } } });
  const save = async (): Promise<void> => {
    try {
      await httpClient<unknown>(`${API}/notice-choices`, { method: 'PUT', body: JSON.stringify(choices) });
      notify('setup.notice.saved', { type: 'info' });
      saved();
    } catch (error) {
      notify(refusal(error), { type: 'error' });
    }
  };
  const quiet = choices.quiet === null ? 'company' : choices.quiet === 'off' ? 'never' : 'own';
  return (
    <Box sx={{ display: 'grid', gap: 2.5, maxWidth: 760, '& > *': { minWidth: 0 } }}>
      <Typography variant="body2" color="text.secondary">
        {translate('setup.notice.mine.settingsIntro')}
      </Typography>
      <Box sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'auto' }}>
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell>{translate('setup.notice.event')}</TableCell>
              {mine.channels.map((channel) => (
                <TableCell key={channel.key} align="center">
                  {text(channel.label)}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {mine.types.map((type) => (
              <TableRow key={type.type} hover>
                <TableCell>{text(type.label)}</TableCell>
                {mine.channels.map((channel) => (
                  <TableCell key={channel.key} align="center">
                    <Checkbox
                      size="small"
                      sx={{ p: 0.25 }}
                      checked={choices.channels[type.type]?.[channel.key] ?? given(type).includes(channel.key)}
                      onChange={(_event, on) => choose(type.type, channel.key, on)}
                      slotProps={{ input: { 'aria-label': `${text(type.label)} · ${text(channel.label)}` } }}
                    />
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Box>
      <Box sx={{ display: 'flex', gap: 1.5, flexWrap: 'wrap', alignItems: 'center', minHeight: 44 }}>
        <TextField
          select
          label={translate('setup.notice.quiet')}
          value={quiet}
          onChange={({ target }) =>
            setChoices({ ...choices, quiet: target.value === 'company' ? null : target.value === 'never' ? 'off' : NIGHT })
          }
          sx={{ minWidth: 200 }}
        >
          {['company', 'never', 'own'].map((one) => (
            <MenuItem key={one} value={one}>
              {translate(`setup.notice.mine.${one}`)}
              {one === 'company' && mine.company.quiet ? ` (${mine.company.quiet.from}–${mine.company.quiet.to})` : ''}
            </MenuItem>
          ))}
        </TextField>
        {choices.quiet !== null && choices.quiet !== 'off' && (
          <HoursIn value={choices.quiet} change={(own) => setChoices({ ...choices, quiet: own })} />
        )}
      </Box>
      <Box sx={{ display: 'flex', gap: 1.5, flexWrap: 'wrap', alignItems: 'center', minHeight: 44 }}>
        <FormControlLabel
          control={
            <Toggle
              checked={choices.digestAt !== null}
              onChange={(_event, on) => setChoices({ ...choices, digestAt: on ? MORNING : null })}
            />
          }
          label={
            <>
              <Typography variant="body2">{translate('setup.notice.mine.digest')}</Typography>
              <Typography variant="caption" color="text.secondary">
                {translate('setup.notice.mine.digestHelp')}
              </Typography>
            </>
          }
          sx={{ ml: 0, gap: 0.5 }}
        />
        {choices.digestAt !== null && (
          <TimeField
            label={translate('setup.notice.mine.digestAt')}
            value={choices.digestAt}
            onChange={({ target }) => target.value && setChoices({ ...choices, digestAt: target.value })}
            slotProps={{ inputLabel: { shrink: true } }}
            sx={{ width: 130 }}
          />
        )}
      </Box>
      <TextField
        label={translate('setup.notice.mine.handle')}
        helperText={translate('setup.notice.mine.handleHelp')}
        value={choices.chatHandle ?? ''}
        onChange={({ target }) => setChoices({ ...choices, chatHandle: target.value.trim() || null })}
      />
      <Box>
        <Button variant="contained" disabled={sameBody(choices, mine.choices)} onClick={() => void save()}>
          {translate('setup.kit.save')}
        </Button>
      </Box>
    </Box>
  );
};

/** What a member changes for himself: channels by event, quiet hours, digest, how bots mention him. */
export const MySettings = () => {
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: ['notice-choices'],
    queryFn: () => getJson<Mine>('/notice-choices'),
  });
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={6} />;
  return <Form key={dataUpdatedAt} mine={data} saved={() => void refetch()} />;
};
