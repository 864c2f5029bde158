import { MenuItem, TextField } from '@mui/material';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { postJson } from '../api/http-client';
import { useMeta } from '../api/session-context';
import type { Named } from '../api/types';
import { useLookups } from '../common/lookups';
import { Note, OTHER, ReasonSelect, VerbDialog, type DialogProps } from './verb-dialogs';

interface ReleaseTargets {
  readonly byRule: readonly (Named & { readonly leads: number })[];
  readonly allowed: readonly Named[];
}

/** Where these leads would go with this reason, and which pools may be named instead. */
const useTargets = (ids: readonly number[], reason: string) =>
  useQuery({
    queryKey: ['release-targets', ids, reason],
    queryFn: async () => (await postJson<{ data: ReleaseTargets }>('/leads/release-targets', { ids, ...(reason && { reason }) })).data,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** Gives leads back to a pool: says where the rules put them, and offers only the pools that may be chosen. “Other” as the reason needs a note. */
export const ReleaseDialog = (props: DialogProps & { ids: readonly number[] }) => {
  const translate = useTranslate();
  const meta = useMeta();
  const lookups = useLookups();
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const [pool, setPool] = useState<number | ''>('');
  const targets = useTargets(props.ids, reason);
  const byRule = targets.data?.byRule ?? [];
  const allowed = targets.data?.allowed ?? [];
  const noteNeeded = reason === OTHER;
  const named = byRule.map((one) =>
    byRule.length > 1 ? translate('pools.release.goesSome', { pool: one.name, count: one.leads }) : one.name,
  );
  const help =
    pool === '' && named.length > 0
      ? translate('pools.release.goes', { pools: named.join(', ') })
      : targets.data && allowed.length === 0
        ? translate('pools.release.onlyRule')
        : ' ';
  return (
    <VerbDialog
      {...props}
      title={translate('verbs.release.title', { smart_count: props.count })}
      submit={translate('verbs.release.action')}
      ready={reason !== '' && (!noteNeeded || note.trim() !== '')}
      body={() => ({ reason, ...(note.trim() && { note: note.trim() }), ...(pool !== '' && { pool }) })}
    >
      <ReasonSelect reasons={lookups.choices(meta.releaseReasons)} value={reason} onChange={setReason} />
      <TextField
        select
        label={translate('verbs.release.pool')}
        value={allowed.some((one) => one.id === pool) ? pool : ''}
        onChange={(event) => setPool(event.target.value === '' ? '' : Number(event.target.value))}
        helperText={help}
        slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
        fullWidth
      >
        <MenuItem value="">{translate('verbs.release.poolByRule')}</MenuItem>
        {allowed.map((option) => (
          <MenuItem key={option.id} value={option.id}>
            {option.name}
          </MenuItem>
        ))}
      </TextField>
      <Note value={note} onChange={setNote} required={noteNeeded} />
    </VerbDialog>
  );
};
