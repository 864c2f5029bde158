import { Box, Radio, Skeleton, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useGetMany, useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { postJson } from '../api/http-client';
import { useAccess } from '../api/session-context';
import type { Account } from '../api/types';
import { ErrorState } from '../common/error-state';
import { FormDialog } from '../common/form-dialog';
import { AccountPicker } from '../conditions/account-picker';
import { useAccountFieldWords } from './field-words';

interface Preview {
  readonly leads: number;
  readonly opportunities: number;
  readonly networks: number;
  readonly fields: readonly {
    readonly field: string;
    readonly from: number;
    readonly values: readonly { readonly account: number; readonly value: unknown }[];
  }[];
}

/** Every field both sides know, each value to be chosen by its column. */
const Values = (props: {
  preview: Preview;
  ids: readonly number[];
  names: ReadonlyMap<number, string>;
  chosen: Readonly<Record<string, number>>;
  choose: (field: string, account: number) => void;
}) => {
  const { preview, ids, names, chosen, choose } = props;
  const access = useAccess();
  const words = useAccountFieldWords();
  return (
    <Box sx={{ overflowX: 'auto' }}>
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell />
            {ids.map((id) => (
              <TableCell key={id}>{names.get(id) ?? `#${id}`}</TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {preview.fields.map(({ field, from: usual, values }) => {
            const from = chosen[field] ?? usual;
            return (
              <TableRow key={field} role="radiogroup" aria-label={words.label(field)}>
                <TableCell sx={{ color: 'text.secondary' }}>{words.label(field)}</TableCell>
                {ids.map((id) => {
                  const shown = words.value(field, values.find(({ account }) => account === id)?.value);
                  return (
                    <TableCell key={id} sx={{ fontWeight: from === id ? 600 : 400 }}>
                      <Radio
                        size="small"
                        checked={from === id}
                        disabled={access.field('accounts', field) !== 'write'}
                        onChange={() => choose(field, id)}
                        slotProps={{ input: { 'aria-label': `${words.label(field)}: ${shown || '–'}` } }}
                        sx={{ p: 0.5, ml: -0.5 }}
                      />
                      {shown || '–'}
                    </TableCell>
                  );
                })}
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
    </Box>
  );
};

/** Makes one account of several: choose them, see what moves and which values stay, merge. */
export const MergeDialog = ({ account, close }: { account: Account; close: () => void }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const client = useQueryClient();
  const [losers, setLosers] = useState<readonly number[]>([]);
  const [fields, setFields] = useState<Readonly<Record<string, number>>>({});
  const ids = [account.id, ...losers];
  const chosen = Object.fromEntries(Object.entries(fields).filter(([, id]) => ids.includes(id)));
  const preview = useQuery({
    queryKey: ['accounts', account.id, 'merge-preview', losers, chosen],
    queryFn: () => postJson<Preview>(`/accounts/${account.id}/merge-preview`, { losers, fields: chosen }),
    enabled: losers.length > 0,
    placeholderData: (old) => old,
    retry: false,
  });
  const others = useGetMany<Account>('accounts', { ids: [...losers] }, { enabled: losers.length > 0 });
  const names = new Map([account, ...(others.data ?? []).filter(Boolean)].map((one) => [one.id, one.name]));
  const merge = async (): Promise<void> => {
    await postJson(`/accounts/${account.id}/merge`, { losers, fields: chosen });
    await client.invalidateQueries();
    notify('accounts.merge.done', { type: 'info', messageArgs: { smart_count: losers.length } });
    close();
  };
  return (
    <FormDialog
      title={translate('accounts.merge.title', { name: account.name })}
      hint={translate('accounts.merge.intro')}
      width="md"
      tall
      submit={translate('accounts.merge.action')}
      ready={losers.length > 0 && Boolean(preview.data)}
      close={close}
      run={merge}
    >
      <AccountPicker
        many
        value={[...losers]}
        label={translate('accounts.merge.others')}
        onChange={(value) => setLosers((value as number[]).filter((id) => id !== account.id))}
      />
      {preview.error && <ErrorState dense error={preview.error} retry={() => void preview.refetch()} />}
      {losers.length > 0 && preview.isPending && <Skeleton variant="rounded" height={120} />}
      {losers.length > 0 && preview.data && (
        <>
          <Typography variant="body2" role="status">
            {translate('accounts.merge.moves', {
              leads: preview.data.leads,
              opportunities: preview.data.opportunities,
              networks: preview.data.networks,
            })}
          </Typography>
          <Values
            preview={preview.data}
            ids={ids}
            names={names}
            chosen={chosen}
            choose={(field, id) => setFields({ ...fields, [field]: id })}
          />
        </>
      )}
    </FormDialog>
  );
};
