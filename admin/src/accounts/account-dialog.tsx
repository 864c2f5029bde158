import { useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { API, httpClient } from '../api/http-client';
import { useAccess } from '../api/session-context';
import type { Account } from '../api/types';
import { FormDialog } from '../common/form-dialog';
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
  const client = useQueryClient();
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
  const submit = async (): Promise<void> => {
    const changes = changesOf(before, draft);
    if (!changes) return close();
    const { json } = await httpClient<{ id: number }>(`${API}/accounts${account ? `/${account.id}` : ''}`, {
      method: account ? 'PUT' : 'POST',
      body: JSON.stringify(changes),
    });
    await Promise.all([client.invalidateQueries({ queryKey: ['accounts'] }), client.invalidateQueries({ queryKey: ['meta'] })]);
    notify('setup.kit.saved', { type: 'info' });
    saved?.(json.id);
    close();
  };
  return (
    <FormDialog
      title={account?.name ?? translate('accounts.add')}
      width="sm"
      tall
      submit={translate('ra.action.save')}
      ready={typeof draft['name'] === 'string' && draft['name'].trim() !== ''}
      close={close}
      run={submit}
    >
      <RecordFields
        resource="accounts"
        sections={sections}
        draft={draft}
        onChange={setDraft}
        writable={(name) => access.field('accounts', name) === 'write' && !account?._masked?.includes(name)}
        valueOf={{ now: factsOf('account', draft, account), saved: account ? factsOf('account', {}, account) : null }}
      />
    </FormDialog>
  );
};
