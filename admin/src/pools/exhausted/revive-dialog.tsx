import { MenuItem, TextField } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { useAccess } from '../../api/session-context';
import { exhausted } from '../api';
import { WhyDialog } from '../why-dialog';
import { useBoard } from '../use-board';

/** Brings exhausted leads back by hand: where to, and why it is worth another try. */
export const ReviveDialog = (props: { ids: readonly number[]; close: () => void; done: () => Promise<void> }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const access = useAccess();
  const { data } = useBoard();
  const [pool, setPool] = useState<number | ''>('');
  const targets = (data ?? []).filter(
    (one) => access.can('create', 'pools') || one.rights?.some((right) => ['transfer', 'manage'].includes(right)),
  );
  const bring = async (reason: string): Promise<void> => {
    const { results } = await exhausted.revive({ ids: props.ids, reason, ...(pool !== '' && { pool }) });
    const back = results.filter((result) => result.ok).length;
    const refused = results.find((result) => !result.ok);
    if (back > 0) notify(translate('pools.exhausted.done', { smart_count: back }), { type: 'success' });
    if (refused) notify(refusal(refused), { type: 'warning' });
    await props.done();
  };
  return (
    <WhyDialog
      title={translate('pools.exhausted.backTitle', { smart_count: props.ids.length })}
      hint={translate('pools.exhausted.backHint')}
      why={translate('pools.exhausted.why')}
      submit={translate('pools.exhausted.back')}
      close={props.close}
      run={bring}
      after={
        <TextField
          select
          label={translate('pools.exhausted.into')}
          value={pool}
          onChange={(event) => setPool(event.target.value === '' ? '' : Number(event.target.value))}
          slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
        >
          <MenuItem value="">{translate('pools.exhausted.ownPool')}</MenuItem>
          {targets.map((one) => (
            <MenuItem key={one.id} value={one.id}>
              {one.name}
            </MenuItem>
          ))}
        </TextField>
      }
    />
  );
};
