import DarkIcon from '@mui/icons-material/DarkModeOutlined';
import KeyboardIcon from '@mui/icons-material/KeyboardOutlined';
import LightIcon from '@mui/icons-material/LightModeOutlined';
import LogoutIcon from '@mui/icons-material/Logout';
import PersonIcon from '@mui/icons-material/PersonOutlined';
import { Avatar, Box, Button, Divider, IconButton, ListItemIcon, Menu, MenuItem, Tooltip, Typography } from '@mui/material';
import { useTheme as useMuiTheme } from '@mui/material/styles';
import { useLocaleState, useLogout, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useTheme } from 'react-admin';
import { Link } from 'react-router-dom';
import { useMe } from '../api/session-context';
import { asLocale } from '../common/text';
import { openShortcutHelp } from './shortcut-help';

export const LocaleSwitch = () => {
  const [locale, setLocale] = useLocaleState();
  const translate = useTranslate();
  const other = asLocale(locale) === 'zh' ? 'en' : 'zh';
  return (
    <Tooltip title={translate('shell.language')}>
      <Button variant="text" color="inherit" onClick={() => setLocale(other)} sx={{ minWidth: 40, px: 1 }} lang={other}>
        {other === 'zh' ? '中文' : 'EN'}
      </Button>
    </Tooltip>
  );
};

export const ThemeSwitch = () => {
  const translate = useTranslate();
  const [, setTheme] = useTheme();
  const { mode } = useMuiTheme().palette;
  const next = mode === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip title={translate('shell.theme')}>
      <IconButton color="inherit" aria-label={translate('shell.theme')} onClick={() => setTheme(next)}>
        {mode === 'dark' ? <LightIcon fontSize="small" /> : <DarkIcon fontSize="small" />}
      </IconButton>
    </Tooltip>
  );
};

/** Language, light or dark, and the member's own menu. */
export const SessionActions = () => {
  const translate = useTranslate();
  const { member } = useMe();
  const logout = useLogout();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = (): void => setAnchor(null);
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, color: 'text.secondary' }}>
      <LocaleSwitch />
      <ThemeSwitch />
      <IconButton onClick={(event) => setAnchor(event.currentTarget)} aria-label={translate('ra.auth.user_menu')}>
        <Avatar sx={{ width: 28, height: 28, fontSize: 13, fontWeight: 600, bgcolor: 'primary.main', color: 'primary.contrastText' }}>
          {Array.from(member.name)[0]?.toUpperCase()}
        </Avatar>
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close}>
        <Box sx={{ px: 2, py: 1, minWidth: 200 }}>
          <Typography variant="subtitle1">{member.name}</Typography>
          <Typography variant="caption" color="text.secondary" component="div">
            {[member.teamName, member.timeZone].filter(Boolean).join(' · ')}
          </Typography>
        </Box>
        <Divider />
        <MenuItem component={Link} to="/profile" onClick={close}>
          <ListItemIcon>
            <PersonIcon fontSize="small" />
          </ListItemIcon>
          {translate('profile.title')}
        </MenuItem>
        <MenuItem
          onClick={() => {
            close();
            openShortcutHelp();
          }}
        >
          <ListItemIcon>
            <KeyboardIcon fontSize="small" />
          </ListItemIcon>
          {translate('shortcuts.title')}
        </MenuItem>
        <MenuItem onClick={() => void logout()}>
          <ListItemIcon>
            <LogoutIcon fontSize="small" />
          </ListItemIcon>
          {translate('ra.auth.logout')}
        </MenuItem>
      </Menu>
    </Box>
  );
};
