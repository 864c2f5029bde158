import { Alert, Box, Button, CircularProgress, Skeleton, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useLogin, useTranslate } from 'ra-core';
import { useState, type FormEvent } from 'react';
import { useLocation } from 'react-router-dom';
import { asRefusal } from '../api/errors';
import { postJson } from '../api/http-client';
import { useDocumentTitle } from '../common/page';
import { LEAST_PASSWORD } from '../setup/people/new-member';
import { LocaleSwitch, ThemeSwitch } from '../shell/session-actions';
import { Wordmark } from '../theme/wordmark';

/** Whoever was invited chooses a password here and is signed in with it. The token is in the fragment, which no server sees. */
const JoinPage = () => {
  const translate = useTranslate();
  const login = useLogin();
  /** Nobody is signed in here yet: what a refusal says needs no time zone of a member. */
  const refusal = (error: unknown): string => {
    const { code = '', message, details } = asRefusal(error);
    const usual = translate(`errors.${code}`, { ...details, _: message });
    return translate(`setup.refusal.${code}`, { ...details, _: usual });
  };
  const token = useLocation().hash.slice(1);
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  useDocumentTitle(translate('login.join.title'));
  const who = useQuery({
    queryKey: ['join', token],
    queryFn: () => postJson<{ name: string; email: string }>('/join/look', { token }),
    retry: false,
    staleTime: Infinity,
  });
  const isShort = password !== '' && password.length < LEAST_PASSWORD;
  const differs = again !== '' && again !== password;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const { email } = await postJson<{ email: string }>('/join', { token, password });
      await login({ username: email, password }, '/');
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  return (
    <Box sx={{ minHeight: '100dvh', display: 'grid', gridTemplateRows: 'auto 1fr', bgcolor: 'background.default', color: 'text.primary' }}>
      <Box sx={{ display: 'flex', justifyContent: 'flex-end', p: 1.5, color: 'text.secondary' }}>
        <LocaleSwitch />
        <ThemeSwitch />
      </Box>
      <Box component="main" sx={{ display: 'grid', placeItems: 'center', px: 2, pb: 12 }}>
        <Box sx={{ width: '100%', maxWidth: 360 }}>
          <Wordmark size={36} />
          {who.isPending && <Skeleton height={80} sx={{ mt: 2 }} />}
          {who.error && (
            <Alert severity="error" sx={{ mt: 3 }}>
              {refusal(who.error)}
            </Alert>
          )}
          {who.data && (
            <>
              <Typography variant="h6" component="h1" sx={{ mt: 2 }}>
                {translate('login.join.welcome', { name: who.data.name })}
              </Typography>
              <Typography color="text.secondary" sx={{ mb: 3 }}>
                {translate('login.join.hint', { email: who.data.email })}
              </Typography>
              <Box component="form" onSubmit={(event) => void submit(event)} sx={{ display: 'grid', gap: 2 }}>
                <input type="email" autoComplete="username" value={who.data.email} readOnly hidden />
                <TextField
                  label={translate('login.join.password')}
                  type="password"
                  value={password}
                  onChange={(event) => setPassword(event.target.value)}
                  autoComplete="new-password"
                  error={isShort}
                  helperText={translate('login.join.least', { least: LEAST_PASSWORD })}
                  autoFocus
                  required
                  fullWidth
                  size="medium"
                />
                <TextField
                  label={translate('login.join.again')}
                  type="password"
                  value={again}
                  onChange={(event) => setAgain(event.target.value)}
                  autoComplete="new-password"
                  error={differs}
                  helperText={differs ? translate('login.join.differs') : ' '}
                  required
                  fullWidth
                  size="medium"
                />
                {Boolean(problem) && <Alert severity="error">{refusal(problem)}</Alert>}
                <Button
                  type="submit"
                  variant="contained"
                  size="large"
                  sx={{ height: 44 }}
                  disabled={busy || password.length < LEAST_PASSWORD || again !== password}
                >
                  {busy ? <CircularProgress size={20} color="inherit" /> : translate('login.join.go')}
                </Button>
              </Box>
            </>
          )}
        </Box>
      </Box>
    </Box>
  );
};

export default JoinPage;
