import KeyboardCommandIcon from '@mui/icons-material/KeyboardCommandKey';
import SearchIcon from '@mui/icons-material/Search';
import { Box, Button, InputAdornment, OutlinedInput, Tooltip } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useRef, type FormEvent } from 'react';
import { createSearchParams, useNavigate } from 'react-router-dom';
import { useAccess } from '../api/session-context';
import { useShortcuts } from '../common/shortcuts';
import { Wave } from '../theme/wordmark';
import { LookupIconButton } from '../pools/lookup/lookup-button';
import { LiveDot } from './live';
import { Notices } from './notices-bell';
import { openPalette } from './palette';
import { SessionActions } from './session-actions';

const GlobalSearch = () => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  useShortcuts([{ key: '/', label: 'shortcuts.search', run: () => input.current?.focus() }]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const q = input.current?.value.trim();
    if (!q) return;
    navigate({ pathname: '/leads', search: createSearchParams({ filter: JSON.stringify({ q }) }).toString() });
    if (input.current) input.current.value = '';
    input.current?.blur();
  };
  return (
    <Box component="form" role="search" onSubmit={submit} sx={{ flex: 1, maxWidth: 400 }}>
      <OutlinedInput
        fullWidth
        size="small"
        type="search"
        inputRef={input}
        placeholder={translate('shell.search')}
        inputProps={{ 'aria-label': translate('shell.search') }}
        startAdornment={
          <InputAdornment position="start">
            <SearchIcon fontSize="small" />
          </InputAdornment>
        }
        endAdornment={
          <InputAdornment position="end" sx={{ display: { xs: 'none', md: 'flex' } }}>
            <kbd>/</kbd>
          </InputAdornment>
        }
      />
    </Box>
  );
};

/** The palette for those who do not know its key yet. */
const PaletteButton = () => {
  const translate = useTranslate();
  return (
    <Tooltip title={translate('palette.open')}>
      <Button
        variant="text"
        color="inherit"
        onClick={openPalette}
        aria-label={translate('palette.open')}
        aria-keyshortcuts="Control+K Meta+K"
        sx={{ minWidth: 0, px: 0.75, color: 'text.secondary', flex: 'none', display: { xs: 'none', sm: 'inline-flex' } }}
      >
        <KeyboardCommandIcon sx={{ fontSize: 18, display: { md: 'none' } }} />
        <Box component="span" sx={{ display: { xs: 'none', md: 'inline-flex' } }}>
          <kbd>Ctrl K</kbd>
        </Box>
      </Button>
    </Tooltip>
  );
};

export const TopBar = () => {
  const access = useAccess();
  return (
    <Box
      component="header"
      sx={{
        height: 52,
        flex: 'none',
        display: 'flex',
        alignItems: 'center',
        gap: { xs: 1, sm: 1.5 },
        px: { xs: 2, md: 3 },
        bgcolor: 'background.paper',
        borderBottom: 1,
        borderColor: 'divider',
      }}
    >
      <Box sx={{ display: { xs: 'block', md: 'none' } }}>
        <Wave />
      </Box>
      {access.can('read', 'leads') && <GlobalSearch />}
      <PaletteButton />
      <Box sx={{ flex: { xs: 'none', md: 1 } }} />
      {access.can('read', 'leads') && <LookupIconButton />}
      <LiveDot />
      {access.can('read', 'notifications') && <Notices />}
      <Box sx={{ display: { xs: 'none', md: 'block' } }}>
        <SessionActions />
      </Box>
    </Box>
  );
};
