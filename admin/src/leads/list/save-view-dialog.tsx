import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  FormControlLabel,
  TextField,
  Typography,
} from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';

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
    <Dialog open onClose={props.onClose} maxWidth="xs" fullWidth>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onSave(name.trim(), shared);
        }}
      >
        <DialogTitle>{props.title}</DialogTitle>
        <DialogContent sx={{ pt: '8px !important' }}>
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
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={props.onClose}>
            {translate('ra.action.cancel')}
          </Button>
          <Button type="submit" variant="contained" disabled={name.trim() === ''}>
            {translate('ra.action.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
