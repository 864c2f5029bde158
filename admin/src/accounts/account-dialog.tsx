import { Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography, useMediaQuery } from '@mui/material';
import type { Theme } from '@mui/material/styles';
import { useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState, type FormEvent } from 'react';
import { useRefusalText } from '../api/errors';
import { API, httpClient } from '../api/http-client';
import { useAccess } from '../api/session-context';
import type { Account } from '../api/types';
import { FORM_FIELDS } from '../layouts/catalogue';
import { factsOf } from '../layouts/facts-of';
import { RecordFields } from '../layouts/record-fields';
import { useCustomFields, useFormSections } from '../layouts/use-sections';
import { changesOf } from '../leads/page/fields';

/** Amounts come as text where the database keeps every digit. */
const entered = (value: unknown): unknown => (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : (value ?? ''));

interface AccountDialogProps {
  /** Null for a new one. */
  readonly account: Account | null;
  readonly close: () => void;
  readonly saved?: (id: number) => void;
}

/** A company, new or known, by the form laid out for this member. Only what was changed is sent; a masked value never is. */
export const AccountDialog = ({ account, close, saved }: AccountDialogProps) => {
  const translate = useTranslate();
  const access = useAccess();
  const notify = useNotify();
  const refusal = useRefusalText();
  const client = useQueryClient();
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'));
  const sections = useFormSections('accounts');
  const custom = useCustomFields('accounts');
  const [before] = useState<Record<string, unknown>>(() => ({
    ...Object.fromEntries(
      FORM_FIELDS.accounts.map(({ name, input }) => {
        const value = account?.[name as keyof Account];
        return [name, input === 'number' ? entered(value) : (value ?? '')];
      }),
    ),
    ...Object.fromEntries(
      custom.map(({ key, defaultValue }) => [`custom.${key}`, account ? (account.custom?.[key] ?? '') : (defaultValue ?? '')]),
    ),
  }));
  const [draft, setDraft] = useState(before);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const changes = changesOf(before, draft);
    if (!changes) return close();
    setBusy(true);
    setError(null);
    try {
      const { json } = await httpClient<{ id: number }>(`${API}/accounts${account ? `/${account.id}` : ''}`, {
        method: account ? 'PUT' : 'POST',
        body: JSON.stringify(changes),
      });
      await Promise.all([client.invalidateQueries({ queryKey: ['accounts'] }), client.invalidateQueries({ queryKey: ['meta'] })]);
      notify('setup.kit.saved', { type: 'info' });
      saved?.(json.id);
      close();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={close} fullWidth maxWidth="sm" fullScreen={narrow}>
      <form onSubmit={(event) => void submit(event)}>
        <DialogTitle>{account?.name ?? translate('accounts.add')}</DialogTitle>
        <DialogContent>
          <RecordFields
            resource="accounts"
            sections={sections}
            draft={draft}
            onChange={setDraft}
            writable={(name) => access.field('accounts', name) === 'write' && !account?._masked?.includes(name)}
            valueOf={{ now: factsOf('account', draft, account), saved: account ? factsOf('account', {}, account) : null }}
          />
          {Boolean(error) && (
            <Typography role="alert" variant="body2" color="error" sx={{ mt: 1 }}>
              {refusal(error)}
            </Typography>
          )}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={close}>
            {translate('ra.action.cancel')}
          </Button>
          <Button type="submit" variant="contained" disabled={busy || typeof draft['name'] !== 'string' || draft['name'].trim() === ''}>
            {translate('ra.action.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
