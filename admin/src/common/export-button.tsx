import DownloadIcon from '@mui/icons-material/FileDownloadOutlined';
import { Button, Menu, MenuItem } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../api/errors';
import { saveFile } from '../api/save-file';
import { useAccess } from '../api/session-context';
import { useFilterValues } from './use-filter-values';

const FORMATS = ['csv', 'xlsx'] as const;

/** The list as a file, with the filter that is set and every field the member may see; for those whose role exports. */
export const ExportButton = ({ resource }: { resource: string }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const access = useAccess();
  const filter = useFilterValues();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [busy, setBusy] = useState(false);
  if (!access.can('export', resource)) return null;
  const save = async (format: (typeof FORMATS)[number]): Promise<void> => {
    setAnchor(null);
    setBusy(true);
    const query = new URLSearchParams({ filter: JSON.stringify(filter), format });
    try {
      await saveFile(`/${resource}/export?${query}`, `${resource}.${format}`);
    } catch (error) {
      notify(refusal(error), { type: 'error' });
    }
    setBusy(false);
  };
  return (
    <>
      <Button
        color="inherit"
        startIcon={<DownloadIcon />}
        disabled={busy}
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ display: { xs: 'none', sm: 'inline-flex' } }}
      >
        {translate('ra.action.export')}
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {FORMATS.map((format) => (
          <MenuItem key={format} onClick={() => void save(format)}>
            {translate(`exports.${format}`)}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
};
