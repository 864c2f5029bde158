import LookupIcon from '@mui/icons-material/PersonSearchOutlined';
import { Button, IconButton, Tooltip } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useAccess } from '../../api/session-context';
import { openLookup } from './lookup-dialog';

/** Opens the look-up from a page. */
export const LookupButton = () => {
  const translate = useTranslate();
  const access = useAccess();
  if (!access.can('read', 'leads')) return null;
  return (
    <Button variant="outlined" startIcon={<LookupIcon />} onClick={openLookup}>
      {translate('pools.lookup.short')}
    </Button>
  );
};

/** The same in the bar above every page. */
export const LookupIconButton = () => {
  const translate = useTranslate();
  return (
    <Tooltip title={`${translate('pools.lookup.title')} (d)`}>
      <IconButton color="inherit" aria-label={translate('pools.lookup.title')} onClick={openLookup} sx={{ color: 'text.secondary' }}>
        <LookupIcon fontSize="small" />
      </IconButton>
    </Tooltip>
  );
};
