import { Box, Button, FormControlLabel, MenuItem, Switch, TextField, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDataProvider, useLocaleState, useNotify, useTranslate } from 'ra-core';
import type { ConsoleProvider } from '../api/data-provider';
import { useRefusalText } from '../api/errors';
import { API, httpClient } from '../api/http-client';
import { useAccess, useMe } from '../api/session-context';
import { useText } from '../common/text';
import { ToneChip } from '../common/badges';
import { When } from '../common/countdown';
import { PageHeader } from '../common/page';
import { Panel } from '../common/panel';
import { asLocale } from '../common/text';
import { useUndo } from '../leads/undo';

const ZONES = Intl.supportedValuesOf('timeZone');

/** Changes one's own settings; what others see of them arrives with the live stream. */
export const useSaveProfile = (): ((values: Record<string, unknown>) => Promise<void>) => {
  const client = useQueryClient();
  const notify = useNotify();
  const refusalText = useRefusalText();
  return async (values) => {
    try {
      await httpClient<unknown>(`${API}/me`, { method: 'PUT', body: JSON.stringify(values) });
      await client.invalidateQueries({ queryKey: ['me'] });
      notify('profile.saved', { type: 'success' });
    } catch (error) {
      notify(refusalText(error), { type: 'error' });
    }
  };
};

const Line = ({ label, children }: { label: string; children: React.ReactNode }) => (
  <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '110px 1fr', sm: '160px 1fr' }, alignItems: 'center', minHeight: 40, gap: 1 }}>
    <Typography variant="body2" color="text.secondary">
      {label}
    </Typography>
    <Box sx={{ minWidth: 0, fontSize: 14 }}>{children}</Box>
  </Box>
);

/** What one changed lately, each with the way back. */
const RecentChanges = () => {
  const translate = useTranslate();
  const provider = useDataProvider<ConsoleProvider>();
  const undo = useUndo();
  const { data } = useQuery({ queryKey: ['recent-changes'], queryFn: () => provider.recentChanges() });
  return (
    <Panel title={translate('leadTools.recent')}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        {translate(data?.length === 0 ? 'leadTools.recentNone' : 'leadTools.recentHint')}
      </Typography>
      {data?.map((change) => (
        <Box key={change.request} sx={{ display: 'flex', alignItems: 'center', gap: 1.5, minHeight: 40, fontSize: 13.5 }}>
          <Box sx={{ flex: 1, minWidth: 0 }}>
            {translate(`leadTools.kind.${change.kind}`, { _: change.kind })} ·{' '}
            {translate('leadTools.leadCount', { smart_count: change.leads })}
          </Box>
          <Box sx={{ color: 'text.secondary' }}>
            <When at={change.at} />
          </Box>
          {change.undone ? (
            <ToneChip text={translate('leadTools.recentUndone')} />
          ) : (
            <Button size="small" onClick={() => void undo(change.request)}>
              {translate('leadTools.undo')}
            </Button>
          )}
        </Box>
      ))}
    </Panel>
  );
};

/** One's own page: who one is to the product, whether rules give one leads, language and zone, and what one changed lately. */
const ProfilePage = () => {
  const translate = useTranslate();
  const access = useAccess();
  const { member } = useMe();
  const text = useText();
  const save = useSaveProfile();
  const [locale, setLocale] = useLocaleState();
  const online = member.presence === 'online';
  return (
    <>
      <PageHeader title={translate('profile.title')} />
      <Box sx={{ px: { xs: 1.5, md: 3 }, pb: 4, maxWidth: 760, display: 'grid', gap: 2 }}>
        <Panel title={translate('profile.availability')}>
          <FormControlLabel
            control={<Switch checked={online} onChange={(_event, on) => void save({ presence: on ? 'online' : 'offline' })} />}
            label={
              <Box>
                <b>{translate(online ? 'profile.online' : 'profile.offline')}</b>
                <Typography variant="body2" color="text.secondary">
                  {translate(online ? 'profile.onlineHint' : 'profile.offlineHint')}
                </Typography>
              </Box>
            }
          />
        </Panel>
        <Panel title={translate('profile.person')}>
          <Line label={translate('profile.name')}>{member.name}</Line>
          <Line label={translate('profile.email')}>{member.email}</Line>
          <Line label={translate('profile.team')}>{member.teamName ?? '–'}</Line>
          <Line label={translate('profile.roles')}>
            {(member.roleLabels ?? []).map(({ key, label }) => text(label) || key).join(translate('setup.layout.comma')) || '–'}
          </Line>
          <Line label={translate('profile.language')}>
            <TextField
              select
              size="small"
              value={asLocale(locale)}
              onChange={(event) => {
                void setLocale(event.target.value);
                void save({ locale: event.target.value });
              }}
              slotProps={{ htmlInput: { 'aria-label': translate('profile.language') } }}
              sx={{ minWidth: 180 }}
            >
              <MenuItem value="zh">简体中文</MenuItem>
              <MenuItem value="en">English</MenuItem>
            </TextField>
          </Line>
          <Line label={translate('profile.zone')}>
            <TextField
              select
              size="small"
              value={member.timeZone}
              onChange={(event) => void save({ timeZone: event.target.value })}
              slotProps={{ htmlInput: { 'aria-label': translate('profile.zone') }, select: { MenuProps: { sx: { maxHeight: 420 } } } }}
              sx={{ minWidth: 220 }}
            >
              {(ZONES.includes(member.timeZone) ? ZONES : [member.timeZone, ...ZONES]).map((zone) => (
                <MenuItem key={zone} value={zone}>
                  {zone}
                </MenuItem>
              ))}
            </TextField>
          </Line>
        </Panel>
        {access.can('update', 'leads') && <RecentChanges />}
      </Box>
    </>
  );
};

export default ProfilePage;
