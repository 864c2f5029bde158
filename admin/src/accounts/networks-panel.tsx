import CloseIcon from '@mui/icons-material/Close';
import { Box, Button, IconButton, TextField, Typography } from '@mui/material';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState, type FormEvent } from 'react';
import { useRefusalText } from '../api/errors';
import { getJson, httpClient, postJson, API } from '../api/http-client';
import { useAccess } from '../api/session-context';
import { Panel } from '../common/panel';

interface Range {
  readonly id: number;
  readonly range: string;
  readonly network: string;
}

/** The networks of a company: leads that come from one of them and say nothing else of their company join it. */
export const NetworksPanel = ({ account }: { account: number }) => {
  const translate = useTranslate();
  const access = useAccess();
  const notify = useNotify();
  const refusalText = useRefusalText();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const queryKey = ['account-ranges', account];
  const query = new URLSearchParams({ filter: JSON.stringify({ account }), range: '[0,199]', sort: '["id","ASC"]' });
  const { data = [] } = useQuery({
    queryKey,
    queryFn: ({ signal }) => getJson<Range[]>(`/account-ranges?${query.toString()}`, signal),
  });
  const done = {
    onSuccess: () => client.invalidateQueries({ queryKey }),
    onError: (error: unknown) => notify(refusalText(error), { type: 'error' }),
  };
  const add = useMutation({ mutationFn: (range: string) => postJson('/account-ranges', { account, range }), ...done });
  const remove = useMutation({ mutationFn: (id: number) => httpClient(`${API}/account-ranges/${id}`, { method: 'DELETE' }), ...done });
  // Networks are kept by whoever may keep every account: a record of nobody stands for all.
  const mayAdd = access.can('create', 'accounts', {});
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim()) add.mutate(text.trim(), { onSuccess: () => setText('') });
  };
  if (data.length === 0 && !mayAdd) return null;
  return (
    <Panel title={translate('networks.networks')}>
      {data.length === 0 && (
        <Typography variant="body2" color="text.secondary">
          {translate('networks.networksHint')}
        </Typography>
      )}
      {data.map((one) => (
        <Box key={one.id} sx={{ display: 'flex', alignItems: 'center', minHeight: 32, fontSize: 13, fontVariantNumeric: 'tabular-nums' }}>
          <Box sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }} title={one.range}>
            {one.network}
          </Box>
          {access.can('delete', 'accounts', {}) && (
            <IconButton
              size="small"
              aria-label={translate('networks.removeNetwork', { network: one.network })}
              onClick={() => remove.mutate(one.id)}
            >
              <CloseIcon fontSize="small" />
            </IconButton>
          )}
        </Box>
      ))}
      {mayAdd && (
        <Box component="form" onSubmit={submit} sx={{ display: 'flex', gap: 1, mt: 1 }}>
          <TextField
            label={translate('networks.network')}
            placeholder="203.0.113.0/24"
            value={text}
            onChange={(event) => setText(event.target.value)}
            sx={{ flex: 1 }}
          />
          <Button type="submit" disabled={!text.trim() || add.isPending}>
            {translate('networks.addNetwork')}
          </Button>
        </Box>
      )}
    </Panel>
  );
};
