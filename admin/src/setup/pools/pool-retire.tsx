import { Box, MenuItem, Skeleton, TextField, Typography } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useMeta } from '../../api/session-context';
import { FormDialog } from '../../common/form-dialog';
import { useRefusalWords } from '../kit/refusal-words';
import { usePreview, type PolicyEditing } from '../policy/use-policy';

/** Takes a pool out of use: says what lies in it and is held from it, and asks which pool receives them. */
export const PoolRetire = ({ editing, close }: { editing: PolicyEditing; close: () => void }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalWords('pools');
  const { record } = editing;
  const others = useMeta().pools.filter((pool) => pool.id !== record.id);
  const preview = usePreview('pools', record.id, record.draftChangedAt, true);
  const [to, setTo] = useState<number | ''>('');
  const available = Number(preview.data?.['available'] ?? 0);
  const held = Number(preview.data?.['held'] ?? 0);
  const isNeeded = available + held > 0;
  const target = others.find((pool) => pool.id === to);
  const ready = !editing.busy && !preview.isPending && (target !== undefined || available === 0);
  const retire = async (): Promise<void> => {
    if (!(await editing.retire({ to: target?.id ?? null }))) return;
    notify(target ? translate('pools.retire.done', { pool: target.name }) : 'setup.policy.retiredNow', { type: 'info' });
    close();
  };
  return (
    <FormDialog
      title={translate('pools.retire.title', { name: record.name })}
      refusal={refusal}
      error={editing.error}
      submit={translate(target ? 'pools.retire.go' : 'setup.policy.retire')}
      color="error"
      ready={ready}
      close={close}
      run={retire}
    >
      {preview.isPending ? (
        <Skeleton variant="rounded" height={64} />
      ) : (
        <Box>
          <Typography variant="body2" sx={{ fontWeight: 600 }}>
            {available === 0 ? translate('pools.retire.empty') : translate('pools.retire.lying', { smart_count: available })}{' '}
            {held > 0 && translate('pools.retire.held', { smart_count: held })}
          </Typography>
          <Typography variant="body2" color="text.secondary">
            {translate('setup.policy.retireBack')}
          </Typography>
        </Box>
      )}
      {isNeeded && (
        <TextField
          select
          required={available > 0}
          autoFocus
          label={translate('pools.retire.to')}
          value={to}
          onChange={(event) => setTo(Number(event.target.value))}
          helperText={translate(others.length === 0 ? 'pools.retire.noOther' : 'pools.retire.toHint')}
        >
          {others.map((pool) => (
            <MenuItem key={pool.id} value={pool.id}>
              {pool.name}
            </MenuItem>
          ))}
        </TextField>
      )}
    </FormDialog>
  );
};
