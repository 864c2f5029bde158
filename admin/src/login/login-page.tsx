import { Alert, Box, Button, CircularProgress, TextField, Typography } from '@mui/material';
import { useLogin, useTranslate } from 'ra-core';
import { useState, type FormEvent } from 'react';
import { asRefusal } from '../api/errors';
import { useDocumentTitle } from '../common/page';
import { LocaleSwitch, ThemeSwitch } from '../shell/session-actions';
import { Wordmark } from '../theme/wordmark';

/** Strapi answers a wrong password with 400 and no code of ours. */
const messageKey = (error: unknown): string => {
  const { code } = asRefusal(error);
  if (code === 'NETWORK') return 'errors.NETWORK';
  if (code === 'SERVER_ERROR' || code === 'BAD_ANSWER') return 'errors.SERVER_ERROR';
  if (code === 'TOO_MANY_REQUESTS') return 'errors.TOO_MANY_REQUESTS';
  return code === 'FORBIDDEN' || code === 'UNAUTHENTICATED' ? 'login.noMember' : 'login.wrong';
};

export const LoginPage = () => {
  const translate = useTranslate();
  const login = useLogin();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useDocumentTitle(translate('login.title'));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await login({ username: username.trim(), password });
    } catch (error) {
      setProblem(messageKey(error));
      setBusy(false);
    }
  };
  return (
    <Box sx={{ minHeight: '100dvh', display: 'grid', gridTemplateRows: 'auto 1fr', bgcolor: 'background.default', color: 'text.primary' }}>
      <Box sx={{ display: 'flex', justifyContent: 'flex-end', p: 1.5, color: 'text.secondary' }}>
        <LocaleSwitch />
        <ThemeSwitch />
      </Box>
      <Box sx={{ display: 'grid', placeItems: 'center', px: 2, pb: 12 }}>
        <Box sx={{ width: '100%', maxWidth: 360 }}>
          <Wordmark size={36} />
          <Typography color="text.secondary" sx={{ mt: 1, mb: 4 }}>
            {translate('login.tagline')}
          </Typography>
          <Box component="form" onSubmit={(event) => void submit(event)} sx={{ display: 'grid', gap: 2 }}>
            <TextField
              label={translate('login.identifier')}
              value={username}
              onChange={(event) => setUsername(event.target.value)}
              autoComplete="username"
              autoFocus
              required
              fullWidth
              size="medium"
            />
            <TextField
              label={translate('ra.auth.password')}
              type="password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              autoComplete="current-password"
              required
              fullWidth
              size="medium"
            />
            <Box sx={{ minHeight: 44 }}>
              {problem && (
                <Alert severity="error" sx={{ py: 0 }}>
                  {translate(problem)}
                </Alert>
              )}
            </Box>
            <Button type="submit" variant="contained" disabled={busy} size="large" sx={{ height: 44 }}>
              {busy ? <CircularProgress size={20} color="inherit" /> : translate('ra.auth.sign_in')}
            </Button>
          </Box>
        </Box>
      </Box>
    </Box>
  );
};
