import { Box, Button } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../api/errors';
import { getJson, postJson } from '../api/http-client';
import { When } from '../common/countdown';
import { Panel } from '../common/panel';
import { useTime } from '../common/time';

interface Merged {
  readonly account: number;
  readonly name: string | null;
  readonly at: string;
  readonly leads: number;
  /** Until then the merge can be taken back. */
  readonly until: string;
  readonly canUndo: boolean;
}

/** Accounts that were merged into this one; each can be taken out again with what it brought. Nothing where there are none. */
export const MergedPanel = ({ account }: { account: number }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const client = useQueryClient();
  const time = useTime();
  const [busy, setBusy] = useState(false);
  const { data = [] } = useQuery({
    queryKey: ['accounts', account, 'merged'],
    queryFn: ({ signal }) => getJson<readonly Merged[]>(`/accounts/${account}/merged`, signal),
  });
  if (data.length === 0) return null;
  const undo = async (one: Merged): Promise<void> => {
    setBusy(true);
    try {
      const { conflicts } = await postJson<{ conflicts: readonly string[] }>(`/accounts/${account}/unmerge`, { account: one.account });
      await client.invalidateQueries();
      notify(conflicts.length > 0 ? 'accounts.merge.undonePartly' : 'accounts.merge.undone', { type: 'info' });
    } catch (error) {
      notify(refusal(error), { type: 'error' });
    }
    setBusy(false);
  };
  return (
    <Panel title={translate('accounts.merge.merged')}>
      {data.map((one) => (
        <Box key={one.account} sx={{ display: 'flex', alignItems: 'center', gap: 1, minHeight: 40, fontSize: 13 }}>
          <Box sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
            <b>{one.name ?? `#${one.account}`}</b>
            <Box sx={{ color: 'text.secondary', fontSize: 12 }}>
              {translate('accounts.merge.leads', { smart_count: one.leads })} · <When at={one.at} /> ·{' '}
              {translate(one.canUndo ? 'accounts.merge.until' : 'accounts.merge.over', { at: time.dateTime(one.until) })}
            </Box>
          </Box>
          {one.canUndo && (
            <Button size="small" disabled={busy} onClick={() => void undo(one)}>
              {translate('accounts.merge.undo')}
            </Button>
          )}
        </Box>
      ))}
    </Panel>
  );
};
