import MoreIcon from '@mui/icons-material/MoreHoriz';
import { IconButton, Menu, MenuItem } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { EraseDialog } from './erase-dialog';

/** What is rarely done with a lead, out of the way of what is done every day. */
export const MoreMenu = ({ id }: { id: number }) => {
  const translate = useTranslate();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [erasing, setErasing] = useState(false);
  return (
    <>
      <IconButton aria-label={translate('erasure.more')} onClick={(event) => setAnchor(event.currentTarget)}>
        <MoreIcon fontSize="small" />
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        <MenuItem
          sx={{ color: 'error.main' }}
          onClick={() => {
            setAnchor(null);
            setErasing(true);
          }}
        >
          {translate('erasure.action')}
        </MenuItem>
      </Menu>
      {erasing && <EraseDialog ids={[id]} close={() => setErasing(false)} />}
    </>
  );
};
