import { Box, Button, Checkbox, FormControlLabel, MenuItem, TextField, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { postJson } from '../../api/http-client';
import { FormDialog } from '../../common/form-dialog';
import { useText } from '../../common/text';
import { useRefusalWords } from '../kit/refusal-words';
import type { Option, Usage } from './options-in';

interface MergeProps {
  readonly fieldId: number;
  readonly option: Option;
  readonly others: readonly Option[];
  readonly records: number;
  readonly policies: Usage['policies'];
}

const MergeDialog = ({ fieldId, option, others, records, policies, close }: MergeProps & { close: () => void }) => {
  const translate = useTranslate();
  const text = useText();
  const notify = useNotify();
  const refusal = useRefusalWords('fields');
  const client = useQueryClient();
  const [to, setTo] = useState('');
  const [publish, setPublish] = useState(false);
  const name = text(option.label) || option.value;
  const run = async (): Promise<void> => {
    await postJson(`/fields/${fieldId}/merge-option`, { from: option.value, to, publish });
    notify('setup.field.merging', { type: 'info' });
    void client.invalidateQueries({ queryKey: ['fields'] });
    close();
  };
  return (
    <FormDialog
      title={translate('setup.field.mergeTitle', { option: name })}
      hint={translate('setup.field.mergeHint', { smart_count: records })}
      submit={translate('setup.field.merge')}
      ready={to !== ''}
      careful
      refusal={refusal}
      close={close}
      run={run}
    >
      <TextField select label={translate('setup.field.mergeTarget')} value={to} onChange={(event) => setTo(event.target.value)}>
        {others.map((other) => (
          <MenuItem key={other.value} value={other.value}>
            {text(other.label) || other.value}
          </MenuItem>
        ))}
      </TextField>
      {policies.length > 0 && (
        <Box>
          <Typography variant="body2">{translate('setup.field.mergePolicies', { smart_count: policies.length })}</Typography>
          <Box component="ul" sx={{ my: 0.5, pl: 2.5, fontSize: 13 }}>
            {policies.map((policy) => (
              <li key={`${policy.kind}:${policy.key}`}>{policy.name}</li>
            ))}
          </Box>
          <FormControlLabel
            control={<Checkbox size="small" checked={publish} onChange={(event) => setPublish(event.target.checked)} />}
            label={translate('setup.field.mergePublish')}
          />
          <Typography variant="caption" color="text.secondary" component="p">
            {translate(publish ? 'setup.field.mergePublishHelp' : 'setup.field.mergeDraftHelp')}
          </Typography>
        </Box>
      )}
    </FormDialog>
  );
};

/** Gives all records that have this option another one, after a look at what names it; the option goes when that is done. */
export const MergeInto = (props: MergeProps) => {
  const translate = useTranslate();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)} disabled={props.others.length === 0}>
        {translate('setup.field.mergeInto')}
      </Button>
      {open && <MergeDialog {...props} close={() => setOpen(false)} />}
    </>
  );
};
