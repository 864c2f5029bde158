import CheckIcon from '@mui/icons-material/CheckCircleOutline';
import WrongIcon from '@mui/icons-material/ErrorOutline';
import {
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Skeleton,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
} from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useMe } from '../../api/session-context';
import { ErrorState } from '../../common/error-state';
import { useLookups } from '../../common/lookups';
import { CopyButton } from '../../setup/kit/copy-button';
import { drops, type Drop } from '../api';
import { sha256 } from './verify';
import { showCount } from '../../i18n/counts';

const Code = ({ label, value }: { label: string; value: string }) => (
  <Box>
    <Typography variant="subtitle2">{label}</Typography>
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
      <Box component="code" sx={{ fontSize: 12, overflowWrap: 'anywhere', flex: 1 }}>
        {value}
      </Box>
      <CopyButton text={value} of={label} />
    </Box>
  </Box>
);

const Check = ({ ok, text }: { ok: boolean; text: string }) => (
  <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', fontSize: 13, color: ok ? 'success.main' : 'error.main' }}>
    {ok ? <CheckIcon fontSize="small" /> : <WrongIcon fontSize="small" />}
    {text}
  </Box>
);

/** Anybody may check the draw: the seed against its published hash in this browser, the result by drawing again on the server. */
const Verify = ({ drop }: { drop: Drop }) => {
  const translate = useTranslate();
  const [asked, setAsked] = useState(false);
  const { data, error } = useQuery({
    queryKey: ['pool-drops', drop.id, 'verify'],
    queryFn: async () => {
      const answer = await drops.verify(drop.id);
      // Outside https there is no WebCrypto; then only the server's word is shown.
      const own = drop.seed && globalThis.crypto?.subtle ? (await sha256(drop.seed)) === drop.seedHash : null;
      return { ...answer, own };
    },
    enabled: asked,
  });
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Code label={translate('pools.drop.hash')} value={drop.seedHash} />
      {drop.seed && <Code label={translate('pools.drop.seed')} value={drop.seed} />}
      <Typography variant="body2" color="text.secondary">
        {translate('pools.drop.how')}
      </Typography>
      <Box>
        <Button variant="outlined" disabled={asked} onClick={() => setAsked(true)}>
          {translate('pools.drop.verify')}
        </Button>
      </Box>
      {error && <ErrorState dense error={error} />}
      {data && (
        <>
          {data.own !== null && <Check ok={data.own} text={translate(data.own ? 'pools.drop.hashOwn' : 'pools.drop.hashWrong')} />}
          <Check ok={data.seedMatchesHash} text={translate(data.seedMatchesHash ? 'pools.drop.hashRight' : 'pools.drop.hashWrong')} />
          <Check ok={data.sameResult} text={translate(data.sameResult ? 'pools.drop.same' : 'pools.drop.notSame')} />
        </>
      )}
    </Box>
  );
};

const Chances = ({ drop }: { drop: Drop }) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const entries = drop.inputs?.entries ?? [];
  const won = new Map<number, number>();
  for (const one of drop.result ?? []) if (one.member !== null) won.set(one.member, (won.get(one.member) ?? 0) + 1);
  if (entries.length === 0) return null;
  return (
    <Box sx={{ overflowX: 'auto' }}>
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>{translate('setup.pool.whoKind.member')}</TableCell>
            <TableCell align="right">{translate('pools.drop.received')}</TableCell>
            <TableCell align="right">{translate('pools.drop.weight')}</TableCell>
            <TableCell align="right">{translate('pools.drop.won')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {entries.map((entry) => (
            <TableRow key={entry.member}>
              <TableCell>{lookups.member(entry.member)}</TableCell>
              <TableCell align="right">{showCount(entry.received)}</TableCell>
              <TableCell align="right">{Math.round(entry.weight * 100) / 100}</TableCell>
              <TableCell align="right">
                {showCount(won.get(entry.member) ?? 0)} / {showCount(entry.max)}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
};

/** What a round gave to whom, with the chances everybody had, and how to check it. */
export const ResultDialog = ({ id, close }: { id: number; close: () => void }) => {
  const translate = useTranslate();
  const me = useMe().member;
  const { data, error, refetch } = useQuery({ queryKey: ['pool-drops', id], queryFn: () => drops.one(id) });
  return (
    <Dialog open onClose={close} fullWidth maxWidth="sm">
      <DialogTitle>{translate('pools.drop.result')}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        {error && <ErrorState dense error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton variant="rounded" height={160} />}
        {data && (
          <>
            <Chances drop={data} />
            <Box role="list" sx={{ maxHeight: 260, overflow: 'auto' }}>
              {data.result?.map((one) => (
                <Box
                  key={one.lead}
                  role="listitem"
                  sx={{
                    display: 'flex',
                    gap: 1,
                    py: 0.5,
                    fontSize: 13,
                    borderBottom: 1,
                    borderColor: 'divider',
                    fontWeight: one.member === me.id ? 650 : 400,
                  }}
                >
                  <Box component={Link} to={`/leads/${one.lead}`} sx={{ flex: 1, color: 'inherit' }}>
                    {translate('pools.fair.lead')} #{one.lead}
                  </Box>
                  <Box sx={{ color: one.member === null ? 'text.secondary' : undefined }}>
                    {one.memberName ?? translate('pools.drop.nobody')}
                  </Box>
                </Box>
              ))}
            </Box>
            {data.mode === 'lottery' && <Verify drop={data} />}
          </>
        )}
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={close}>
          {translate('ra.action.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
