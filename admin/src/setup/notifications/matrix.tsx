import CloseIcon from '@mui/icons-material/Close';
import {
  Box,
  Button,
  Checkbox,
  IconButton,
  MenuItem,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  TextField,
  Tooltip,
} from '@mui/material';
import { Alert, FormControlLabel, Typography } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { TimeField } from '../../common/time-field';
import { API, httpClient, postJson } from '../../api/http-client';
import { useRefusalText } from '../../api/errors';
import { useText } from '../../common/text';
import { Toggle } from '../kit/toggle';
import { sameBody } from '../kit/diff';
import { EVERYBODY, isUrgent, usualChannels, withChannel, withoutRole, withUrgent, type Company } from './types';

/** What a line is about stays in sight while the table is pushed sideways. */
const FIRST = {
  position: 'sticky',
  left: 0,
  zIndex: 1,
  bgcolor: 'background.paper',
  minWidth: { xs: 116, sm: 160 },
  maxWidth: { xs: 132, sm: 'none' },
  fontWeight: 'inherit',
} as const;

const NIGHT = { from: '22:00', to: '07:30' };

/** Event × role × channel, quiet hours of the company; one save for the whole page. */
export const Matrix = ({ company, readOnly, reload }: { company: Company; readOnly: boolean; reload: () => void }) => {
  const translate = useTranslate();
  const text = useText();
  const notify = useNotify();
  const refusal = useRefusalText();
  const [settings, setSettings] = useState(company.settings);
  const [added, setAdded] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const { roles, types, channels } = company;
  const named = new Set([...Object.values(settings.matrix).flatMap((row) => Object.keys(row)), ...added]);
  const columns = roles.filter((role) => named.has(role.key));
  const nameOf = (key: string): string =>
    key === EVERYBODY ? translate('setup.notice.everybody') : text(roles.find((role) => role.key === key)?.label) || key;
  const changed = !sameBody(settings, company.settings);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      await httpClient<unknown>(`${API}/notice-settings`, { method: 'PUT', body: JSON.stringify(settings) });
      notify('setup.notice.saved', { type: 'info' });
      reload();
    } catch (error) {
      notify(refusal(error), { type: 'error' });
    }
    setBusy(false);
  };
  const testMail = (): void => {
    postJson('/notice-settings/test', { channel: 'mail' }).then(
      () => notify('setup.notice.testSent', { type: 'info' }),
      (error: unknown) => notify(refusal(error), { type: 'error' }),
    );
  };
  const sleeping = channels.filter((channel) => !channel.ready);
  const cell = (type: Company['types'][number], role: string) => {
    const own = settings.matrix[type.type]?.[role];
    const on = own ?? usualChannels(settings, type);
    return (
      <TableCell key={role} sx={{ whiteSpace: 'nowrap', borderLeft: 1, borderColor: 'divider' }}>
        {channels.map((channel) => (
          <Tooltip key={channel.key} title={text(channel.label)}>
            <Checkbox
              size="small"
              sx={{ p: 0.25, opacity: own || role === EVERYBODY ? 1 : 0.5 }}
              disabled={readOnly}
              checked={on.includes(channel.key)}
              onChange={(_event, checked) => setSettings(withChannel(settings, type, role, channel.key, checked))}
              slotProps={{ input: { 'aria-label': `${text(type.label)} · ${nameOf(role)} · ${text(channel.label)}` } }}
            />
          </Tooltip>
        ))}
      </TableCell>
    );
  };
  return (
    <Box sx={{ display: 'grid', gap: 2, '& > *': { minWidth: 0 } }}>
      {sleeping.map((channel) => (
        <Alert key={channel.key} severity="info" variant="outlined">
          {translate('setup.notice.notReady', { channel: text(channel.label) })}{' '}
          {channel.key === 'mail' || channel.key === 'chat' ? translate(`setup.notice.${channel.key}Help`) : ''}
        </Alert>
      ))}
      <Box sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'auto' }}>
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell sx={{ ...FIRST, zIndex: 3 }}>{translate('setup.notice.event')}</TableCell>
              {[EVERYBODY, ...columns.map((role) => role.key)].map((key) => (
                <TableCell key={key} sx={{ borderLeft: 1, borderColor: 'divider', verticalAlign: 'bottom' }}>
                  <Box sx={{ display: 'flex', alignItems: 'center', whiteSpace: 'nowrap' }}>
                    {nameOf(key)}
                    {key !== EVERYBODY && !readOnly && (
                      <IconButton
                        size="small"
                        aria-label={translate('setup.notice.resetRole')}
                        onClick={() => {
                          setSettings(withoutRole(settings, key));
                          setAdded(added.filter((one) => one !== key));
                        }}
                      >
                        <CloseIcon sx={{ fontSize: 14 }} />
                      </IconButton>
                    )}
                  </Box>
                  <Typography variant="caption" color="text.secondary" noWrap component="div">
                    {channels.map((channel) => text(channel.label)).join(' · ')}
                  </Typography>
                </TableCell>
              ))}
              <TableCell sx={{ borderLeft: 1, borderColor: 'divider' }}>
                <Tooltip title={translate('setup.notice.urgentHelp')}>
                  <span>{translate('setup.notice.urgent')}</span>
                </Tooltip>
              </TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {types.map((type) => (
              <TableRow key={type.type} hover>
                <TableCell component="th" scope="row" sx={FIRST}>
                  {text(type.label)}
                </TableCell>
                {[EVERYBODY, ...columns.map((role) => role.key)].map((role) => cell(type, role))}
                <TableCell sx={{ borderLeft: 1, borderColor: 'divider' }}>
                  <Toggle
                    checked={isUrgent(settings, type)}
                    disabled={readOnly}
                    slotProps={{ input: { 'aria-label': `${text(type.label)} · ${translate('setup.notice.urgent')}` } }}
                    onChange={(_event, on) => setSettings(withUrgent(settings, types, type.type, on))}
                  />
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center' }}>
        <TextField
          select
          label={translate('setup.notice.addRole')}
          value=""
          disabled={readOnly || columns.length === roles.length}
          onChange={(event) => setAdded([...added, event.target.value])}
          sx={{ minWidth: 200 }}
        >
          {roles
            .filter((role) => !named.has(role.key))
            .map((role) => (
              <MenuItem key={role.key} value={role.key}>
                {text(role.label) || role.key}
              </MenuItem>
            ))}
        </TextField>
        {!readOnly && channels.some((channel) => channel.key === 'mail' && channel.ready) && (
          <Button onClick={testMail}>{translate('setup.notice.testMail')}</Button>
        )}
      </Box>
      <Box>
        <Typography variant="subtitle1">{translate('setup.notice.quiet')}</Typography>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
          {translate('setup.notice.quietHelp')}
        </Typography>
        <Box sx={{ display: 'flex', gap: 2, alignItems: 'center', flexWrap: 'wrap', minHeight: 44 }}>
          <FormControlLabel
            control={
              <Toggle
                checked={settings.quiet !== null}
                disabled={readOnly}
                onChange={(_event, on) => setSettings({ ...settings, quiet: on ? NIGHT : null })}
              />
            }
            label={translate('setup.notice.quietOn')}
            sx={{ ml: 0, gap: 0.5 }}
          />
          {settings.quiet && <HoursIn value={settings.quiet} disabled={readOnly} change={(quiet) => setSettings({ ...settings, quiet })} />}
        </Box>
      </Box>
      {!readOnly && (
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', minHeight: 40 }}>
          <Button variant="contained" disabled={busy || !changed} onClick={() => void save()}>
            {translate('setup.kit.save')}
          </Button>
          {changed && (
            <>
              <Button color="inherit" onClick={() => setSettings(company.settings)}>
                {translate('setup.kit.discard')}
              </Button>
              <Typography variant="body2" color="text.secondary">
                {translate('setup.notice.unsavedBar')}
              </Typography>
            </>
          )}
        </Box>
      )}
    </Box>
  );
};

export const HoursIn = (props: {
  value: { from: string; to: string };
  disabled?: boolean;
  change: (value: { from: string; to: string }) => void;
}) => {
  const translate = useTranslate();
  const one = (end: 'from' | 'to') => (
    <TimeField
      size="small"
      label={translate(`setup.notice.${end}`)}
      value={props.value[end]}
      disabled={props.disabled}
      onChange={(event) => event.target.value && props.change({ ...props.value, [end]: event.target.value })}
      slotProps={{ inputLabel: { shrink: true } }}
      sx={{ width: 130 }}
    />
  );
  return (
    <Box sx={{ display: 'flex', gap: 1 }}>
      {one('from')}
      {one('to')}
    </Box>
  );
};
