import {
  Alert,
  Box,
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  FormControlLabel,
  TextField,
} from '@mui/material';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState, type ChangeEvent } from 'react';
import { useRefusalText } from '../api/errors';
import { postJson } from '../api/http-client';

interface Answer {
  readonly ranges: number;
  readonly accounts: number;
  readonly problems: readonly { readonly line: number; readonly code: string; readonly message: string }[];
}

const EXAMPLE = 'range,company,domain\n203.0.113.0/24,Acme Ltd,acme.example\n198.51.100.10-198.51.100.20,Globex,globex.example';

/** A table of networks with their companies, pasted or from a file. */
export const NetworksDialog = ({ onClose }: { onClose: () => void }) => {
  const translate = useTranslate();
  const refusalText = useRefusalText();
  const client = useQueryClient();
  const [csv, setCsv] = useState('');
  const [createAccounts, setCreate] = useState(true);
  const send = useMutation({
    mutationFn: () => postJson<Answer>('/account-ranges/import', { csv, createAccounts }),
    onSuccess: () => Promise.all(['accounts', 'account-ranges'].map((name) => client.invalidateQueries({ queryKey: [name] }))),
  });
  const read = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    if (file) void file.text().then(setCsv);
  };
  const answer = send.data;
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm">
      <DialogTitle>{translate('networks.importNetworks')}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 1.5 }}>
        <Box sx={{ fontSize: 13, color: 'text.secondary' }}>{translate('networks.importNetworksHelp')}</Box>
        <TextField
          multiline
          minRows={6}
          maxRows={14}
          label={translate('networks.networkTable')}
          placeholder={EXAMPLE}
          value={csv}
          onChange={(event) => setCsv(event.target.value)}
          slotProps={{ htmlInput: { style: { fontFamily: 'monospace', fontSize: 12.5 } }, inputLabel: { shrink: true } }}
        />
        <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1.5 }}>
          <Button component="label" variant="outlined">
            {translate('networks.chooseFile')}
            <input hidden type="file" accept=".csv,.tsv,.txt,text/csv" onChange={read} />
          </Button>
          <FormControlLabel
            control={<Checkbox checked={createAccounts} onChange={(_event, on) => setCreate(on)} />}
            label={translate('networks.createMissing')}
          />
        </Box>
        {send.error && <Alert severity="error">{refusalText(send.error)}</Alert>}
        {answer && (
          <Alert severity={answer.problems.length > 0 ? 'warning' : 'success'}>
            {translate('networks.networksImported', { ranges: answer.ranges, accounts: answer.accounts })}
            {answer.problems.slice(0, 10).map((problem) => (
              <div key={`${problem.line} ${problem.code}`}>
                {translate('networks.networkLine', {
                  line: problem.line,
                  why: translate(`networks.networkProblem.${problem.code}`, { _: problem.message }),
                })}
              </div>
            ))}
          </Alert>
        )}
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={onClose}>
          {translate(answer ? 'ra.action.close' : 'ra.action.cancel')}
        </Button>
        <Button variant="contained" disabled={!csv.trim() || send.isPending} onClick={() => send.mutate()}>
          {translate('networks.importAction')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
