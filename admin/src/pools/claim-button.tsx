import ArrowIcon from '@mui/icons-material/ArrowDropDown';
import { Button, ButtonGroup, ListItemText, Menu, MenuItem } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';

/** Claims the ticked leads. Of several in one pool it can also be all of them or none, chosen beside the usual way. */
export const ClaimButton = (props: { count: number; together: boolean; busy: boolean; onClaim: (options: { all: boolean }) => void }) => {
  const translate = useTranslate();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const choose = (all: boolean) => (): void => {
    setAnchor(null);
    props.onClaim({ all });
  };
  const claim = (
    <Button variant="contained" disabled={props.busy} onClick={() => props.onClaim({ all: false })} sx={{ flex: 'none' }}>
      {translate('verbs.claim.count', { smart_count: props.count })}
    </Button>
  );
  if (!props.together || props.count < 2) return claim;
  return (
    <>
      <ButtonGroup variant="contained" disabled={props.busy} sx={{ flex: 'none' }}>
        {claim}
        <Button
          aria-label={translate('pools.together.ways')}
          aria-haspopup="menu"
          aria-expanded={anchor !== null}
          onClick={(event) => setAnchor(event.currentTarget)}
          sx={{ px: 0.5, minWidth: { xs: 40, md: 32 } }}
        >
          <ArrowIcon fontSize="small" />
        </Button>
      </ButtonGroup>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
      >
        {(['some', 'all'] as const).map((way) => (
          <MenuItem key={way} onClick={choose(way === 'all')}>
            <ListItemText primary={translate(`pools.together.${way}`)} secondary={translate(`pools.together.${way}Hint`)} />
          </MenuItem>
        ))}
      </Menu>
    </>
  );
};
