import { Checkbox, FormControlLabel, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { FormDialog } from '../../common/form-dialog';

/** Name of a view, and whether colleagues may choose it too. */
export const SaveViewDialog = (props: {
  title: string;
  name?: string;
  shared?: boolean;
  onClose: () => void;
  onSave: (name: string, shared: boolean) => void;
}) => {
  const translate = useTranslate();
  const [name, setName] = useState(props.name ?? '');
  const [shared, setShared] = useState(props.shared ?? false);
  return (
    <FormDialog
      title={props.title}
      submit={translate('ra.action.save')}
      ready={name.trim() !== ''}
      close={props.onClose}
      run={() => props.onSave(name.trim(), shared)}
    >
      <TextField
        label={translate('views.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
        required
        autoFocus
        fullWidth
      />
      <FormControlLabel
        sx={{ mt: 1 }}
        control={<Checkbox size="small" checked={shared} onChange={(event) => setShared(event.target.checked)} />}
        label={translate('leadTools.share')}
      />
      <Typography variant="caption" color="text.secondary" component="div">
        {translate('leadTools.shareHint')}
      </Typography>
    </FormDialog>
  );
};
